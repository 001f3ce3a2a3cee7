import { rankForSalience, type ScoreSettings, salienceAt } from '../domain/score.ts';
import { type Search, type SearchError, searchSorts } from '../domain/search.ts';
import { completeSearch, type SearchCompletion, type SearchVocabulary } from '../domain/search-complete.ts';
import { pointAtError } from '../domain/search-excerpt.ts';
import { namesSources, unknownCategories } from '../domain/search-named.ts';
import { parseSearch } from '../domain/search-parser.ts';
import { resolveSearch } from '../domain/search-resolve.ts';
import type { SignalRow, SignalStatus } from '../domain/signal.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { SignalPlace, SignalWindow, StoredSignalRow } from '../ports/desk-store.ts';
import type { Store } from '../ports/store.ts';
import type { ReadQuery } from './matching-signals.ts';

export type { SignalPlace } from '../ports/desk-store.ts';

export const signalOrders = searchSorts;
export type SignalOrder = (typeof signalOrders)[number];

/** Which signals, in which order. Absent means "any". */
export interface SignalQuery {
  readonly statuses?: readonly SignalStatus[];
  readonly categories?: readonly string[];
  readonly sources?: readonly string[];
  /** Written at or after. Milliseconds, UTC. */
  readonly since?: number;
  /** At least this salience now, 0–100. */
  readonly minSalience?: number;
  /** In the language of docs/search.md; holds together with the rest. An order in it wins over `order`. */
  readonly search?: string;
  readonly order?: SignalOrder;
}

export interface SignalPageRequest extends SignalQuery {
  /** 1–500. */
  readonly limit: number;
  /** Rows strictly after this place. */
  readonly after?: SignalPlace;
  /** Rows strictly before this place (the nearest `limit` of them, in list order). */
  readonly before?: SignalPlace;
  /** The last `limit` rows of the list, without `after` and `before`. */
  readonly from?: 'end';
}

export interface SignalPage {
  readonly rows: readonly SignalRow[];
  /**
   * Places of the first and last row; null when there are no rows. While
   * `searching`, the one that lies ahead is where to go on from, row or not.
   */
  readonly first: SignalPlace | null;
  readonly last: SignalPlace | null;
  readonly hasMore: boolean;
  /** Matches are rare here: time was up before the page was full. Ask again from `last` (or `first`) for the rest. */
  readonly searching: boolean;
  /** The words are common: only their newest matches are in the list. */
  readonly capped: boolean;
}

/** A signal in the midst of its neighbours. */
export interface SignalSurroundings extends SignalPage {
  /** Which of the rows it is; null when it is not in the list (any more), and the rows are those around its place. */
  readonly index: number | null;
  /** There are rows before the first. */
  readonly hasBefore: boolean;
}

/** A count that stops at a bound, so that counting never stalls anything. */
export interface CappedCount {
  readonly count: number;
  /** True when there are more than `count`, or may be. */
  readonly capped: boolean;
}

export interface NewSignals extends CappedCount {
  /** Give it back the next time. */
  readonly mark: number;
}

/** What the surfaces ask of lists. Each rejects with UserError `bad-search` (details: `SearchError`) for a search that cannot be read. */
export interface SignalLists {
  page(request: SignalPageRequest): Promise<SignalPage>;
  count(query: SignalQuery): Promise<CappedCount>;
  /** What could be written at the cursor (UTF-16 units from the start). */
  complete(text: string, cursor: number): Promise<SearchCompletion>;
  /** About `limit` rows around a signal; null when it is gone or has no place in the order. */
  around(id: number, query: SignalQuery, limit: number): Promise<SignalSurroundings | null>;
  /** Matching signals that came since `mark` was given; none with the mark to begin with when it is null. */
  newSince(mark: number | null, query: SignalQuery): Promise<NewSignals>;
}

export interface ListParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly scoring: { readonly settings: ScoreSettings };
  /** Sources of the configuration; they can be searched for before anything came from them. */
  readonly sources: readonly { readonly name: string; readonly kind: string }[];
  /** Ids of the taxonomy. */
  readonly categories: readonly string[];
  /** Whom `assignee:me` means. */
  readonly analyst: string;
  /** IANA name: whose midnight "today" begins at. */
  readonly timeZone: string;
}

const countCap = 10_000;
const maxPageSize = 500;

/** What a query means now, as the store takes it. */
export function createQueryReader(parts: ListParts): ReadQuery {
  const { clock, scoring } = parts;
  return async (query) => {
    const { statuses, categories, sources, since, minSalience, search: text = '', order } = query;
    const search = readSearch(text);
    const minRank =
      minSalience === undefined || minSalience <= 0
        ? undefined
        : rankForSalience(minSalience, clock.now(), scoring.settings);
    const condition = search.node === null ? undefined : await conditionFor(parts, search.node, text);
    return {
      filter: {
        ...(statuses && { statuses }),
        ...(categories && { categories }),
        ...(sources && { sources }),
        ...(since !== undefined && { since }),
        ...(minRank !== undefined && { minRank }),
        ...(condition && { search: condition }),
      },
      sort: search.sort ?? order ?? 'rank',
    };
  };
}

export function createSignalLists(parts: ListParts): SignalLists {
  const { store, clock, scoring } = parts;

  const withSalience = (row: StoredSignalRow, now: number): SignalRow => ({
    ...row,
    salience: row.rank === null ? null : salienceAt(row.rank, now, scoring.settings),
  });

  const read = createQueryReader(parts);

  const pageOf = async (window: SignalWindow): Promise<SignalPage> => {
    const size = Math.max(1, Math.min(window.limit, maxPageSize));
    const { rows: found, reached, capped } = await store.signalWindow({ ...window, limit: size + 1 });
    const forward = window.direction === 'forward';
    // One row too many tells that there are more; it is the farthest from where the page starts.
    const full = found.length > size;
    const rows = full ? (forward ? found.slice(0, size) : found.slice(1)) : found;
    const now = clock.now();
    return {
      rows: rows.map(({ row }) => withSalience(row, now)),
      first: (forward ? null : reached) ?? rows[0]?.place ?? null,
      last: (forward ? reached : null) ?? rows.at(-1)?.place ?? null,
      hasMore: full || reached !== null,
      searching: reached !== null,
      capped,
    };
  };

  return {
    page: async ({ limit, after, before, from: end, ...query }) => {
      const { filter, sort } = await read(query);
      const direction = before === undefined && end === undefined ? 'forward' : 'backward';
      const from = before ?? after;
      return pageOf({ ...filter, sort, direction, limit, ...(from && end === undefined && { from }) });
    },
    count: async (query) => store.countSignals((await read(query)).filter, countCap),
    complete: async (text, cursor) =>
      completeSearch(text, cursor, {
        sources: await allSources(parts),
        categories: parts.categories,
        ...(await store.searchWords()),
      }),
    around: async (id, query, limit) => {
      const { filter, sort } = await read(query);
      const place = await store.placeOfSignal(id, sort);
      if (place === null) return null;
      const half = Math.max(1, Math.floor(limit / 2));
      const before = await pageOf({ ...filter, sort, direction: 'backward', from: place, limit: half });
      const after = await pageOf({ ...filter, sort, direction: 'forward', from: place, limit: half });
      const own = await store.signalWindow({
        ...filter,
        sort,
        direction: 'forward',
        limit: 1,
        search: {
          condition: 'all',
          of: [{ condition: 'ids', ids: [id] }, ...(filter.search ? [filter.search] : [])],
        },
      });
      const rows = [
        ...before.rows,
        ...own.rows.map(({ row }) => withSalience(row, clock.now())),
        ...after.rows,
      ];
      const isThere = own.rows.length > 0;
      return {
        rows,
        first: before.first ?? (isThere ? place : after.first),
        last: after.last ?? (isThere ? place : before.last),
        hasMore: after.hasMore,
        hasBefore: before.hasMore,
        searching: before.searching || after.searching,
        capped: before.capped || after.capped,
        index: isThere ? before.rows.length : null,
      };
    },
    newSince: async (mark, query) => {
      const newest = await store.newestSignal();
      if (mark === null) return { count: 0, capped: false, mark: newest };
      const { filter } = await read(query);
      return { ...(await store.countSignals({ ...filter, newerThan: mark }, countCap)), mark };
    },
  };
}

/** @throws UserError `bad-search` */
export function readSearch(text: string): Search {
  const parsed = parseSearch(text);
  if (!parsed.ok) throw badSearch(text, parsed.error);
  return parsed.value;
}

async function conditionFor(parts: ListParts, node: NonNullable<Search['node']>, text: string) {
  const { clock, timeZone, analyst: me, scoring, categories } = parts;
  const sources = namesSources(node) ? await allSources(parts) : [];
  const formerCategories = await stillUsed(parts, unknownCategories(node, categories));
  const resolved = resolveSearch(
    node,
    { now: clock.now(), timeZone, me, score: scoring.settings, sources, categories, formerCategories },
    text,
  );
  if (!resolved.ok) throw badSearch(text, resolved.error);
  return resolved.value;
}

/** Of these categories, those that signals have. */
async function stillUsed({ store }: ListParts, categories: readonly string[]): Promise<readonly string[]> {
  const used: string[] = [];
  for (const category of categories) {
    if ((await store.countSignals({ categories: [category] }, 1)).count > 0) used.push(category);
  }
  return used;
}

/** Those of the configuration, and those that posts once came from. */
async function allSources({ store, sources }: ListParts): Promise<SearchVocabulary['sources']> {
  const stored = (await store.sourceNames()).filter(
    ({ name }) => !sources.some((source) => source.name === name),
  );
  return [...sources.map(({ name, kind }) => ({ name, kind })), ...stored];
}

function badSearch(text: string, error: SearchError): UserError {
  const lines = pointAtError(text, error).replaceAll(/^/gm, '  ');
  return new UserError('bad-search', `The search cannot be read:\n${lines}`, {
    fix: 'Mend it where the marks are; docs/search.md explains the language.',
    details: error,
  });
}
