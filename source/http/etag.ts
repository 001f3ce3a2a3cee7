import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const minuteMs = 60_000;

/**
 * Tags an answer with what it was made of, less what only time changes: the
 * salience of a signal falls with every second, so a tag holds for the rest of
 * its minute and until something else changes.
 */
export function tagOf(made: unknown, now: number): string {
  const text = JSON.stringify(made, (key, value) =>
    key === 'salience' || key === 'explanation' ? undefined : value,
  );
  return `W/"${createHash('sha1')
    .update(text)
    .update(String(Math.floor(now / minuteMs)))
    .digest('base64url')}"`;
}

/** Whether the client has this already; then the answer is 304 and nothing more. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const strong = tag.slice(2);
  return (
    known.trim() === '*' || known.split(',').some((each) => each.trim() === tag || each.trim() === strong)
  );
}
