import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const minuteMs = 60_000;

/**
 * Sends a JSON text under a tag that holds for what it was made of, less what
 * only time changes: the salience of a signal falls with every second, so the
 * tag holds for the rest of its minute and until something else changes. A
 * client that has that already gets 304 and nothing more.
 */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, type, now }: { readonly text: string; readonly type: string; readonly now: number },
): FastifyReply {
  const tag = tagOf(text, now);
  reply.header('ETag', tag).header('Cache-Control', 'private, no-cache');
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send();
  // A text that is finished needs no serializer.
  return reply.type(type).serializer(asItIs).send(text);
}

const asItIs = (text: unknown) => text as string;

// Inside a string of JSON the quotes would be escaped: only members are met.
const passing = /"(?:salience|explanation)":(?:"(?:[^"\\]|\\.)*"|[^,}]+)/g;

export function tagOf(text: string, now: number): string {
  return `W/"${hash('sha1', `${Math.floor(now / minuteMs)} ${text.replace(passing, '')}`, 'base64url')}"`;
}

function isKnown(known: string | undefined, tag: string): boolean {
  if (known === undefined) return false;
  const strong = tag.slice(2);
  return (
    known.trim() === '*' || known.split(',').some((each) => each.trim() === tag || each.trim() === strong)
  );
}

export const jsonType = 'application/json; charset=utf-8';
