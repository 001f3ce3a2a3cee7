import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Condition } from '../domain/search-condition.ts';
import type { SignalPlace, SignalSort } from '../ports/desk-store.ts';
import { fixedQuery } from './fixed-query.ts';
import type { ListPlan } from './list-plan.ts';
import type { Tables } from './schema.ts';
import {
  type Axis,
  axisFor,
  beyond,
  boundsKey,
  hasPlace,
  orderBy,
  placeColumns,
  placeValues,
  upTo,
} from './search-axis.ts';
import { checkPosts } from './search-posts.ts';
import { conditionSql } from './search-sql.ts';

export interface Stretch {
  readonly downwards?: boolean;
  readonly from?: SignalPlace | undefined;
  readonly until?: SignalPlace | null;
  readonly limit: number | null;
  /** Also rows that have no place in the order. */
  readonly anyPlace?: boolean;
}

export interface FoundRow extends SignalPlace {
  /** JSON list of 0 and 1: the facts within what must be read. Absent where nothing must be. */
  readonly facts?: string;
}

export function readRows(
  db: Kysely<Tables>,
  plan: ListPlan,
  sort: SignalSort,
  stretch: Stretch,
): Promise<readonly FoundRow[]> {
  const { downwards, from, until, limit, anyPlace } = stretch;
  return isWhole(plan) && limit !== null && !until && !anyPlace
    ? readWhole(db, sort, { downwards, from, limit })
    : readStretch(db, plan, sort, stretch);
}

async function readStretch(
  db: Kysely<Tables>,
  plan: ListPlan,
  sort: SignalSort,
  { limit, ...stretchOf }: Stretch,
): Promise<readonly FoundRow[]> {
  const facts = plan.reading === null ? [] : factsOf(plan.reading);
  const values = facts.map((fact) => sql`(${conditionSql(fact)}) IS TRUE`);
  const bound = limit === null ? sql`` : sql`LIMIT ${limit}`;
  const { rows } = await sql<FoundRow>`${withGathered(plan)}
    SELECT ${placeColumns(sort)}, ${facts.length === 0 ? sql`'[]'` : sql`json_array(${sql.join(values)})`} AS facts
    ${fromWhere(plan, sort, stretchOf)} ${orderBy(sort, stretchOf.downwards ?? true)} ${bound}`.execute(db);
  return rows;
}

/** A list of all signals: nothing is left out, nothing must be looked at. */
function isWhole({ gathered, axis, facts, reading }: ListPlan): boolean {
  return gathered === null && axis.narrowedBy === null && facts.length === 0 && reading === null;
}

const wholeLists = new Map<string, ReturnType<typeof fixedQuery<FoundRow>>>();

/** The same as any other list, but its text is written once for each order and direction. */
function readWhole(
  db: Kysely<Tables>,
  sort: SignalSort,
  {
    downwards = true,
    from,
    limit,
  }: { downwards: boolean | undefined; from: SignalPlace | undefined; limit: number },
): Promise<readonly FoundRow[]> {
  const shape = `${sort} ${downwards} ${from !== undefined}`;
  let query = wholeLists.get(shape);
  if (query === undefined) {
    const axis = axisFor(sort, []);
    query = fixedQuery((any) => {
      const where = sql.join(axisWhere(axis, sort, { downwards, from }), sql` AND `);
      // A limit that is a parameter and nothing else would have SQLite plan the statement anew for each value.
      const text = sql<FoundRow>`SELECT ${placeColumns(sort)}
        FROM signals INDEXED BY ${sql.ref(axis.index)} WHERE ${where} ${orderBy(sort, downwards)} LIMIT ${limit} + 0`;
      return { compile: () => text.compile(any) };
    });
    wholeLists.set(shape, query);
  }
  return query(db, [...(from === undefined ? [] : placeValues(sort, from)), limit]);
}

export async function countRows(
  db: Kysely<Tables>,
  plan: ListPlan,
  sort: SignalSort,
  { limit, ...stretchOf }: Stretch,
): Promise<number> {
  const anyPlace = plan.gathered !== null;
  const { rows } = await sql<{ count: number }>`${withGathered(plan)}
    SELECT count(*) AS count FROM (SELECT 1 ${fromWhere(plan, sort, { ...stretchOf, anyPlace })} LIMIT ${limit})`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

export async function countUnranked(db: Kysely<Tables>, plan: ListPlan, limit: number): Promise<number> {
  const where = sql.join(
    [sql`mergedInto IS NULL AND signals.rank IS NULL`, ...plan.facts.map(conditionSql)],
    sql` AND `,
  );
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM
    (SELECT 1 FROM signals INDEXED BY signals_unranked WHERE ${where} LIMIT ${limit})`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The place `size` rows of the axis further on; null when the list ends before. Reads the index alone. */
export async function placeBehind(
  db: Kysely<Tables>,
  plan: ListPlan,
  sort: SignalSort,
  { downwards, from, size }: { downwards: boolean; from: SignalPlace | undefined; size: number },
): Promise<SignalPlace | null> {
  const { rows } =
    await sql<SignalPlace>`SELECT ${placeColumns(sort)} FROM signals INDEXED BY ${sql.ref(plan.axis.index)}
    WHERE ${sql.join([...axisWhere(plan.axis, sort, { downwards, from }), ...keyBounds(plan, sort)], sql` AND `)}
    ${orderBy(sort, downwards)} LIMIT 1 OFFSET ${size - 1}`.execute(db);
  const row = rows[0];
  return row === undefined ? null : placeOf(row);
}

function axisWhere(
  { narrowedBy }: Axis,
  sort: SignalSort,
  { downwards = true, from, until, anyPlace }: Omit<Stretch, 'limit'>,
): RawBuilder<unknown>[] {
  return [
    sql`mergedInto IS NULL`,
    ...(anyPlace ? [] : [hasPlace(sort)]),
    ...(narrowedBy === null ? [] : [conditionSql(narrowedBy)]),
    ...(from === undefined ? [] : [beyond(sort, from, downwards)]),
    ...(until === undefined || until === null ? [] : [upTo(sort, until, downwards)]),
  ];
}

/** Bounds of the key itself, which end a list early. */
function keyBounds({ axis, facts }: ListPlan, sort: SignalSort): RawBuilder<unknown>[] {
  return facts.filter((fact) => fact !== axis.narrowedBy && boundsKey(sort, fact)).map(conditionSql);
}

function withGathered({ gathered }: ListPlan): RawBuilder<unknown> {
  return gathered === null ? sql`` : sql`WITH found (id) AS MATERIALIZED (${gathered.ids})`;
}

function fromWhere(plan: ListPlan, sort: SignalSort, where: Omit<Stretch, 'limit'>): RawBuilder<unknown> {
  const { gathered, axis } = plan;
  const facts = plan.facts.filter((fact) => gathered !== null || fact !== axis.narrowedBy).map(conditionSql);
  if (gathered === null) {
    return sql`FROM signals INDEXED BY ${sql.ref(axis.index)}
      WHERE ${sql.join([...axisWhere(axis, sort, where), ...facts], sql` AND `)}`;
  }
  return sql`FROM found CROSS JOIN signals ON signals.id = found.id
    WHERE ${sql.join([...axisWhere({ ...axis, narrowedBy: null }, sort, where), ...facts], sql` AND `)}`;
}

export async function passing(
  db: Kysely<Tables>,
  { reading }: ListPlan,
  rows: readonly FoundRow[],
): Promise<SignalPlace[]> {
  if (reading === null) return rows.map(placeOf);
  const checked = rows.map(({ id, facts }) => ({
    id,
    facts: (JSON.parse(facts ?? '[]') as number[]).map(Boolean),
  }));
  const found = await checkPosts(db, checked, reading);
  return rows.filter(({ id }) => found.has(id)).map(placeOf);
}

/** The facts of a condition in the order in which `checkPosts` meets them. */
function factsOf(condition: Condition): readonly Condition[] {
  switch (condition.condition) {
    case 'all':
    case 'any':
      return condition.of.flatMap(factsOf);
    case 'not':
      return factsOf(condition.of);
    case 'phrase':
      return [];
    default:
      return [condition];
  }
}

export function placeOf({ key, second, id }: SignalPlace): SignalPlace {
  return second === undefined ? { key, id } : { key, second, id };
}
