import { expect, test } from 'vitest';
import { serve, startOfTest } from './served.ts';

test('what is used is told to an administrator, with whether any of it is sent', async () => {
  const { ask, key } = await serve({ posts: 0 });
  expect((await ask('GET', '/v1/usage', { token: await key(['read']) })).status).toBe(403);
  const { status, body } = await ask('GET', '/v1/usage?days=7', { token: await key(['admin']) });
  expect([status, body.usage]).toEqual([200, []]);
  expect(body.status).toMatchObject({ recording: false, sending: false, collector: null, consent: null });
});

test('requests are counted by their pattern, never by what was searched for', async () => {
  const { ask, key, harvester, server } = await serve({ posts: 3, counting: true });
  const token = await key(['admin']);
  await ask('GET', '/v1/signals?search=planted', { token });
  await ask('GET', '/v1/signals/1', { token });
  await ask('GET', '/v1/signals/2', { token });
  await ask('GET', '/planted', { token });
  const { body } = await ask('GET', '/v1/usage', { token });
  const counts = body.usage.map(({ name, count }: { name: string; count: number }) => [name, count]);
  expect(counts).toEqual([
    ['GET /v1/signals', 1],
    ['GET /v1/signals/:id', 2],
  ]);
  expect(body.usage[0].day).toBe(Math.floor(startOfTest / 86_400_000) * 86_400_000);
  await server.close(1_000);
  expect((await harvester.usage.list(0)).map(({ name }) => name)).toContain('GET /v1/usage');
});
