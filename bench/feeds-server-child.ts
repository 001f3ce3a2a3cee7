/**
 * Serves so many feeds on loopback, each at a port (so a host) of its own, as
 * web servers do: gzip to those who ask, ETag and Last-Modified, 304 for what
 * is known, connections that stay open. Speaks with bench/feeds.ts through
 * messages: a number is the delay of each answer from now on, in milliseconds,
 * and begins a new count; anything else asks for the count.
 *
 * Usage: node bench/feeds-server-child.ts FEEDS (forked)
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type MadeFeed, makeFeed } from './feeds/make-feed.ts';
import type { Served } from './feeds/reader.ts';

const feeds = Array.from({ length: Number(process.argv[2] ?? 500) }, (_, number) => makeFeed(number));
let delayMs = 0;
let served: Served = nothing();

function nothing(): Served {
  return { requests: 0, unchanged: 0, bytes: 0, connections: 0 };
}

function count(more: Partial<Served>): void {
  const sum = (key: keyof Served) => served[key] + (more[key] ?? 0);
  served = {
    requests: sum('requests'),
    unchanged: sum('unchanged'),
    bytes: sum('bytes'),
    connections: sum('connections'),
  };
}

function answerer(feed: MadeFeed) {
  const zipped = gzipSync(feed.body);
  const validators = { etag: feed.etag, 'last-modified': feed.lastModified };
  return (request: IncomingMessage, response: ServerResponse) => {
    const { headers } = request;
    const known =
      headers['if-none-match'] === undefined
        ? headers['if-modified-since'] === feed.lastModified
        : headers['if-none-match'] === feed.etag;
    const wantsGzip = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
    const body = wantsGzip ? zipped : feed.body;
    const answer = () => {
      if (known) {
        count({ requests: 1, unchanged: 1 });
        return response.writeHead(304, validators).end();
      }
      count({ requests: 1, bytes: body.length });
      const coding = wantsGzip ? { 'content-encoding': 'gzip' } : {};
      const type = { 'content-type': feed.contentType, 'content-length': body.length };
      return response
        .writeHead(200, { ...validators, ...type, ...coding, vary: 'accept-encoding' })
        .end(body);
    };
    if (delayMs === 0) answer();
    else setTimeout(answer, delayMs);
  };
}

const urls: string[] = [];
for (const feed of feeds) {
  const server = createServer(answerer(feed)).on('connection', () => count({ connections: 1 }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}${feed.path}`);
}
process.on('message', (message) => {
  if (typeof message === 'number') {
    delayMs = message;
    served = nothing();
  }
  process.send?.(served);
});
process.on('disconnect', () => process.exit());
process.send?.({
  urls,
  items: feeds.reduce((sum, { items }) => sum + items, 0),
  bytes: feeds.reduce((sum, { body }) => sum + body.length, 0),
});
