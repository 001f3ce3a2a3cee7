import type { ServerResponse } from 'node:http';
import type { Handler } from './loopback.ts';

/** One item of the index, in the shape of the real one. */
export interface FakeHit {
  readonly objectID: string;
  readonly created_at_i: number;
  readonly _tags: readonly string[];
  readonly [field: string]: unknown;
}

const comparisons: Record<string, (left: number, right: number) => boolean> = {
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '=': (left, right) => left === right,
};

/**
 * `search_by_date` as Algolia answers it: newest first, tags are all required,
 * those in parentheses are alternatives, numeric filters are all required, no more than `cap` hits
 * of a query are ever shown, `nbHits` counts all.
 */
export function fakeAlgolia(hits: readonly FakeHit[], cap = 1_000): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname !== '/api/v1/search_by_date') return void response.writeHead(404).end();
    const filters = (url.searchParams.get('numericFilters') ?? '')
      .split(',')
      .filter(Boolean)
      .map(parseFilter);
    const tags = url.searchParams.get('tags') ?? '';
    const tagGroups = [...tags.matchAll(/\(([^()]*)\)|[^(),]+/g)].map(([tag, group]) =>
      (group ?? tag).split(','),
    );
    const words = (url.searchParams.get('query') ?? '').toLowerCase();
    if (filters.some((filter) => filter === null)) return void response.writeHead(400).end('{"status":400}');
    const found = hits
      .filter((hit) => filters.every((matches) => matches?.(hit)))
      .filter((hit) => tagGroups.every((group) => group.some((tag) => hit._tags.includes(tag))))
      .filter((hit) => JSON.stringify(hit).toLowerCase().includes(words))
      .sort((left, right) => right.created_at_i - left.created_at_i);
    const perPage = Math.min(1_000, Number(url.searchParams.get('hitsPerPage') ?? 20));
    const page = Number(url.searchParams.get('page') ?? 0);
    answer(response, {
      hits: found.slice(0, cap).slice(page * perPage, (page + 1) * perPage),
      nbHits: found.length,
      page,
      nbPages: Math.ceil(Math.min(found.length, cap) / perPage),
      hitsPerPage: perPage,
      exhaustiveNbHits: true,
    });
  };
}

export function answer(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

function parseFilter(filter: string): ((hit: FakeHit) => boolean) | null {
  const match = /^(\w+)(>=|<=|>|<|=)(-?\d+)$/.exec(filter);
  const compare = comparisons[match?.[2] ?? ''];
  if (!match?.[1] || !compare) return null;
  const field = match[1];
  return (hit) => compare(Number(hit[field]), Number(match[3]));
}
