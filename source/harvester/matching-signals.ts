import { UserError } from '../errors.ts';
import type { SignalFilter, SignalPlace } from '../ports/desk-store.ts';
import type { Store } from '../ports/store.ts';
import type { SignalOrder, SignalQuery } from './signal-lists.ts';

/** A query as the store takes it. Rejects with UserError `bad-search` when its search cannot be read. */
export type ReadQuery = (query: SignalQuery) => Promise<{ filter: SignalFilter; sort: SignalOrder }>;

/**
 * Ids of every signal that matches, oldest first: a list by rank would move
 * under our feet while what it lists is changed.
 *
 * @throws UserError `too-common` when only the newest matches of common words could be found
 */
export async function* matchingSignals(
  store: Store,
  filter: SignalFilter,
  pageSize: number,
): AsyncGenerator<readonly number[]> {
  let from: SignalPlace | undefined;
  for (;;) {
    const window = { ...filter, sort: 'oldest', direction: 'forward', limit: pageSize } as const;
    const { rows, reached, capped } = await store.signalWindow({ ...window, ...(from && { from }) });
    if (capped) {
      throw new UserError(
        'too-common',
        'The words of the search are so common that not all matches are found.',
        {
          fix: 'Add rarer words, or narrow the search by since: or source:.',
        },
      );
    }
    if (rows.length > 0) yield rows.map(({ row }) => row.id);
    const next = reached ?? (rows.length < pageSize ? null : (rows.at(-1)?.place ?? null));
    if (next === null) return;
    from = next;
  }
}

const idsPerPage = 1000;

/** Ids of what matches, oldest first, at most `limit`. */
export async function matchingIds(
  store: Store,
  read: ReadQuery,
  query: SignalQuery,
  limit: number,
): Promise<readonly number[]> {
  const { filter } = await read(query);
  const ids: number[] = [];
  for await (const page of matchingSignals(store, filter, idsPerPage)) {
    ids.push(...page);
    if (ids.length >= limit) break;
  }
  return ids.slice(0, limit);
}
