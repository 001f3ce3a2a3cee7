import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../source/ports/clock.ts';
import { leapingClock, never, serve, serveBody, testClient } from './loopback.ts';

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
  ])('a truncated %s body is an error in words, and is not tried again', async (encoding, body) => {
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body.subarray(0, body.length / 2)),
    );
    await expect(testClient().get(url, get)).rejects.toMatchObject({
      code: 'bad-answer',
      message: expect.stringContaining('breaks off'),
    });
    expect(requests).toHaveLength(1);
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

describe('hosts that fail', () => {
  test('an unknown host name is told apart and not tried again', async () => {
    const lookups: string[] = [];
    const client = testClient({}, leapingClock(), {
      lookup: (host, _options, callback) => {
        lookups.push(host);
        callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
      },
    });
    await expect(client.get('http://feeds.example.com/', get)).rejects.toMatchObject({
      code: 'unreachable-host',
      message: 'feeds.example.com is not known: no such host name',
      exitCode: 4,
    });
    expect(lookups).toHaveLength(1);
  });

  test('a closed port is unreachable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(testClient().get(`http://127.0.0.1:${port}/`, get)).rejects.toMatchObject({
      code: 'unreachable-host',
    });
  });

  test.each([
    ['that accepts and says nothing', () => {}],
    [
      'whose body drips a byte at a time',
      (_request: unknown, response: import('node:http').ServerResponse) => {
        const timer = setInterval(() => response.write('a'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('a host %s runs into the time limit of the whole request', async (_name, handler) => {
    const { url, requests } = await serve(handler);
    const startedAt = performance.now();
    await expect(testClient({ timeoutMs: 300 }).get(url, get)).rejects.toMatchObject({
      code: 'timeout',
      message: `${new URL(url).host} did not answer within 0.3 s`,
    });
    // One retry: a timeout has already cost its whole time.
    expect(requests).toHaveLength(2);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('a connection cut midway is tried again, and the whole body arrives', async () => {
    const { url, requests } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345');
      if (requests.length === 1) setTimeout(() => response.destroy(), 20);
      else response.end('67890');
    });
    expect((await testClient().get(url, get)).body.toString()).toBe('1234567890');
    expect(requests).toHaveLength(2);
  });

  test('a connection that is always cut is an error in words', async () => {
    const { url, requests } = await serve((request) => request.socket.destroy());
    await expect(testClient({ retries: 2 }).get(url, get)).rejects.toMatchObject({ code: 'connection-lost' });
    expect(requests).toHaveLength(3);
  });

  test('a server that does not speak HTTP is an error in words', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await expect(testClient().get(`http://127.0.0.1:${port}/`, get)).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });

  test('what is not a web address is refused at once', async () => {
    for (const address of ['ftp://example.com/x', 'javascript:alert(1)', 'feeds.example.com', '']) {
      await expect(testClient().get(address, get)).rejects.toMatchObject({ code: 'bad-address' });
    }
  });
});

describe('stopping', () => {
  test('an abort ends a request under way with its own reason', async () => {
    const { url } = await serve(() => {});
    const stop = new AbortController();
    const pending = testClient().get(url, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(pending).rejects.toThrow('enough');
  });

  test('an abort ends a wait for a retry', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(503, { 'retry-after': '30' }).end(),
    );
    const stop = new AbortController();
    const pending = testClient({}, systemClock).get(url, {
      signal: stop.signal,
      onNotice: () => stop.abort(new Error('enough')),
    });
    await expect(pending).rejects.toThrow('enough');
  });

  test('an abort ends a wait for a turn, and the next in line still gets one', async () => {
    const held: (() => void)[] = [];
    const { url } = await serve((_request, response) => void held.push(() => response.end('ok')));
    const client = testClient({ perHostConcurrency: 1 });
    const stop = new AbortController();
    const first = client.get(`${url}/1`, get);
    const second = client.get(`${url}/2`, { signal: stop.signal });
    const third = client.get(`${url}/3`, get);
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await expect.poll(() => held.length).toBe(1);
    held[0]?.();
    await first;
    await expect.poll(() => held.length).toBe(2);
    held[1]?.();
    expect((await third).body.toString()).toBe('ok');
  });

  test('an aborted signal sends nothing', async () => {
    const { url, requests } = await serveBody('x');
    await expect(testClient().get(url, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(requests).toHaveLength(0);
  });
});
