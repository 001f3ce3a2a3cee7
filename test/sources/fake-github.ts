import type { IncomingMessage, ServerResponse } from 'node:http';
import { say } from './failing.ts';
import type { Handler } from './loopback.ts';

/** An issue or pull request as the search shows it. */
export interface FakeIssue {
  readonly id: number;
  readonly created_at: string;
  readonly title: string;
  readonly pull_request?: object;
  readonly [field: string]: unknown;
}

export interface FakeGithubOptions {
  /** Most results of a query that are shown; GitHub's own is 1,000. */
  readonly cap?: number;
  /** Token that is accepted; others are refused, none is fine. */
  readonly token?: string;
  /** Requests that are answered as incomplete, counted down. */
  incomplete?: number;
}

const validation = (message: string) => ({
  message: 'Validation Failed',
  errors: [{ message, resource: 'Search', field: 'q', code: 'invalid' }],
  documentation_url: 'https://docs.github.com/v3/search/',
  status: '422',
});

/**
 * `GET /search/issues` as GitHub answers it: 422 without `is:issue` or
 * `is:pull-request` and beyond the first 1,000 results, `created:>=` to the
 * second, at most 100 on a page, quota in headers with an end in epoch seconds.
 */
export function fakeGithub(issues: readonly FakeIssue[], options: FakeGithubOptions = {}): Handler {
  const { cap = 1_000, token } = options;
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname !== '/search/issues') return say(404, { message: 'Not Found' })(request, response);
    const wrong = checkHeaders(request, token);
    if (wrong) return wrong(request, response);
    const q = url.searchParams.get('q') ?? '';
    const types = [/\bis:issue\b/.test(q), /\bis:pull-request\b/.test(q)];
    if (types[0] === types[1]) {
      return say(422, validation("Query must include 'is:issue' or 'is:pull-request'"))(request, response);
    }
    const since = /\bcreated:>=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/.exec(q)?.[1];
    const words = q
      .replace(/\S+:\S+/g, '')
      .replaceAll('"', '')
      .trim()
      .toLowerCase();
    const perPage = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
    const page = Number(url.searchParams.get('page') ?? 1);
    if ((page - 1) * perPage >= cap) {
      return say(422, validation(`Only the first ${cap} search results are available`))(request, response);
    }
    const ascending = url.searchParams.get('sort') === 'created' && url.searchParams.get('order') === 'asc';
    const found = issues
      .filter((issue) => (issue.pull_request === undefined) === types[0])
      .filter((issue) => since === undefined || issue.created_at >= since)
      .filter((issue) => JSON.stringify(issue).toLowerCase().includes(words))
      .sort((left, right) => left.created_at.localeCompare(right.created_at) * (ascending ? 1 : -1));
    options.incomplete = (options.incomplete ?? 0) - 1;
    answer(response, {
      total_count: found.length,
      incomplete_results: options.incomplete >= 0,
      items: found.slice(0, cap).slice((page - 1) * perPage, page * perPage),
    });
  };
}

function checkHeaders(request: IncomingMessage, token: string | undefined): Handler | null {
  if (!request.headers['user-agent']) return say(403, 'Request forbidden by administrative rules.');
  if (request.headers['x-github-api-version'] !== '2022-11-28') return say(400, { message: 'no version' });
  const sent = request.headers.authorization;
  if (sent === undefined || (token !== undefined && sent === `Bearer ${token}`)) return null;
  return say(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' });
}

function answer(response: ServerResponse, body: unknown): void {
  response
    .writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '9',
      'x-ratelimit-reset': '1768478460',
      'x-ratelimit-resource': 'search',
    })
    .end(JSON.stringify(body));
}
