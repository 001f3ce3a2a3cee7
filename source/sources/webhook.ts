import { z } from 'zod';
import type { FetchOptions, Page } from '../ports/source.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';

const pageSize = 100;

const options = z.object({
  description: z
    .string()
    .max(200)
    .default('')
    .describe('Who pushes posts here, in a few words; shown in lists'),
});

/** Posts that others push in over the HTTP API (`POST /v1/posts`). They wait in the store until a run takes them. */
export const webhookKind = defineSourceKind({
  kind: 'webhook',
  title: 'Webhook',
  options,
  target: ({ description }) => (description === '' ? 'posts pushed in' : description),
  open: (name, _settings, tools) => ({
    name,
    kind: 'webhook',
    fetch: (request) => fetchPushed(name, tools, request),
  }),
});

/** The cursor is the last post that was taken; a backfill takes again what has not been forgotten. */
async function* fetchPushed(
  name: string,
  { inbox }: SourceTools,
  { cursor, signal }: FetchOptions,
): AsyncIterable<Page> {
  signal.throwIfAborted();
  if (inbox === undefined) return;
  let taken = Number(cursor?.taken ?? 0);
  for (;;) {
    const waiting = await inbox.pushed(name, taken, pageSize);
    signal.throwIfAborted();
    const last = waiting.at(-1);
    if (last === undefined) return;
    taken = last.id;
    yield { posts: waiting.map(({ draft }) => draft), cursor: { taken }, warnings: [] };
    signal.throwIfAborted();
  }
}
