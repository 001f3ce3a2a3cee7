import { expect, test } from 'vitest';
import { sampleOccurrence } from '../errors-sample.ts';
import { serve, startOfTest } from './served.ts';

test('errors are listed, resolved and reopened with the scope admin, each change audited', async () => {
  const { ask, key, store } = await serve({ posts: 0 });
  await store.addErrors(
    'batch-one',
    [sampleOccurrence(1, startOfTest - 5), sampleOccurrence(2, startOfTest - 3)],
    startOfTest,
  );
  const list = await ask('GET', '/v1/errors?state=open');
  expect(list.status).toBe(200);
  expect(list.body.errors.map(({ message }: { message: string }) => message)).toEqual(['error 2', 'error 1']);
  const id = list.body.errors[0].id;
  expect((await ask('GET', `/v1/errors/${id}`)).body).toEqual(list.body.errors[0]);
  expect((await ask('POST', `/v1/errors/${id}/resolve`)).body).toMatchObject({ id, state: 'resolved' });
  expect((await ask('POST', `/v1/errors/${id}/reopen`)).body).toMatchObject({ id, state: 'open' });
  expect((await ask('GET', '/v1/errors/999')).body).toMatchObject({ status: 404 });
  expect((await ask('POST', '/v1/errors/999/resolve')).status).toBe(404);
  const { body } = await ask('GET', '/v1/audit?actor=boss');
  expect(body.entries.map(({ action }: { action: string }) => action)).toEqual([
    'errors.reopen',
    'errors.resolve',
  ]);
  const reader = await key(['run', 'triage']);
  expect((await ask('GET', '/v1/errors', { token: reader })).status).toBe(403);
  expect((await ask('POST', `/v1/errors/${id}/resolve`, { token: reader })).status).toBe(403);
  const metrics = (await ask('GET', '/metrics')).text;
  expect(metrics).toContain('signal_harvester_errors_total{type="TypeError"} 2');
  expect(metrics).toContain('signal_harvester_error_groups{state="open"} 2');
});

test('a request that fails as nobody expected is captured, by its route and never by what it asked for', async () => {
  const steps: string[] = [];
  const { ask, harvester } = await serve({
    posts: 0,
    recorder: {
      crumb: (kind, text) => void steps.push(`${kind} ${text}`),
      capture: (error, origin) => void steps.push(`${origin}: ${String(error)}`),
    },
  });
  Object.assign(harvester.errors, { list: () => Promise.reject(new RangeError('out of range')) });
  expect((await ask('GET', '/v1/errors?limit=7')).status).toBe(500);
  expect((await ask('GET', '/v1/nothing?q=planted')).status).toBe(404);
  expect(steps).toEqual(['request GET /v1/errors', 'request: RangeError: out of range', 'request GET none']);
});
