import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpParts } from './parts.ts';

const minuteMs = 60_000;
const maxAddresses = 500;

export const jsonType = 'application/json; charset=utf-8';

export interface TaggedText {
  readonly text: string;
  readonly type: string;
  /** False when asking again may tell more, though nothing has changed. */
  readonly complete?: boolean;
}

/**
 * Sends texts that are made from signals under tags, so that a client that
 * has one already gets 304 and nothing more. A tag holds for what its text was
 * made of, less what only time changes: the salience of a signal falls with
 * every second, so a tag holds for the rest of its minute and until something
 * else changes. The tags of the last addresses that were asked for are
 * remembered for as long as nothing in the store changes; the texts are not.
 */
export class TaggedAnswers {
  readonly #parts: Pick<HttpParts, 'harvester' | 'now'>;
  readonly #tags = new Map<string, { readonly state: string; readonly tag: string }>();
  #version: Promise<string> | null = null;

  constructor(parts: Pick<HttpParts, 'harvester' | 'now'>) {
    this.#parts = parts;
  }

  /** `make` is not asked when the client has what it would make. */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => Promise<TaggedText>,
  ): Promise<FastifyReply> {
    const minute = Math.floor(this.#parts.now() / minuteMs);
    // Asked before the text is made: what changes meanwhile makes the tag be forgotten.
    const state = `${minute} ${await this.#versionNow()}`;
    const remembered = this.#tags.get(request.url);
    const known = remembered?.state === state ? remembered.tag : null;
    reply.header('Cache-Control', 'private, no-cache');
    if (known !== null && isKnown(request.headers['if-none-match'], known)) {
      return reply.header('ETag', known).code(304).send();
    }
    const { text, type, complete = true } = await make();
    const tag = known ?? tagOf(text, minute);
    if (known === null && complete) this.#remember(request.url, state, tag);
    reply.header('ETag', tag);
    if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send();
    // A text that is finished needs no serializer.
    return reply.type(type).serializer(asItIs).send(text);
  }

  /** Asked once for all requests that come in one turn of the event loop; who was told of a write asks in a later one. */
  #versionNow(): Promise<string> {
    if (this.#version === null) {
      this.#version = this.#parts.harvester.signals.version();
      setImmediate(() => {
        this.#version = null;
      });
    }
    return this.#version;
  }

  #remember(address: string, state: string, tag: string): void {
    this.#tags.delete(address);
    this.#tags.set(address, { state, tag });
    if (this.#tags.size > maxAddresses) this.#tags.delete(this.#tags.keys().next().value ?? '');
  }
}

const asItIs = (text: unknown) => text as string;

// Inside a string of JSON the quotes would be escaped: only members are met.
const passing = /"(?:salience|explanation)":(?:"(?:[^"\\]|\\.)*"|[^,}]+)/g;

function tagOf(text: string, minute: number): string {
  return `W/"${hash('sha1', `${minute} ${text.replace(passing, '')}`, 'base64url')}"`;
}

function isKnown(known: string | undefined, tag: string): boolean {
  if (known === undefined) return false;
  const strong = tag.slice(2);
  return (
    known.trim() === '*' || known.split(',').some((each) => each.trim() === tag || each.trim() === strong)
  );
}
