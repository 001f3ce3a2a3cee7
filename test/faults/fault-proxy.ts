import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { randomFrom } from './random.ts';

/**
 * What can befall a request.
 *
 * `corrupt` spoils bytes in ways that a reader can notice: inside of gzip,
 * which carries a checksum, or as bytes that no JSON may hold. A letter that
 * turns into another letter is not among them: without TLS nothing in HTTP
 * tells it from what was meant.
 */
export const faults = [
  /** The connection is closed before the service hears of the request. */
  'drop',
  /** The service took the request; its answer is lost. */
  'lost',
  /** The answer comes late. */
  'delay',
  /** The answer comes later than anybody waits. */
  'stall',
  /** The answer comes byte by byte, slower than anybody waits. */
  'drip',
  'corrupt',
  'server-error',
  /** 200 and a page of somebody else: a portal that wants a login. */
  'foreign-page',
  /** 429 with a short Retry-After. */
  'rate-limit',
  /** Content-Length is more than what comes. */
  'too-long',
  /** Content-Length is less than what comes. */
  'too-short',
  /** The connection is reset in the middle of the body. */
  'reset',
  /** A chunked body that ends without its last chunk. */
  'cut-chunked',
] as const;
export type Fault = (typeof faults)[number];

export interface FaultPlan {
  /** Of all requests, how many meet a fault, 0 to 1. */
  readonly share?: number;
  /** With the same seed the same faults come in the same order. */
  readonly seed?: number;
  /** Those that are drawn; all by default. */
  readonly among?: readonly Fault[];
  /** Longest time of `delay`, milliseconds. */
  readonly delayMs?: number;
  /** How long `stall` and `drip` hold a request: more than the client waits. Milliseconds. */
  readonly stallMs?: number;
}

/** Stands on loopback before one HTTP service and lets things go wrong. */
export interface FaultProxy {
  readonly url: string;
  /** What the next requests meet, in order, before anything is drawn; null is nothing. */
  readonly next: (Fault | null)[];
  /** How often each fault came. */
  readonly met: Map<Fault, number>;
  readonly requests: number;
  /** From now on nothing goes wrong; what is held is let go. */
  quiet(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export async function openFaultProxy(target: string, plan: FaultPlan = {}): Promise<FaultProxy> {
  const { share = 0, seed = 1, among = faults, delayMs = 50, stallMs = 1_000 } = plan;
  const random = randomFrom(seed);
  const next: (Fault | null)[] = [];
  const met = new Map<Fault, number>();
  const held = new Set<() => void>();
  const sockets = new Set<Socket>();
  let isQuiet = false;
  let requests = 0;

  /** Resolves after so long, or at once when the proxy becomes quiet. */
  const hold = (ms: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        held.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      held.add(end);
    });

  function draw(): Fault | null {
    const scripted = next.shift();
    if (scripted !== undefined || isQuiet) return scripted ?? null;
    // Two numbers each time, so that a changed share leaves the kinds in their order.
    const [lot, kind] = [random(), random()];
    return lot < share ? (among[Math.floor(kind * among.length)] ?? null) : null;
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = draw();
    if (fault !== null) met.set(fault, (met.get(fault) ?? 0) + 1);
    if (fault === 'drop') return void request.socket.destroy();
    const body = await wholeBody(request);
    if (fault === 'server-error')
      return void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Busy</h1>');
    if (fault === 'foreign-page')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
    if (fault === 'rate-limit') return void response.writeHead(429, { 'retry-after': '1' }).end('slow down');
    const answer = await forward(target, request, body);
    if (fault === 'delay') await hold(random() * delayMs);
    if (fault === 'stall') {
      await hold(stallMs);
      return void request.socket.destroy();
    }
    if (fault === 'lost') return void request.socket.resetAndDestroy();
    await spoil(fault, request, response, answer, () => hold(stallMs));
  }

  const server = createServer((request, response) => {
    requests += 1;
    response.on('error', () => undefined);
    respond(request, response).catch(() => request.socket.destroy());
  });
  // A client that goes away in the middle is what this is for.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const letGo = () => {
    isQuiet = true;
    for (const end of held) end();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next,
    met,
    get requests() {
      return requests;
    },
    quiet: letGo,
    close: () =>
      new Promise((resolve) => {
        letGo();
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Gives the answer on as the fault would have it; null gives it on as it is. */
async function spoil(
  fault: Fault | null,
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  hold: () => Promise<void>,
): Promise<void> {
  const {
    'content-length': length = body.length,
    'transfer-encoding': _transfer,
    connection: _,
    ...kept
  } = headers;
  const half = Math.floor(body.length / 2);
  const { socket } = request;
  if (fault === null || fault === 'delay' || body.length < 2) {
    // To HEAD, the length is that of what is not sent.
    const told = request.method === 'HEAD' ? length : body.length;
    return void response.writeHead(status, { ...kept, 'content-length': told }).end(body);
  }
  switch (fault) {
    case 'corrupt': {
      const [spoilt, encoding] = corrupt(body, request, headers);
      response.writeHead(status, { ...kept, ...encoding, 'content-length': spoilt.length }).end(spoilt);
      return;
    }
    case 'too-long':
      response.writeHead(status, { ...kept, 'content-length': body.length + 100, connection: 'close' });
      response.write(body, () => socket.end());
      return;
    case 'too-short':
      response.writeHead(status, { ...kept, 'content-length': half }).end(body);
      return;
    case 'reset':
      response.writeHead(status, { ...kept, 'content-length': body.length });
      response.write(body.subarray(0, half), () => socket.resetAndDestroy());
      return;
    case 'cut-chunked':
      response.writeHead(status, kept);
      response.write(body.subarray(0, half), () => socket.end());
      return;
    default:
      // drip: two bytes, then nothing for longer than the client waits.
      response.writeHead(status, { ...kept, 'content-length': body.length });
      response.write(body.subarray(0, 1));
      await hold();
      response.write(body.subarray(1, 2));
      socket.end();
  }
}

/** Spoilt bytes that can be told as such, and the coding that tells it. */
function corrupt(
  body: Buffer,
  request: IncomingMessage,
  headers: IncomingMessage['headers'],
): [Buffer, Record<string, string>] {
  const isCoded = headers['content-encoding'] !== undefined;
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const spoilt = isCoded || !takesGzip ? Buffer.from(body) : gzipSync(body);
  if (isCoded || takesGzip) {
    // Behind the head of gzip (10 bytes): what is flipped fails the checksum, if it can be unpacked at all.
    for (let at = 12; at < spoilt.length; at += 37) spoilt[at] = (spoilt[at] ?? 0) ^ 0x55;
    return [spoilt, isCoded ? {} : { 'content-encoding': 'gzip' }];
  }
  spoilt.fill(0x01, Math.floor(body.length / 3), Math.floor(body.length / 3) + 8);
  return [spoilt, {}];
}

function wholeBody(stream: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => resolve(Buffer.concat(parts)));
    stream.on('error', reject);
  });
}

/** The service's own answer. */
function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { 'accept-encoding': _, ...kept } = headers;
    const address = new URL(url ?? '/', target);
    // The host stays as it was asked for: signatures are made with it.
    const sent = send(address, { method, headers: kept, agent: false });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      wholeBody(answer).then(
        (whole) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: whole }),
        reject,
      );
    });
    sent.end(body);
  });
}
