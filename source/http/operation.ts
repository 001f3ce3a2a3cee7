import { z } from 'zod';
import type { KeyScope } from '../domain/access.ts';
import { problemSchema } from './schemas.ts';

export const tags = {
  signals: 'What was found, and what is decided about it',
  posts: 'Posts that are pushed in',
  runs: 'Passes of the pipeline, and their sources',
  events: 'What happens, as it happens',
  access: 'Keys, invitations, and who did what',
  flags: 'Feature flags',
  operation: 'For whoever keeps this running',
} as const;

interface About {
  readonly id: string;
  readonly tag: keyof typeof tags;
  readonly summary: string;
  readonly description?: string;
  readonly scope: KeyScope | 'public';
}

/** What the OpenAPI document says of an operation. */
export function about({ id, tag, summary, description, scope }: About) {
  const needs = scope === 'public' ? 'Needs no key.' : `Needs a key with the scope \`${scope}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: description === undefined ? needs : `${description} ${needs}`,
    security: scope === 'public' ? [] : [{ key: [] }],
  };
}

type Answer = readonly [description: string, schema: z.ZodType, contentType?: string];

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

const refusals: Readonly<Record<string, string>> = {
  400: 'The request cannot be read',
  401: 'A key is needed, or the one that was sent does not work',
  403: 'The key does not have the scope',
  429: 'Too many requests: Retry-After says how many seconds to wait',
  default: 'Any other failure',
};

/** The answers of an operation: its own, and those that any may give. Not typed: answers are built from the domain. */
export function answers(own: Readonly<Record<number, Answer>>): Record<string, unknown> {
  const good = Object.entries(own).map(([status, [description, schema, contentType]]) => [
    status,
    { description, content: { [contentType ?? 'application/json']: { schema } } },
  ]);
  const bad = Object.entries(refusals).map(([status, description]) => [status, problem(description)]);
  return Object.fromEntries([...bad, ...good]);
}

/** An answer without a body. */
export const empty = z.undefined();
export const plainText = z.string();
