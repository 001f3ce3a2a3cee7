import type { Leader } from '../domain/insight.ts';
import { narrowSearch } from '../domain/insight-search.ts';
import type { InsightAsked } from './insight-sums.ts';
import type { ReadQuery } from './matching-signals.ts';

const mostLeaders = 10;

/** Sources of the lead posts, most first. */
export async function leadingSources(
  { store, choice, span, previous, search }: InsightAsked,
  read: ReadQuery,
): Promise<readonly Leader[]> {
  const now = await store.sourceSums(choice, span);
  const before = await store.sourceSums(choice, previous);
  const leaders: Leader[] = [];
  for (const [name] of mostOf(now)) {
    const term = { field: 'source', value: name } as const;
    // A name may be that of a kind too, and then the search means all sources of the kind.
    const { filter } = await read({ search: narrowSearch('', [term]) });
    const names = filter.search?.condition === 'in' ? filter.search.values : [name];
    const sum = (counts: ReadonlyMap<string, number>) =>
      names.reduce((total, each) => total + (counts.get(each) ?? 0), 0);
    leaders.push({ name, count: sum(now), before: sum(before), search: narrowSearch(search, [term], span) });
  }
  return leaders;
}

/** Tags of the signals, most first. */
export async function leadingTags({
  store,
  patience,
  choice,
  span,
  previous,
  search,
}: InsightAsked): Promise<readonly Leader[]> {
  const count = async (side: InsightAsked['span']) => {
    const counts = new Map<string, number>();
    await patience.inPieces(side, async (piece) => {
      for (const [tag, found] of await store.tagSums(choice, piece)) {
        counts.set(tag, (counts.get(tag) ?? 0) + found);
      }
    });
    return counts;
  };
  const now = await count(span);
  const before = await count(previous);
  return mostOf(now).map(([name, found]) => ({
    name,
    count: found,
    before: before.get(name) ?? 0,
    search: narrowSearch(search, [{ field: 'tag', value: name }], span),
  }));
}

function mostOf(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts]
    .toSorted(([a, first], [b, second]) => second - first || a.localeCompare(b))
    .slice(0, mostLeaders);
}
