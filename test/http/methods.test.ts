import { describe, expect, test } from 'vitest';
import { serve } from './served.ts';

describe('a method that an address has not', () => {
  test('is refused with those that it has, whatever the body', async () => {
    const { ask } = await serve({ posts: 1 });
    const problem = { type: 'urn:signal-harvester:problem:method-not-allowed', status: 405 };
    for (const [method, path, allowed] of [
      ['POST', '/v1/top', 'GET, HEAD, OPTIONS'],
      ['DELETE', '/v1/signals/1', 'GET, HEAD, OPTIONS, PATCH'],
      ['PUT', '/v1/signals/bulk', 'OPTIONS, POST'],
      ['POST', '/health', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const answer = await ask(method, path, { headers: { 'content-type': 'text/xml' } });
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allowed]);
      expect(answer.body).toMatchObject(problem);
    }
    expect((await ask('POST', '/v1/nothing', { body: {} })).status).toBe(404);
  });

  test('OPTIONS says which there are, to whoever may read; HEAD is GET without its body', async () => {
    const { ask, key } = await serve({ posts: 1 });
    const token = await key(['read']);
    const options = await ask('OPTIONS', '/v1/signals/1', { token });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, PATCH']);
    expect((await ask('OPTIONS', '/v1/nothing', { token })).status).toBe(404);
    expect((await ask('OPTIONS', '/v1/signals', { token: null })).status).toBe(401);
    const get = await ask('GET', '/v1/signals', { token });
    const head = await ask('HEAD', '/v1/signals', { token });
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['etag', 'content-length', 'content-type']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });

  test('a browser may ask before it sends, without a key, from a site that is named', async () => {
    const { ask } = await serve({ posts: 0, settings: { corsOrigins: ['https://app.example'] } });
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization',
    };
    const answer = await ask('OPTIONS', '/v1/signals/1', { token: null, headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
  });
});
