import type { ServerResponse } from 'node:http';
import type { Clock } from '../../source/ports/clock.ts';
import type { Handler } from './loopback.ts';

/** One status in the shape of the real API. */
export interface FakeStatus {
  readonly id: string;
  readonly uri?: string;
  readonly created_at: string;
  readonly tags: readonly { readonly name: string }[];
  readonly [field: string]: unknown;
}

export interface FakeMastodon {
  /** In any order; may grow and shrink while it is served. */
  readonly statuses: FakeStatus[];
  readonly clock: Clock;
  /** True for an instance that shows nothing without a login. */
  readonly closed?: boolean;
  /** Statuses that the reader may not see: they are left out of pages. */
  readonly filtered?: (status: FakeStatus) => boolean;
  requestsLeft?: number;
}

/** Milliseconds since 1970, then 16 bits. */
export function mastodonId(at: number, sequence = 0): string {
  return String((BigInt(Math.floor(at)) << 16n) + BigInt(sequence));
}

const timeOf = (id: string) => Number(BigInt(id) >> 16n);
const later = (left: FakeStatus, right: FakeStatus) => (BigInt(left.id) < BigInt(right.id) ? 1 : -1);

/** Tag timelines and the search of one instance; its only token is "good". */
export function fakeMastodon(world: FakeMastodon): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const given = request.headers.authorization;
    const left = world.requestsLeft ?? 300;
    response.setHeader('x-ratelimit-limit', '300');
    response.setHeader('x-ratelimit-remaining', String(Math.max(0, left - 1)));
    response.setHeader('x-ratelimit-reset', new Date(world.clock.now() + 240_000).toISOString());
    if (world.requestsLeft !== undefined) world.requestsLeft = Math.max(0, left - 1);
    if (left === 0) return refuse(response, 429, 'Too many requests');
    if (given !== undefined && given !== 'Bearer good') {
      return refuse(response, 401, 'The access token is invalid');
    }
    const limit = Number(url.searchParams.get('limit') ?? 20);
    if (limit > 40) return refuse(response, 422, 'limit is too large');
    if (url.pathname === '/api/v2/search') return search(world, url, given !== undefined, response);
    const tag = /^\/api\/v1\/timelines\/tag\/([^/]+)$/.exec(url.pathname)?.[1];
    if (tag === undefined) return refuse(response, 404, 'The page you are looking for is not here');
    if (world.closed && given === undefined) {
      return refuse(response, 401, 'This method requires an authenticated user');
    }
    timeline(world, decodeURIComponent(tag).toLowerCase(), url, limit, response);
  };
}

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}

/** With min_id the page that follows it at once, else the newest; newest first either way. */
function timeline(world: FakeMastodon, tag: string, url: URL, limit: number, response: ServerResponse) {
  const tagged = world.statuses.filter((status) => status.tags.some(({ name }) => name === tag));
  if (tagged.length === 0) return refuse(response, 404, 'Record not found');
  const [minId, maxId] = [url.searchParams.get('min_id'), url.searchParams.get('max_id')];
  const found = tagged
    .filter((status) => minId === null || BigInt(status.id) > BigInt(minId))
    .filter((status) => maxId === null || BigInt(status.id) < BigInt(maxId))
    .sort(later);
  const page = minId === null ? found.slice(0, limit) : found.slice(-limit);
  const seen = page.filter((status) => !world.filtered?.(status));
  if (page[0]) {
    const path = `http://fake${url.pathname}`;
    response.setHeader(
      'link',
      `<${path}?max_id=${page.at(-1)?.id}>; rel="next", <${path}?min_id=${page[0].id}>; rel="prev"`,
    );
  }
  response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(seen));
}

/** As servers since 4.2 do it: ids are read as whole seconds, and without a token there are no statuses. */
function search(world: FakeMastodon, url: URL, isKnown: boolean, response: ServerResponse) {
  const value = (name: string) => url.searchParams.get(name);
  if (value('type') !== 'statuses' || !value('q')) return refuse(response, 422, 'q is missing');
  const second = (id: string) => Math.floor(timeOf(id) / 1_000) * 1_000;
  const [minId, maxId] = [value('min_id'), value('max_id')];
  const from = minId === null ? 0 : second(minId);
  const until = maxId === null ? Number.POSITIVE_INFINITY : second(maxId);
  const words = (value('q') ?? '').toLowerCase();
  const at = Number(value('offset') ?? 0);
  const found = world.statuses
    .filter((status) => JSON.stringify(status).toLowerCase().includes(words))
    .filter((status) => timeOf(status.id) > from && timeOf(status.id) < until)
    .sort(later)
    .slice(at, at + Number(value('limit') ?? 20))
    .filter((status) => !world.filtered?.(status));
  const body = { accounts: [], statuses: isKnown ? found : [], hashtags: [] };
  response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(body));
}
