import { type Kysely, sql } from 'kysely';
import { type Condition, readsPosts } from '../domain/search-condition.ts';
import type { SignalFilter, SignalSort } from '../ports/desk-store.ts';
import type { Tables } from './schema.ts';
import { type Axis, axisFor, boundsKey } from './search-axis.ts';
import { type Gathered, type GatherLimits, gather, type Unranked } from './search-gather.ts';

/** How much is read for one question. Tests make them small. */
export interface ListLimits extends GatherLimits {
  /** How long a list is walked before it says how far it came, in milliseconds. */
  readonly patienceMs: number;
  /** The same where the posts of each signal must be read. */
  readonly readingPatienceMs: number;
  /** Rows of an index that are passed in one statement, at least and at most. */
  readonly firstStretch: number;
  readonly stretch: number;
  /** Signals whose posts are read at once. */
  readonly checkedAtOnce: number;
}

export const usualLimits: ListLimits = {
  few: 2_500,
  newestMatches: 2_500,
  patienceMs: 4,
  readingPatienceMs: 15,
  firstStretch: 500,
  stretch: 20_000,
  checkedAtOnce: 100,
};

/** How the rows of a list are come by. */
export interface ListPlan {
  readonly gathered: Gathered | null;
  readonly axis: Axis;
  /** Conditions that SQL decides. */
  readonly facts: readonly Condition[];
  /** What must be decided by reading posts. */
  readonly reading: Condition | null;
}

/** Leaf conditions of a list: those of its filter and the terms of its search. */
export function conditionsOf({
  statuses,
  categories,
  sources,
  since,
  minRank,
  newerThan,
  search,
}: SignalFilter): readonly Condition[] {
  const conditions: Condition[] = [];
  if (statuses !== undefined) conditions.push({ condition: 'in', field: 'status', values: statuses });
  if (categories !== undefined) conditions.push({ condition: 'in', field: 'category', values: categories });
  if (sources !== undefined) conditions.push({ condition: 'in', field: 'source', values: sources });
  if (since !== undefined) conditions.push({ condition: 'range', field: 'createdAt', range: { min: since } });
  if (minRank !== undefined) conditions.push({ condition: 'range', field: 'rank', range: { min: minRank } });
  if (newerThan !== undefined) conditions.push({ condition: 'newer', id: newerThan });
  if (search !== undefined) conditions.push(...(search.condition === 'all' ? search.of : [search]));
  return conditions;
}

export async function planList(
  db: Kysely<Tables>,
  sort: SignalSort,
  conditions: readonly Condition[],
  unranked: Unranked,
  limits: ListLimits,
): Promise<ListPlan> {
  const axis = axisFor(sort, conditions);
  const narrow = await gather(db, conditions, unranked, limits);
  // The axis has just these signals, and in order.
  const gathered = narrow !== null && narrow.by !== null && narrow.by === axis.narrowedBy ? null : narrow;
  const left = conditions.filter((condition) => gathered?.met.has(condition) !== true);
  const reading = left.filter(readsPosts);
  return {
    gathered,
    axis,
    facts: left.filter((condition) => !readsPosts(condition)),
    reading: reading.length === 0 ? null : { condition: 'all', of: reading },
  };
}

/** How many signals wait for their first score, as far as it matters. */
export async function countWaiting(db: Kysely<Tables>, few: number): Promise<Unranked> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM
    (SELECT 1 FROM signals INDEXED BY signals_unranked WHERE mergedInto IS NULL AND rank IS NULL LIMIT ${few + 1})`.execute(
    db,
  );
  return (rows[0]?.count ?? 0) > few ? 'many' : 'few';
}

export function isByTime(sort: SignalSort): boolean {
  return sort === 'newest' || sort === 'oldest';
}

/** Any order counts the same; one whose index is narrowed by a condition counts faster. */
export function countingOrder(conditions: readonly Condition[]): SignalSort {
  for (const sort of ['rank', 'newest'] as const) {
    if (axisFor(sort, conditions).narrowedBy !== null) return sort;
  }
  // A bound on the key of an order ends the walk along it.
  const bounded = (['rank', 'echoes', 'urgent'] as const).find((sort) =>
    conditions.some((condition) => boundsKey(sort, condition)),
  );
  return bounded ?? 'newest';
}
