import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HttpSettings } from '../../source/config/schema.ts';
import type { Clock } from '../../source/ports/clock.ts';
import type { Page, Source } from '../../source/ports/source.ts';
import { createHttpClient, type HttpClient, type HttpSeams } from '../../source/sources/http.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server on 127.0.0.1 until the test ends; `requests` grows as they come. */
export async function serve(handler: Handler): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A server that gives every path the same body. */
export function serveBody(body: string | Buffer, type = 'application/rss+xml') {
  return serve((_request, response) => response.setHeader('content-type', type).end(body));
}

export const testSettings: HttpSettings = {
  userAgent: 'signal-harvester-test',
  timeoutMs: 5_000,
  maxBytes: 16_777_216,
  maxRedirects: 5,
  retries: 2,
  perHostConcurrency: 2,
  perHostDelayMs: 0,
  maxWaitMs: 60_000,
  allowPrivate: true,
};

/** A clock whose sleeps take no real time: they move it forward, and are remembered. */
export function leapingClock(start = Date.UTC(2026, 0, 15, 12)): Clock & { readonly slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

export function testClient(
  settings: Partial<HttpSettings> = {},
  clock: Clock = leapingClock(),
  seams: HttpSeams = {},
): HttpClient {
  const client = createHttpClient({ ...testSettings, ...settings }, clock, { random: () => 1, ...seams });
  onTestFinished(() => client.close());
  return client;
}

export const never = new AbortController().signal;

/** Every page of one fetch. */
export async function fetchPages(source: Source, cursor: Page['cursor'] | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of source.fetch({ cursor, signal: never })) pages.push(page);
  return pages;
}
