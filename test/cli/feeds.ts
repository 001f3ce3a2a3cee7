import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a path of the server answers; the response stays open for as long as the function likes. */
export type Answer = (response: ServerResponse) => void;

/** A server on loopback for one test; returns its address. */
export async function serve(answers: Readonly<Record<string, Answer>>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url ?? '/', 'http://localhost').pathname];
    if (answer !== undefined) return answer(response);
    response.writeHead(404).end('not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Item {
  readonly id: string;
  readonly text: string;
  /** Hours before now. */
  readonly hoursAgo?: number;
}

/** An RSS feed of these items. */
export function feed(items: readonly Item[]): Answer {
  const entries = items.map(({ id, text, hoursAgo = 1 }) => {
    const date = new Date(Date.now() - hoursAgo * 3_600_000).toUTCString();
    return `<item><guid isPermaLink="false">${id}</guid><title>${text}</title><link>https://acme.example/${id}</link><pubDate>${date}</pubDate></item>`;
  });
  const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${entries.join('')}</channel></rss>`;
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(body);
  };
}

/** A configuration with one `rss` source for each path. */
export function configFor(base: string, paths: readonly string[], more = ''): string {
  const sources = paths.map((path) => `  - { name: ${path.slice(1)}, kind: rss, url: "${base}${path}" }`);
  return `topic: acme\nhttp: { allowPrivate: true, retries: 0, perHostDelayMs: 0, timeoutMs: 5000 }\nstore: { path: signals.sqlite }\n${more}sources:\n${sources.join('\n')}\n`;
}

export const items: readonly Item[] = [
  { id: 'a', text: 'Acme is down for everyone in Europe, nothing loads', hoursAgo: 1 },
  { id: 'b', text: 'I love the new Acme dashboard, thank you', hoursAgo: 2 },
  { id: 'c', text: 'How can I export invoices from Acme as PDF?', hoursAgo: 5 },
  { id: 'd', text: 'Acme login crashes with a white screen since the update', hoursAgo: 3 },
];
