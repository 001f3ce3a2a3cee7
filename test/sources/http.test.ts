import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { never, serve, serveBody, testClient } from './loopback.ts';

const get = { signal: never };

describe('what an answer holds', () => {
  test('status, headers in any case, final address and body come back', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'X-Thing': 'yes' }).end('hello'),
    );
    const answer = await testClient().get(`${url}/a#fragment`, get);
    expect(answer.status).toBe(200);
    expect(answer.header('x-THING')).toBe('yes');
    expect(answer.header('absent')).toBeNull();
    expect(answer.url).toBe(`${url}/a`);
    expect(answer.body.toString()).toBe('hello');
  });

  test('a request says who it is and what it can decompress', async () => {
    const { url } = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const answer = await testClient({ userAgent: 'me (+https://example.com)' }).get(url, {
      ...get,
      headers: { 'User-Agent': 'somebody else', Accept: 'text/xml' },
    });
    const sent = JSON.parse(answer.body.toString());
    expect(sent['user-agent']).toBe('me (+https://example.com)');
    expect(sent['accept-encoding']).toBe('gzip, deflate, br');
    expect(sent.accept).toBe('text/xml');
  });

  test('connections are kept and used again', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const client = testClient();
    for (let turn = 0; turn < 5; turn += 1) await client.get(url, get);
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test('a 304 is an answer, and other refusals are not unless accepted', async () => {
    const { url } = await serve((request, response) =>
      response.writeHead(request.url === '/304' ? 304 : 422).end('why'),
    );
    const client = testClient();
    expect((await client.get(`${url}/304`, get)).status).toBe(304);
    await expect(client.get(`${url}/422`, get)).rejects.toMatchObject({ code: 'http-status' });
    const accepted = await client.get(`${url}/422`, { ...get, accept: [422] });
    expect(accepted.body.toString()).toBe('why');
  });

  test('credentials in the address become a header and never appear again', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/no') response.writeHead(404).end();
      else response.end(request.headers.authorization);
    });
    const secret = url.replace('http://', 'http://ann:p%40ss@');
    const answer = await testClient().get(secret, get);
    expect(answer.body.toString()).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
    expect(answer.url).not.toContain('ann');
    await expect(testClient().get(`${secret}/no`, get)).rejects.not.toThrow(/ann|p%40ss/);
  });
});

describe('compression', () => {
  const text = 'hello '.repeat(2_000);
  const cases: [string, string, Buffer][] = [
    ['gzip', 'gzip', gzipSync(text)],
    ['zlib deflate', 'deflate', deflateSync(text)],
    ['raw deflate', 'deflate', deflateRawSync(text)],
    ['brotli', 'br', brotliCompressSync(text)],
    ['two codings on top of each other', 'gzip, br', brotliCompressSync(gzipSync(text))],
    ['plain text that claims to be gzip', 'gzip', Buffer.from(text)],
  ];
  test.each(cases)('%s is undone', async (_name, encoding, body) => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    expect((await testClient().get(url, get)).body.toString()).toBe(text);
  });

  test.each([
    ['gzip', gzipSync(Array.from({ length: 5_000 }, (_, at) => `${at * 7919}`).join())],
    ['br', brotliCompressSync(Array.from({ length: 5_000 }, (_, at) => `${at * 7919}`).join())],
  ])('a truncated %s body is an error in words, and is tried again once', async (encoding, body) => {
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body.subarray(0, body.length / 2)),
    );
    await expect(testClient().get(url, get)).rejects.toMatchObject({
      code: 'bad-answer',
      message: expect.stringContaining('breaks off'),
    });
    expect(requests).toHaveLength(2);
  });

  test('a decompression bomb is stopped at the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const before = process.memoryUsage().rss;
    await expect(testClient({ maxBytes: 1_048_576 }).get(url, get)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('1 MiB'),
      fix: expect.stringContaining('http.maxBytes'),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test('a body of exactly the cap is read, one byte more is refused', async () => {
    const { url } = await serveBody(Buffer.alloc(2_048));
    expect((await testClient({ maxBytes: 2_048 }).get(url, get)).body.length).toBe(2_048);
    await expect(testClient({ maxBytes: 2_047 }).get(url, get)).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('redirects', () => {
  test('are followed, relative ones too, and the final address is told', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(301, { location: 'b' }).end();
      else if (request.url === '/b') response.writeHead(308, { location: '/c?x=1' }).end();
      else response.end('there');
    });
    const answer = await testClient().get(`${url}/a`, get);
    expect([answer.url, answer.body.toString()]).toEqual([`${url}/c?x=1`, 'there']);
  });

  test('a circle is named as one', async () => {
    const { url, requests } = await serve((request, response) =>
      response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end(),
    );
    await expect(testClient().get(`${url}/a`, get)).rejects.toMatchObject({
      code: 'redirect-loop',
      message: expect.stringContaining('in a circle'),
    });
    expect(requests).toEqual(['/a', '/b']);
  });

  test('an endless chain ends at the cap', async () => {
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(302, { location: `/${Math.random()}` }).end(),
    );
    await expect(testClient({ maxRedirects: 3 }).get(url, get)).rejects.toMatchObject({
      code: 'redirect-loop',
    });
    expect(requests).toHaveLength(4);
  });

  test('secrets do not follow to another host, validators do', async () => {
    const other = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const { url } = await serve((_request, response) =>
      response.writeHead(302, { location: other.url }).end(),
    );
    const headers = {
      authorization: 'Bearer secret',
      'x-api-key': 'secret',
      cookie: 'secret',
      'if-none-match': '"1"',
    };
    const answer = await testClient().get(url, { ...get, headers });
    expect(answer.body.toString()).not.toContain('secret');
    expect(JSON.parse(answer.body.toString())['if-none-match']).toBe('"1"');
  });

  test('a redirect to something that is not the web is refused', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    await expect(testClient().get(url, get)).rejects.toMatchObject({ code: 'bad-address' });
  });
});
