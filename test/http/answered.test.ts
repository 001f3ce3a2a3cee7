import { describe, expect, test, vi } from 'vitest';
import { serve } from './served.ts';

interface RequestLine {
  readonly msg: string;
  readonly requestId: string;
  readonly status: number;
}

function requestLines(log: readonly string[]): readonly RequestLine[] {
  return log.map((line) => JSON.parse(line) as RequestLine).filter(({ msg }) => msg === 'request');
}

describe('requests that were answered', () => {
  test('are in the log each, with who asked and without what was searched for', async () => {
    const { ask, key, log } = await serve({ posts: 5 });
    const token = await key(['read'], 'screen');
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `test-${id}`);
    const asked = ids.map((id) =>
      ask('GET', '/v1/signals?search=acme', { token, headers: { 'x-request-id': id } }),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(ids.map(() => 200));
    await ask('GET', '/v1/nothing', { headers: { 'x-request-id': 'test-last' } });
    // Told once the turn of the event loop is over.
    await new Promise((resolve) => setTimeout(resolve, 10));
    const lines = requestLines(log);
    expect(lines.map(({ requestId }) => requestId).toSorted()).toEqual([...ids, 'test-last'].toSorted());
    expect(lines.find(({ requestId }) => requestId === 'test-c')).toMatchObject({
      level: 30,
      method: 'GET',
      route: '/v1/signals',
      status: 200,
      ms: expect.any(Number),
      key: token.split('_')[1],
      actor: 'screen',
      address: '127.0.0.1',
    });
    expect(lines.find(({ requestId }) => requestId === 'test-last')).toMatchObject({
      route: 'none',
      status: 404,
    });
    expect(JSON.stringify(lines)).not.toContain('acme');
  });

  test('are in the log once, as 499, when whoever asked left before the answer ended', async () => {
    const { url, key, log } = await serve();
    const headers = { authorization: `Bearer ${await key(['read'], 'screen')}`, 'x-request-id': 'test-left' };
    const leaving = new AbortController();
    const stream = await fetch(`${url}/v1/events`, { headers, signal: leaving.signal });
    expect(stream.status).toBe(200);
    expect(requestLines(log)).toEqual([]);
    leaving.abort();
    await vi.waitFor(() => expect(requestLines(log)).not.toEqual([]));
    expect(requestLines(log)).toMatchObject([
      { requestId: 'test-left', route: '/v1/events', status: 499, actor: 'screen' },
    ]);
  });

  test('are counted once each by the figures and by usage, also when the server ends right after them', async () => {
    const { ask, server, harvester } = await serve({ posts: 5, counting: true });
    await Promise.all(Array.from({ length: 7 }, () => ask('GET', '/v1/top')));
    await server.close(1000);
    expect(await server.metrics.registry.metrics()).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/top",status="200"\} 7\n/,
    );
    expect(await harvester.usage.list(0)).toContainEqual(
      expect.objectContaining({ kind: 'route', name: 'GET /v1/top', count: 7 }),
    );
  });
});
