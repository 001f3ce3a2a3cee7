import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../source/ports/clock.ts';
import { answer } from './fake-algolia.ts';
import type { Handler } from './loopback.ts';

/** One post as the network shows it. */
export interface FakeBlueskyPost {
  readonly uri: string;
  readonly record: { readonly createdAt: string; readonly [field: string]: unknown };
  readonly indexedAt: string;
  readonly [field: string]: unknown;
}

export interface FakeBluesky {
  /** In any order; may grow and shrink while it is served. */
  readonly posts: FakeBlueskyPost[];
  readonly clock: Clock;
  /** Posts that a search finds and then leaves out of its page. */
  readonly hidden?: (post: FakeBlueskyPost) => boolean;
  /** What a login is answered in place of a session. */
  readonly refusal?: { readonly status: number; readonly error: string; readonly message: string };
  requestsLeft?: number;
  /** True ends every session; `renewable` false makes that final. */
  expired?: boolean;
  renewable?: boolean;
  logins?: number;
  renewals?: number;
}

/** The server of one account, "ann.example" with the password "app-pass": sessions, search and posts. */
export function fakeBluesky(world: FakeBluesky): Handler {
  let serial = 0;
  const give = (response: ServerResponse) => {
    serial += 1;
    world.expired = false;
    const jwts = { accessJwt: `access-${serial}`, refreshJwt: `refresh-${serial}` };
    answer(response, { did: 'did:plc:ann', handle: 'ann.example', active: true, ...jwts });
  };
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
    const limited = !limitAllows(world, response);
    readBody(request, (body) => {
      if (limited) return refuse(response, 429, 'RateLimitExceeded', 'Rate Limit Exceeded');
      if (url.pathname === '/xrpc/com.atproto.server.createSession') {
        const { identifier, password } = JSON.parse(body) as Record<string, unknown>;
        world.logins = (world.logins ?? 0) + 1;
        if (world.refusal) {
          return refuse(response, world.refusal.status, world.refusal.error, world.refusal.message);
        }
        if (request.method !== 'POST' || identifier !== 'ann.example' || password !== 'app-pass') {
          return refuse(response, 401, 'AuthenticationRequired', 'Invalid identifier or password');
        }
        return give(response);
      }
      if (url.pathname === '/xrpc/com.atproto.server.refreshSession') {
        if (body !== '')
          return refuse(
            response,
            400,
            'InvalidRequest',
            'A request body was provided when none was expected',
          );
        if (token !== `refresh-${serial}` || world.renewable === false) {
          return refuse(response, 400, 'ExpiredToken', 'Token has been revoked');
        }
        world.renewals = (world.renewals ?? 0) + 1;
        return give(response);
      }
      if (token === null) return refuse(response, 401, 'AuthMissing', 'Authentication Required');
      if (token !== `access-${serial}` || world.expired) {
        return refuse(response, 400, 'ExpiredToken', 'Token has expired');
      }
      if (url.pathname === '/xrpc/app.bsky.feed.searchPosts') return search(world, url, response);
      if (url.pathname === '/xrpc/app.bsky.feed.getPosts') return getPosts(world, url, response);
      refuse(response, 501, 'MethodNotImplemented', 'Method Not Implemented');
    });
  };
}

function readBody(request: IncomingMessage, use: (body: string) => void): void {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => use(body));
}

function limitAllows(world: FakeBluesky, response: ServerResponse): boolean {
  const left = world.requestsLeft ?? 3_000;
  response.setHeader('ratelimit-limit', '3000');
  response.setHeader('ratelimit-remaining', String(Math.max(0, left - 1)));
  response.setHeader('ratelimit-reset', String(Math.floor(world.clock.now() / 1_000) + 300));
  response.setHeader('ratelimit-policy', '3000;w=300');
  if (world.requestsLeft !== undefined) world.requestsLeft = Math.max(0, left - 1);
  return left > 0;
}

function refuse(response: ServerResponse, status: number, error: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error, message }));
}

function sortAt(post: FakeBlueskyPost): number {
  return Math.min(Date.parse(post.record.createdAt), Date.parse(post.indexedAt));
}

/** Newest first; the cursor counts from the top of what is found. */
function search(world: FakeBluesky, url: URL, response: ServerResponse) {
  const value = (name: string) => url.searchParams.get(name);
  const limit = Number(value('limit') ?? 25);
  if (!value('q') || value('sort') !== 'latest' || !(limit >= 1 && limit <= 100)) {
    return refuse(response, 400, 'InvalidRequest', 'Error: Params must have the property "q"');
  }
  if (value('q') === 'bad:(') return refuse(response, 400, 'BadQueryString', 'cannot parse "bad:("');
  const since = Date.parse(value('since') ?? '1970-01-01');
  const until = Date.parse(value('until') ?? '2999-01-01');
  if (Number.isNaN(since) || Number.isNaN(until))
    return refuse(response, 400, 'InvalidRequest', 'no datetime');
  const found = world.posts
    .filter((post) => sortAt(post) >= since && sortAt(post) < until)
    .sort((left, right) => sortAt(right) - sortAt(left) || (left.uri < right.uri ? -1 : 1));
  const at = Number(value('cursor') ?? 0);
  const page = found.slice(at, at + limit);
  answer(response, {
    posts: page.filter((post) => !world.hidden?.(post)),
    hitsTotal: found.length,
    ...(at + limit < found.length && { cursor: String(at + limit) }),
  });
}

function getPosts(world: FakeBluesky, url: URL, response: ServerResponse) {
  const uris = url.searchParams.getAll('uris');
  if (uris.length === 0 || uris.length > 25)
    return refuse(response, 400, 'InvalidRequest', 'uris must have at most 25');
  answer(response, { posts: world.posts.filter((post) => uris.includes(post.uri)) });
}
