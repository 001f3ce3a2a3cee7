import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../source/ports/clock.ts';
import { answer } from './fake-algolia.ts';
import type { Handler } from './loopback.ts';

/** One post in the shape of the real API. */
export interface FakeRedditPost {
  readonly name: string;
  readonly subreddit: string;
  readonly created_utc: number;
  readonly title?: string | null;
  readonly selftext?: string;
  readonly [field: string]: unknown;
}

export interface FakeReddit {
  /** In any order; may grow and shrink while it is served. */
  readonly posts: FakeRedditPost[];
  readonly clock: Clock;
  /** The most posts that a list ever shows. */
  readonly cap?: number;
  /** Subreddits that are not shown, by name. */
  readonly closed?: Readonly<Record<string, { readonly status: number; readonly reason?: string }>>;
  /** True ends every token that was given out. */
  revoked?: boolean;
  tokens?: number;
  requestsLeft?: number;
}

const keys = `Basic ${Buffer.from('id:secret').toString('base64')}`;

/** The token, listings, search and /api/info of an app without a user, and the public feeds. */
export function fakeReddit(world: FakeReddit): Handler {
  const ends = new Map<string, number>();
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname === '/api/v1/access_token') return giveToken(world, ends, request, response);
    if (url.pathname.endsWith('.rss')) return feed(world, url, response);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (world.revoked) {
      ends.clear();
      world.revoked = false;
    }
    if ((ends.get(token) ?? 0) < world.clock.now()) {
      return refuse(response, 401, { message: 'Unauthorized', error: 401 });
    }
    if (!limitAllows(world, response))
      return refuse(response, 429, { message: 'Too Many Requests', error: 429 });
    const isList = url.pathname !== '/subreddits/search';
    if (isList && url.searchParams.get('raw_json') !== '1')
      return refuse(response, 400, { message: 'raw_json' });
    list(world, url, response);
  };
}

function limitAllows(world: FakeReddit, response: ServerResponse): boolean {
  const left = world.requestsLeft ?? 600;
  response.setHeader('x-ratelimit-used', String(600 - Math.max(0, left - 1)));
  response.setHeader('x-ratelimit-remaining', `${Math.max(0, left - 1)}.0`);
  response.setHeader('x-ratelimit-reset', '300');
  if (world.requestsLeft !== undefined) world.requestsLeft = Math.max(0, left - 1);
  return left > 0;
}

function refuse(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function giveToken(
  world: FakeReddit,
  ends: Map<string, number>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    if (request.method !== 'POST' || !isForm || request.headers.authorization !== keys) {
      return refuse(response, 401, { message: 'Unauthorized', error: 401 });
    }
    if (body !== 'grant_type=client_credentials')
      return answer(response, { error: 'unsupported_grant_type' });
    world.tokens = (world.tokens ?? 0) + 1;
    const token = `token-${world.tokens}`;
    ends.set(token, world.clock.now() + 3_600_000);
    answer(response, { access_token: token, token_type: 'bearer', expires_in: 3600, scope: '*' });
  });
}

function list(world: FakeReddit, url: URL, response: ServerResponse) {
  const value = (name: string) => url.searchParams.get(name);
  if (url.pathname === '/api/info') {
    const ids = (value('id') ?? '').split(',');
    if (ids.length > 100) return refuse(response, 400, { message: 'Bad Request' });
    const known = world.posts.filter((post) => ids.includes(post.name));
    return answer(response, listing(known, null));
  }
  if (url.pathname === '/subreddits/search') {
    const children = [{ kind: 't5', data: { display_name: 'other' } }];
    return answer(response, { kind: 'Listing', data: { after: null, children } });
  }
  const subreddit = /^\/r\/(\w+)\//.exec(url.pathname)?.[1]?.toLowerCase() ?? null;
  if (subreddit !== null) {
    const closed = world.closed?.[subreddit];
    if (closed) return refuse(response, closed.status, { ...closed, error: closed.status });
    if (!world.posts.some((post) => post.subreddit === subreddit)) {
      return void response.writeHead(302, { location: `/subreddits/search?q=${subreddit}` }).end();
    }
  }
  if (url.pathname.endsWith('/search')) {
    const isRestricted = value('restrict_sr') === '1';
    if (isRestricted !== (subreddit !== null) || value('sort') !== 'new' || !value('q')) {
      return refuse(response, 400, { message: 'Bad Request' });
    }
  } else if (!url.pathname.endsWith('/new'))
    return refuse(response, 404, { message: 'Not Found', error: 404 });
  const found = newest(world, subreddit, value('q') ?? '').slice(0, world.cap ?? 1_000);
  const after = value('after');
  const at = after === null ? -1 : found.findIndex((post) => post.name === after);
  // What is no longer in the list has nothing after it.
  const rest = after !== null && at === -1 ? [] : found.slice(at + 1);
  const page = rest.slice(0, Math.min(100, Number(value('limit') ?? 25)));
  answer(response, listing(page, rest.length > page.length ? (page.at(-1)?.name ?? null) : null));
}

function newest(world: FakeReddit, subreddit: string | null, words: string): FakeRedditPost[] {
  return world.posts
    .filter((post) => subreddit === null || post.subreddit === subreddit)
    .filter((post) => JSON.stringify(post).toLowerCase().includes(words.toLowerCase()))
    .sort((left, right) => right.created_utc - left.created_utc);
}

function listing(posts: readonly FakeRedditPost[], after: string | null): object {
  const children = posts.map((data) => ({ kind: 't3', data }));
  return { kind: 'Listing', data: { after, dist: posts.length, modhash: '', before: null, children } };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Atom, whatever the ending says: no counts, and a trailer below every text. */
function feed(world: FakeReddit, url: URL, response: ServerResponse): void {
  if (!limitAllows(world, response)) return void response.writeHead(429).end();
  const subreddit = /^\/r\/(\w+)\//.exec(url.pathname)?.[1]?.toLowerCase() ?? null;
  const closed = world.closed?.[subreddit ?? ''];
  if (closed) return void response.writeHead(closed.status).end('<html>Forbidden</html>');
  const limit = Math.min(100, Number(url.searchParams.get('limit') ?? 25));
  const entries = newest(world, subreddit, url.searchParams.get('q') ?? '').slice(0, limit);
  const xml = entries.map((post) => {
    const page = `https://www.reddit.com/r/${post.subreddit}/comments/${post.name.slice(3)}/x/`;
    const body = `<!-- SC_OFF --><div class="md"><p>${escaped(post.selftext ?? '')}</p></div><!-- SC_ON -->`;
    const by = `&#32; submitted by &#32; <a href="https://www.reddit.com/user/ann"> /u/ann </a> &#32; to &#32; <a href="#"> r/${post.subreddit} </a>`;
    const links = `<br/> <span><a href="${page}">[link]</a></span> &#32; <span><a href="${page}">[comments]</a></span>`;
    const date = new Date(post.created_utc * 1000).toISOString().replace('.000Z', '+00:00');
    return `<entry><author><name>/u/ann</name></author><category term="${post.subreddit}"/><content type="html">${escaped(`${body} ${by} ${links}`)}</content><id>${post.name}</id><link href="${page}"/><updated>${date}</updated><published>${date}</published><title>${escaped(String(post.title))}</title></entry>`;
  });
  response.setHeader('content-type', 'application/atom+xml; charset=UTF-8');
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>/new.rss</id><title>newest</title>${xml.join('')}</feed>`,
  );
}
