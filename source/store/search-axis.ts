import { type RawBuilder, sql } from 'kysely';
import type { Condition } from '../domain/search-condition.ts';
import type { SignalPlace, SignalSort } from '../ports/desk-store.ts';

type SortColumn = 'rank' | 'createdAt' | 'echoes' | 'urgency';

/** What each order sorts by, and whether it runs from high to low. */
export const orders: Readonly<
  Record<
    SignalSort,
    { readonly key: SortColumn; readonly second: SortColumn | null; readonly descending: boolean }
  >
> = {
  rank: { key: 'rank', second: null, descending: true },
  newest: { key: 'createdAt', second: null, descending: true },
  oldest: { key: 'createdAt', second: null, descending: false },
  echoes: { key: 'echoes', second: 'rank', descending: true },
  urgent: { key: 'urgency', second: 'rank', descending: true },
};

/** An index that has the rows of a list in its order. */
export interface Axis {
  readonly index: string;
  /** The condition that the rows of the axis meet by themselves. */
  readonly narrowedBy: Condition | null;
}

type Narrowing = readonly [field: 'assignee' | 'source' | 'category' | 'urgency' | 'status', index: string];

const narrowings: Readonly<Record<SortColumn, readonly Narrowing[]>> = {
  // The likely narrowest first.
  rank: [
    ['assignee', 'signals_by_assignee'],
    ['category', 'signals_by_category'],
    ['urgency', 'signals_by_urgency'],
    ['status', 'signals_by_status'],
  ],
  createdAt: [['source', 'signals_by_source']],
  echoes: [],
  urgency: [],
};

const wholeIndexes: Readonly<Record<SortColumn, string>> = {
  rank: 'signals_by_rank',
  createdAt: 'signals_by_time',
  echoes: 'signals_by_echoes',
  urgency: 'signals_by_urgency',
};

/** The index to walk for an order: of one value of a column where a condition asks for just one, else of all rows. */
export function axisFor(sort: SignalSort, conditions: readonly Condition[]): Axis {
  const { key } = orders[sort];
  for (const [field, index] of narrowings[key]) {
    const narrowedBy = conditions.find((condition) => isOneValue(condition, field));
    if (narrowedBy !== undefined) return { index, narrowedBy };
  }
  return { index: wholeIndexes[key], narrowedBy: null };
}

function isOneValue(condition: Condition, field: string): boolean {
  if (condition.condition === 'in') return condition.field === field && condition.values.length === 1;
  if (condition.condition !== 'range' || condition.field !== field) return false;
  const { min, max } = condition.range;
  return min !== undefined && min === max;
}

/** `key AS key, second AS second`. */
export function placeColumns(sort: SignalSort): RawBuilder<unknown> {
  const { key, second } = orders[sort];
  const also = second === null ? sql`` : sql`, ${sql.ref(`signals.${second}`)} AS second`;
  return sql`signals.id AS id, ${sql.ref(`signals.${key}`)} AS ${sql.ref('key')}${also}`;
}

/** Rows strictly beyond a place in the given direction. */
export function beyond(sort: SignalSort, place: SignalPlace, downwards: boolean): RawBuilder<boolean> {
  return sql`${columnsOf(sort)} ${downwards ? sql`<` : sql`>`} ${valuesOf(sort, place)}`;
}

/** Rows up to and with a place. */
export function upTo(sort: SignalSort, place: SignalPlace, downwards: boolean): RawBuilder<boolean> {
  return sql`${columnsOf(sort)} ${downwards ? sql`>=` : sql`<=`} ${valuesOf(sort, place)}`;
}

export function orderBy(sort: SignalSort, downwards: boolean): RawBuilder<unknown> {
  const { key, second } = orders[sort];
  const direction = downwards ? sql`DESC` : sql`ASC`;
  const columns = [key, ...(second === null ? [] : [second]), 'id'];
  return sql`ORDER BY ${sql.join(columns.map((column) => sql`${sql.ref(`signals.${column}`)} ${direction}`))}`;
}

/** Rows that have a place in the order at all: what is not scored yet has no rank. */
export function hasPlace(sort: SignalSort): RawBuilder<boolean> {
  const { key, second } = orders[sort];
  const first = sql<boolean>`${sql.ref(`signals.${key}`)} IS NOT NULL`;
  return second === null ? first : sql`${first} AND ${sql.ref(`signals.${second}`)} IS NOT NULL`;
}

function columnsOf(sort: SignalSort): RawBuilder<unknown> {
  const { key, second } = orders[sort];
  const columns = [key, ...(second === null ? [] : [second]), 'id'];
  return sql`(${sql.join(columns.map((column) => sql.ref(`signals.${column}`)))})`;
}

function valuesOf(sort: SignalSort, place: SignalPlace): RawBuilder<unknown> {
  return sql`(${sql.join(placeValues(sort, place))})`;
}

/** What is bound for a place, in the order of its columns. */
export function placeValues(sort: SignalSort, { key, second, id }: SignalPlace): readonly number[] {
  return orders[sort].second === null ? [key, id] : [key, second ?? 0, id];
}

/** The condition bounds the key of the order: rows beyond it are not even passed. */
export function boundsKey(sort: SignalSort, condition: Condition): boolean {
  return condition.condition === 'range' && condition.field === orders[sort].key;
}
