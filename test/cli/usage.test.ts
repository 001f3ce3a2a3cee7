import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeWorkplace } from './program.ts';

test('commands and runs are counted here; a collector gets nothing without consent, and nothing under DO_NOT_TRACK', async () => {
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    got.push(body);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const config = `store: { path: s.sqlite }\nusage: { collectorUrl: "${url}" }\n`;
  const place = makeWorkplace({ 'config.yaml': config });
  const json = async (args: readonly string[], env = {}) =>
    JSON.parse((await place.run([...args, '--json'], { env })).stdout);
  const input = '{"id":"1","text":"plantedpost is down"}\n';
  expect((await place.run(['import', '-', '--name', 'plantedsource'], { input })).code).toBe(0);
  await place.run(['list', 'plantedsearch'], { env: { DO_NOT_TRACK: '1' } });
  await place.run(['list', 'plantedsearch']);

  const shown = await json(['usage', 'show']);
  expect(shown.status).toMatchObject({ recording: true, sending: false, consent: null });
  expect(shown.usage.map(({ kind, name, count }: Record<string, unknown>) => [kind, name, count])).toEqual([
    ['command', 'import', 1],
    ['command', 'list', 1],
    ['run', 'done', 1],
  ]);
  expect((await place.run(['usage', 'send'])).code).toBe(2);
  expect((await json(['usage', 'consent', '--yes'])).status.sending).toBe(true);
  const quiet = await place.run(['usage', 'show'], { env: { DO_NOT_TRACK: '1' } });
  expect(quiet.stderr).toContain('DO_NOT_TRACK is set: nothing is counted and nothing is sent.');
  expect((await place.run(['usage', 'send'], { env: { DO_NOT_TRACK: '1' } })).code).toBe(2);
  expect(got).toEqual([]);
  // Today is not over, so there is nothing to send yet; the message shows that it would be empty.
  expect((await json(['usage', 'send'])).days).toBe(0);
  expect((await json(['usage', 'show', '--payload'])).days).toEqual([]);

  const csv = (await place.run(['usage', 'export', '--format', 'csv'])).stdout;
  expect(csv).toMatch(/^day,kind,name,count,totalMs\r\n\d{4}-\d\d-\d\d,command,import,1,\d+\r\n/);
  expect(csv).not.toContain('planted');
  expect((await place.run(['usage', 'forget'])).code).toBe(2);
  expect((await json(['usage', 'forget', '--force'])).removed).toBe(3);
  expect(await json(['usage', 'export'])).toEqual([]);
});
