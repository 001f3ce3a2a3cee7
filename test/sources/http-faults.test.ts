import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../source/ports/clock.ts';
import { leapingClock, never, serve, serveBody, testClient } from './loopback.ts';

const get = { signal: never };

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

  test('after a redirect, the host that failed is the one that is named', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://gone.invalid/' }).end(),
    );
    await expect(testClient().get(url, get)).rejects.toMatchObject({
      code: 'unreachable-host',
      message: expect.stringContaining('gone.invalid'),
    });
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

  test('a chain of slow redirects shares one time limit', async () => {
    const { url, requests } = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: `/${requests.length}` }).end(), 150);
    });
    const client = testClient({ timeoutMs: 400, maxRedirects: 20, retries: 0 });
    await expect(client.get(url, get)).rejects.toMatchObject({ code: 'timeout' });
    expect(requests.length).toBeLessThanOrEqual(4);
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

  test('a plain server that is asked for https is an error in words', async () => {
    const { url } = await serveBody('x');
    await expect(testClient().get(url.replace('http:', 'https:'), get)).rejects.toMatchObject({
      code: 'bad-certificate',
      message: expect.stringContaining('does not speak https'),
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
