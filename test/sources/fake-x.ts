import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../source/ports/clock.ts';
import { answer } from './fake-algolia.ts';
import type { Handler } from './loopback.ts';

/** One post in the shape of the real API. */
export interface FakeXPost {
  readonly id: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

export interface FakeX {
  /** In any order; may grow and shrink while it is served. */
  readonly posts: FakeXPost[];
  readonly users?: readonly object[];
  /** Posts that others refer to. */
  readonly referred?: readonly object[];
  readonly clock: Clock;
  /** Requests left in the window; unlimited when absent. */
  requestsLeft?: number;
  /** Tokens that are no longer accepted. */
  expired?: (token: string) => boolean;
  /** Posts that were delivered: what X would charge for. */
  charged?: number;
}

const day = 86_400_000;
const known = new Set(
  'query max_results since_id until_id start_time end_time next_token tweet.fields expansions user.fields ids'.split(
    ' ',
  ),
);

/** An id of a post written at `at`: milliseconds since the epoch of X, then 22 bits. */
export function xId(at: number, sequence = 0): string {
  return String(((BigInt(at) - 1_288_834_974_657n) << 22n) + BigInt(sequence));
}

function writtenAt(id: string): number {
  return Number((BigInt(id) >> 22n) + 1_288_834_974_657n);
}

export function problem(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify(body));
}

function invalid(response: ServerResponse, parameter: string, value: string | null, message: string): void {
  problem(response, 400, {
    errors: [{ parameters: { [parameter]: [value] }, message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: 'https://api.twitter.com/2/problems/invalid-request',
  });
}

/** GET /2/tweets/search/recent and GET /2/tweets, for the bearer token "good". */
export function fakeX(world: FakeX): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (!isAllowed(request)) {
      return problem(response, 401, {
        title: 'Unauthorized',
        type: 'about:blank',
        status: 401,
        detail: 'Unauthorized',
      });
    }
    const left = world.requestsLeft;
    const resetsAt = Math.floor(world.clock.now() / 1000) + 600;
    response.setHeader('x-rate-limit-limit', '450');
    response.setHeader('x-rate-limit-remaining', String(Math.max(0, (left ?? 450) - 1)));
    response.setHeader('x-rate-limit-reset', String(resetsAt));
    if (left !== undefined) {
      if (left === 0) return problem(response, 429, { title: 'Too Many Requests', status: 429 });
      world.requestsLeft = left - 1;
    }
    const stranger = [...url.searchParams.keys()].find((name) => !known.has(name));
    if (stranger) return invalid(response, stranger, null, `The query parameter [${stranger}] is unknown`);
    if (url.pathname === '/2/tweets') return lookUp(world, url, response);
    if (url.pathname === '/2/tweets/search/recent') return search(world, url, response);
    problem(response, 404, { title: 'Not Found' });
  };
}

function isAllowed(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.authorization === 'Bearer good';
}

function search(world: FakeX, url: URL, response: ServerResponse) {
  const value = (name: string) => url.searchParams.get(name);
  const query = value('query') ?? '';
  if (query === '' || query.length > 512) return invalid(response, 'query', query, 'query is not valid');
  const size = Number(value('max_results') ?? 10);
  if (!(size >= 10 && size <= 100)) {
    return invalid(response, 'max_results', String(size), 'max_results is not between 10 and 100');
  }
  const oldest = world.clock.now() - 7 * day;
  const [sinceId, untilId, startTime] = [value('since_id'), value('until_id'), value('start_time')];
  if ((sinceId ?? untilId) !== null && startTime !== null) {
    const message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.";
    return invalid(response, 'start_time', startTime, message);
  }
  if (sinceId !== null && writtenAt(sinceId) < oldest) {
    return invalid(response, 'since_id', sinceId, "'since_id' must be a tweet id created after a week ago");
  }
  if (startTime !== null) {
    const readable = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(startTime);
    if (!readable || Date.parse(startTime) < oldest) {
      return invalid(response, 'start_time', startTime, "'start_time' must be on or after a week ago");
    }
  }
  const token = value('next_token');
  const below = token === null ? null : /^b26v(\d+)$/.exec(token)?.[1];
  if (below === undefined || (token !== null && world.expired?.(token))) {
    return invalid(response, 'next_token', token, 'The next_token is not valid');
  }
  const from = startTime === null ? oldest : Date.parse(startTime);
  const found = world.posts
    .filter((post) => writtenAt(post.id) >= from && isAbove(post.id, sinceId))
    .filter((post) => !isAbove(post.id, untilId, true) && !isAbove(post.id, below, true))
    .sort((left, right) => (BigInt(left.id) < BigInt(right.id) ? 1 : -1));
  const page = found.slice(0, size);
  const [newest, last] = [page[0], page.at(-1)];
  world.charged = (world.charged ?? 0) + page.length;
  const fields = (value('tweet.fields') ?? '').split(',');
  answer(response, {
    ...(page.length > 0 && { data: page.map((post) => shown(post, fields)) }),
    ...(value('expansions')?.includes('author_id') && {
      includes: { users: world.users ?? [], tweets: world.referred ?? [] },
    }),
    meta: {
      ...(newest && last && { newest_id: newest.id, oldest_id: last.id }),
      result_count: page.length,
      ...(last && found.length > size && { next_token: `b26v${last.id}` }),
    },
  });
}

/** True for an id above `bound` (or equal to it); without a bound, what a filter passes. */
function isAbove(id: string, bound: string | null, orEqual = false): boolean {
  if (bound === null) return !orEqual;
  return orEqual ? BigInt(id) >= BigInt(bound) : BigInt(id) > BigInt(bound);
}

/** A field that was not asked for is not in the answer. */
function shown(post: FakeXPost, fields: readonly string[]): object {
  const always = ['id', 'text', 'edit_history_tweet_ids'];
  return Object.fromEntries(
    Object.entries(post).filter(([name]) => always.includes(name) || fields.includes(name)),
  );
}

function lookUp(world: FakeX, url: URL, response: ServerResponse) {
  const ids = (url.searchParams.get('ids') ?? '').split(',');
  if (ids.length > 100 || ids.some((id) => !/^\d{1,19}$/.test(id))) {
    return invalid(response, 'ids', null, 'ids is not valid');
  }
  const found = world.posts.filter((post) => ids.includes(post.id));
  const fields = (url.searchParams.get('tweet.fields') ?? '').split(',');
  world.charged = (world.charged ?? 0) + found.length;
  const gone = ids.filter((id) => !found.some((post) => post.id === id));
  answer(response, {
    ...(found.length > 0 && { data: found.map((post) => shown(post, fields)) }),
    ...(gone.length > 0 && { errors: gone.map((id) => ({ title: 'Not Found Error', resource_id: id })) }),
  });
}
