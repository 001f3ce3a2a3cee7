import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { say } from './failing.ts';
import type { Handler } from './loopback.ts';

/** A discussion as the schema of GraphQL has it. */
export interface FakeDiscussion {
  readonly id: string;
  readonly createdAt: string;
  readonly title: string;
  readonly [field: string]: unknown;
}

export interface FakeGraphqlOptions {
  /** Most results of a query that are shown; GitHub's own is 1,000. */
  readonly cap?: number;
  /** Token that is accepted; others are refused, and none is too. */
  readonly token?: string;
}

/** What every request said, in order. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const requestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });
const rateLimit = { remaining: 4_990, limit: 5_000, resetAt: '2026-01-15T12:40:00Z' };

/** An answer of GraphQL that is nothing but an error, with status 200. */
export const sayErrors = (errors: readonly object[], headers: Readonly<Record<string, string>> = {}) =>
  say(200, { data: null, errors }, headers);

/**
 * `POST /graphql` as GitHub answers it: 401 without a token, errors with
 * status 200, at most 100 nodes, cursors that it alone understands, no page
 * beyond the first 1,000 results, and only the fields that were asked for.
 */
export function fakeGraphql(
  discussions: readonly FakeDiscussion[],
  { cap = 1_000, token = 'good' }: FakeGraphqlOptions = {},
): { handler: Handler; asked: GraphqlRequest[] } {
  const asked: GraphqlRequest[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://fake');
    const refuse = (handler: Handler) => handler(request, response);
    if (pathname !== '/graphql' && pathname !== '/api/graphql')
      return refuse(say(404, { message: 'Not Found' }));
    if (request.method !== 'POST') return refuse(say(404, { message: 'Not Found' }));
    if (!request.headers['user-agent']) return refuse(say(403, 'Request forbidden by administrative rules.'));
    if (request.headers.authorization !== `Bearer ${token}`) {
      return refuse(say(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com' }));
    }
    const sent = requestSchema.safeParse(await readJson(request)).data;
    if (!sent) return refuse(say(400, { message: 'Problems parsing JSON' }));
    asked.push(sent);
    const { query, variables } = sent;
    const unused = Object.keys(variables).find((name) => !query.includes(`$${name}:`));
    if (unused) return refuse(sayErrors([{ message: `Variable $${unused} is not defined` }]));
    const shown = (discussion: FakeDiscussion) =>
      Object.fromEntries(
        Object.entries(discussion).filter(([field]) => new RegExp(`\\b${field}\\b`).test(query)),
      );
    if (query.includes('nodes(ids: $ids)')) {
      const ids = z.array(z.string()).parse(variables.ids);
      if (ids.length > 100) return refuse(sayErrors([{ type: 'MAX_NODES', message: 'too many ids' }]));
      const nodes = ids.map((id) => discussions.find((discussion) => discussion.id === id) ?? null);
      const errors = ids
        .filter((id) => !discussions.some((discussion) => discussion.id === id))
        .map((id) => ({ type: 'NOT_FOUND', message: `Could not resolve to a node with the id '${id}'` }));
      const found = nodes.map((node) => node && shown(node));
      return refuse(
        say(200, { data: { rateLimit, nodes: found }, ...(errors.length > 0 ? { errors } : {}) }),
      );
    }
    if (!/search\(query: \$query, type: DISCUSSION, first: 100, after: \$after\)/.test(query)) {
      return refuse(sayErrors([{ message: 'Parse error' }]));
    }
    const { q, after } = {
      q: z.string().parse(variables.query),
      after: z.string().nullable().parse(variables.after),
    };
    const since = /\bcreated:>=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/.exec(q)?.[1] ?? '';
    const words = q
      .replace(/\S+:\S+/g, '')
      .replaceAll('"', '')
      .trim()
      .toLowerCase();
    const sign = q.includes('sort:created-asc') ? 1 : -1;
    const found = discussions
      .filter(({ createdAt }) => createdAt >= since)
      .filter((discussion) => JSON.stringify(discussion).toLowerCase().includes(words))
      .sort((left, right) => left.createdAt.localeCompare(right.createdAt) * sign);
    const place = after === null ? 0 : Number(/^cursor:(\d+)$/.exec(atob(after))?.[1]);
    if (Number.isNaN(place)) {
      return refuse(sayErrors([{ type: 'INVALID_CURSOR_ARGUMENTS', message: `\`${after}\` is no cursor` }]));
    }
    const nodes = found.slice(0, cap).slice(place, place + 100);
    const end = place + nodes.length;
    const pageInfo = {
      hasNextPage: end < Math.min(cap, found.length),
      endCursor: nodes.length > 0 ? btoa(`cursor:${end}`) : null,
    };
    const search = { discussionCount: found.length, pageInfo, nodes: nodes.map(shown) };
    refuse(say(200, { data: { rateLimit, search } }));
  };
  return { handler: (request, response) => void answer(request, response), asked };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}
