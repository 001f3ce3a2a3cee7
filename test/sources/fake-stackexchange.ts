import { gzipSync } from 'node:zlib';
import type { Handler } from './loopback.ts';

export interface FakeQuestion {
  readonly question_id: number;
  readonly creation_date: number;
  readonly tags: readonly string[];
  readonly [field: string]: unknown;
}

export interface FakeStackexchangeOptions {
  readonly key?: string;
  /** Seconds that each answer asks to wait. */
  readonly backoff?: number;
  /** Called with each request's time of arrival according to the test. */
  readonly onRequest?: () => void;
}

/** Any body as Stack Exchange sends it: always gzip. */
export function sayGzip(status: number, body: unknown): Handler {
  return (_request, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'gzip' })
      .end(gzipSync(typeof body === 'string' ? body : JSON.stringify(body)));
  };
}

const error = (id: number, name: string, message: string) =>
  sayGzip(400, { error_id: id, error_message: message, error_name: name });

/**
 * `/2.3/search/advanced` and `/2.3/questions/{ids}` as the API answers them: errors with status 400 and
 * their own number, paging by `page` and `has_more`, no page above 25 without
 * a key, quota and `backoff` in the wrapper, bodies only with the filter.
 */
export function fakeStackexchange(
  questions: readonly FakeQuestion[],
  options: FakeStackexchangeOptions = {},
): Handler {
  let quota = 300;
  return (request, response) => {
    options.onRequest?.();
    const url = new URL(request.url ?? '/', 'http://fake');
    const ask = (name: string) => url.searchParams.get(name);
    const refuse = (id: number, name: string, message: string) => error(id, name, message)(request, response);
    const ids = /^\/2\.3\/questions\/(\d+(?:;\d+)*)$/.exec(url.pathname)?.[1]?.split(';').map(Number);
    if (ids && ids.length > 100) return refuse(400, 'bad_parameter', 'ids');
    if (ids === undefined && url.pathname !== '/2.3/search/advanced')
      return refuse(404, 'no_method', 'this method cannot be found');
    if (!ask('site')) return refuse(400, 'bad_parameter', 'site is required');
    if (!['stackoverflow', 'serverfault'].includes(ask('site') ?? '')) {
      return refuse(400, 'bad_parameter', `No site found for name \`${ask('site')}\``);
    }
    if (ask('key') !== null && ask('key') !== options.key) {
      return refuse(400, 'bad_parameter', "`key` doesn't match a known application");
    }
    const page = Number(ask('page') ?? 1);
    const pageSize = Number(ask('pagesize') ?? 30);
    if (pageSize > 100) return refuse(400, 'bad_parameter', 'pagesize');
    if (page > 25 && ask('key') === null) {
      return refuse(403, 'access_denied', 'page above 25 requires access token or app key');
    }
    const tags = (ask('tagged') ?? '').split(';').filter(Boolean);
    const words = (ask('q') ?? '').toLowerCase();
    const ascending = ask('sort') === 'creation' && ask('order') === 'asc';
    const found = questions
      .filter(({ question_id: id }) => ids === undefined || ids.includes(id))
      .filter(({ creation_date: at }) => at >= Number(ask('fromdate') ?? 0))
      .filter((question) => tags.length === 0 || tags.some((tag) => question.tags.includes(tag)))
      .filter((question) => JSON.stringify(question).toLowerCase().includes(words))
      .sort((left, right) => (left.creation_date - right.creation_date) * (ascending ? 1 : -1));
    quota -= 1;
    const shown = found
      .slice((page - 1) * pageSize, page * pageSize)
      .map(({ body, ...question }) => (ask('filter') === 'withbody' ? { ...question, body } : question));
    sayGzip(200, {
      items: shown,
      has_more: found.length > page * pageSize,
      ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
      quota_max: 300,
      quota_remaining: quota,
    })(request, response);
  };
}
