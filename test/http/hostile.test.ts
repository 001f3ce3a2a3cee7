import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Served, serve, serverDefaults } from './served.ts';

const tight = {
  limits: { ...serverDefaults.limits, requestTimeoutMs: 1500, connections: 60, bodyBytes: 100_000 },
};

function open({ url }: Served): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  return socket;
}

/** What the server says until it ends the connection. */
async function everything(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  // Not once(): it fails with the connection, and being reset is an answer too.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

async function isAlive({ url }: Served): Promise<boolean> {
  return (await fetch(`${url}/health`, { headers: { connection: 'close' } })).status === 200;
}

describe('the server stays up and answers others', () => {
  test('while clients send their headers letter by letter; they are cut off', async () => {
    const served = await serve({ posts: 0, settings: tight });
    const sockets = Array.from({ length: 30 }, () => open(served));
    const said = sockets.map(everything);
    const drip = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('X-A: b\r\n');
    }, 100);
    for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nHost: x\r\n');
    expect(await isAlive(served)).toBe(true);
    const answers = await Promise.all(said);
    clearInterval(drip);
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 408'))).toHaveLength(30);
    expect(await isAlive(served)).toBe(true);
  });

  test('while more connections hang open than it takes', async () => {
    const served = await serve({ posts: 0, settings: tight });
    const sockets = Array.from({ length: 300 }, () => open(served));
    await Promise.all(sockets.map((socket) => (socket.connecting ? once(socket, 'connect') : null)));
    expect(await isAlive(served)).toBe(true);
    await Promise.all(sockets.map((socket) => (socket.destroyed ? null : once(socket.resume(), 'close'))));
    expect(await isAlive(served)).toBe(true);
  });

  test('when a body is announced as a gigabyte, or does not end', async () => {
    const served = await serve({ posts: 0, settings: tight });
    const token = await served.key(['run']);
    const head = `POST /v1/posts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    // Whoever goes on writing may be reset before it has read why.
    const refused = /^(?:HTTP\/1\.1 413 |$)/;
    const announced = open(served);
    announced.write(`${head}Content-Length: 1073741824\r\n\r\n`);
    const filling = setInterval(() => announced.destroyed || announced.write('a'.repeat(65_536)), 5);
    expect(await everything(announced)).toMatch(refused);
    clearInterval(filling);
    const endless = open(served);
    endless.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    const chunks = setInterval(
      () => endless.destroyed || endless.write(`4000\r\n${'a'.repeat(16_384)}\r\n`),
      5,
    );
    expect(await everything(endless)).toMatch(refused);
    clearInterval(chunks);
    expect(await isAlive(served)).toBe(true);
  });

  test('when headers are a bomb', async () => {
    const served = await serve({ posts: 0, settings: tight });
    const socket = open(served);
    socket.write(`GET /health HTTP/1.1\r\nHost: x\r\n${`X-Bomb: ${'a'.repeat(1000)}\r\n`.repeat(100)}\r\n`);
    const answer = await everything(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('urn:signal-harvester:problem:headers-too-large');
    expect(await isAlive(served)).toBe(true);
  });

  test('when junk follows a request on the same connection: nothing behind the junk is answered', async () => {
    const served = await serve({ posts: 0, settings: tight });
    const good = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
    const junk = '\x00\x16\x03\x01 nonsense\r\n\r\n';
    const apart = open(served);
    const answer = everything(apart);
    apart.write(good);
    await once(apart, 'data');
    apart.write(junk + good);
    expect((await answer).match(/HTTP\/1\.1 (\d+)/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
    const together = open(served);
    together.write(good + junk + good);
    expect((await everything(together)).match(/HTTP\/1\.1 200/g) ?? []).toHaveLength(0);
    expect(await isAlive(served)).toBe(true);
  });

  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['a folded header', 'X-A: b\r\n c\r\n'],
  ])('and smuggles no request in by %s', async (_what, headers) => {
    const served = await serve({ posts: 0, settings: tight });
    const socket = open(served);
    socket.write(
      `POST /v1/posts HTTP/1.1\r\nHost: x\r\n${headers}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    socket.end();
    expect((await everything(socket)).match(/HTTP\/1\.1 200/g)).toBe(null);
  });

  test('refuses an address that is too long with a problem', async () => {
    const { ask } = await serve({ posts: 0 });
    const { status, body } = await ask('GET', `/v1/top?x=${'a'.repeat(9000)}`);
    expect([status, body.type]).toEqual([414, 'urn:signal-harvester:problem:address-too-long']);
  });
});
