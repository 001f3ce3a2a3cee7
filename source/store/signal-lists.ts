import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Condition, readsPosts } from '../domain/search-condition.ts';
import type { SignalCount, SignalFilter, SignalPlace, SignalSort, SignalWindow } from '../ports/store.ts';
import type { Tables } from './schema.ts';
import {
  type Axis,
  axisFor,
  beyond,
  boundsKey,
  hasPlace,
  orderBy,
  orders,
  placeColumns,
  upTo,
} from './search-axis.ts';
import { type Gathered, type GatherLimits, gather } from './search-gather.ts';
import { checkPosts } from './search-posts.ts';
import { conditionSql } from './search-sql.ts';

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

const stretchMs = 1;

const usualLimits: ListLimits = {
  few: 1_500,
  newestMatches: 3_000,
  patienceMs: 4,
  readingPatienceMs: 15,
  firstStretch: 500,
  stretch: 20_000,
  checkedAtOnce: 100,
};

/** Places of a list, in its order or against it. */
export interface FoundPlaces {
  readonly places: readonly SignalPlace[];
  /** How far was looked when time ran out before the places were enough; null when it did not. */
  readonly reached: SignalPlace | null;
  /** Only the newest matches of common words were looked at. */
  readonly capped: boolean;
}

interface Plan {
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

async function planList(
  db: Kysely<Tables>,
  sort: SignalSort,
  conditions: readonly Condition[],
  limits: ListLimits,
): Promise<Plan> {
  const axis = axisFor(sort, conditions);
  const narrow = await gather(db, conditions, limits);
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

/** Up to `limit` places beyond `from`; nearest first. */
export async function findPlaces(
  db: Kysely<Tables>,
  window: SignalWindow,
  limits: ListLimits = usualLimits,
): Promise<FoundPlaces> {
  const { patienceMs, readingPatienceMs, firstStretch, checkedAtOnce } = limits;
  const { sort, limit } = window;
  const downwards = orders[sort].descending === (window.direction === 'forward');
  const plan = await planList(db, sort, conditionsOf(window), limits);
  const deadline = performance.now() + (plan.reading === null ? patienceMs : readingPatienceMs);
  const places: SignalPlace[] = [];
  const capped = plan.gathered?.capped ?? false;

  if (plan.gathered !== null) {
    const found = await readRows(db, plan, sort, {
      downwards,
      from: window.from,
      limit: plan.reading === null ? limit : null,
    });
    for (let start = 0; start < found.length && places.length < limit; start += checkedAtOnce) {
      const some = found.slice(start, start + checkedAtOnce);
      places.push(...(await passing(db, plan, some)));
      const last = some.at(-1);
      if (
        plan.reading !== null &&
        places.length < limit &&
        last !== undefined &&
        performance.now() > deadline
      ) {
        if (start + checkedAtOnce < found.length) return { places, reached: placeOf(last), capped };
      }
    }
    return { places: places.slice(0, limit), reached: null, capped };
  }

  let from = window.from;
  let size = firstStretch;
  const isWhole = plan.reading === null && plan.facts.every((fact) => fact === plan.axis.narrowedBy);
  for (;;) {
    const began = performance.now();
    const end = isWhole ? null : await placeBehind(db, plan, sort, { downwards, from, size });
    const asked = plan.reading === null ? limit - places.length : checkedAtOnce;
    const found = await readRows(db, plan, sort, { downwards, from, until: end, limit: asked });
    places.push(...(await passing(db, plan, found)));
    if (places.length >= limit) return { places: places.slice(0, limit), reached: null, capped };
    const last = found.at(-1);
    if (found.length === asked && last !== undefined) from = placeOf(last);
    else if (end === null) return { places, reached: null, capped };
    else from = end;
    if (performance.now() > deadline) return { places, reached: from ?? null, capped };
    size = nextStretch(size, performance.now() - began, limits);
  }
}

/** Counts up to `cap`, or for as long as patience lasts. */
export async function countSignals(
  db: Kysely<Tables>,
  filter: SignalFilter,
  cap: number,
  limits: ListLimits = usualLimits,
): Promise<SignalCount> {
  const { patienceMs, readingPatienceMs, firstStretch, checkedAtOnce } = limits;
  const conditions = conditionsOf(filter);
  const sort = countingOrder(conditions);
  const plan = await planList(db, sort, conditions, limits);
  const deadline = performance.now() + (plan.reading === null ? patienceMs : readingPatienceMs);
  const finish = (count: number, capped: boolean): SignalCount =>
    count > cap ? { count: cap, capped: true } : { count, capped };

  if (plan.gathered !== null) {
    const { capped } = plan.gathered;
    if (plan.reading === null) return finish(await countRows(db, plan, sort, { limit: cap + 1 }), capped);
    const found = await readRows(db, plan, sort, { downwards: true, limit: null, anyPlace: true });
    let count = 0;
    for (let start = 0; start < found.length && count <= cap; start += checkedAtOnce) {
      count += (await passing(db, plan, found.slice(start, start + checkedAtOnce))).length;
      if (performance.now() > deadline && start + checkedAtOnce < found.length) return finish(count, true);
    }
    return finish(count, capped);
  }

  // What is not scored yet has no place by rank, and counts all the same.
  let count = sort === 'rank' ? await countUnranked(db, plan, cap + 1) : 0;
  if (plan.reading === null && plan.facts.every((fact) => fact === plan.axis.narrowedBy)) {
    return finish(count + (await countRows(db, plan, sort, { limit: cap + 1 })), false);
  }
  let from: SignalPlace | undefined;
  let size = firstStretch;
  for (;;) {
    const began = performance.now();
    const end = await placeBehind(db, plan, sort, { downwards: true, from, size });
    if (plan.reading === null) count += await countRows(db, plan, sort, { from, until: end, limit: cap + 1 });
    else {
      const found = await readRows(db, plan, sort, {
        downwards: true,
        from,
        until: end,
        limit: checkedAtOnce,
      });
      count += (await passing(db, plan, found)).length;
      const last = found.at(-1);
      if (found.length === checkedAtOnce && last !== undefined) {
        from = placeOf(last);
        if (count > cap || performance.now() > deadline) return finish(count, true);
        continue;
      }
    }
    if (count > cap || end === null) return finish(count, false);
    if (performance.now() > deadline) return finish(count, true);
    from = end;
    size = nextStretch(size, performance.now() - began, limits);
  }
}

/** So much of the list as takes a good millisecond, judged by the stretch before. */
function nextStretch(size: number, tookMs: number, { firstStretch, stretch }: ListLimits): number {
  const fitting = Math.round(size * (stretchMs / Math.max(tookMs, 0.05)));
  return Math.max(firstStretch, Math.min(fitting, size * 4, stretch));
}

/** Any order counts the same; one whose index is narrowed by a condition counts faster. */
function countingOrder(conditions: readonly Condition[]): SignalSort {
  for (const sort of ['rank', 'newest'] as const) {
    if (axisFor(sort, conditions).narrowedBy !== null) return sort;
  }
  // A bound on the rank ends the walk along it.
  return conditions.some((condition) => boundsKey('rank', condition)) ? 'rank' : 'newest';
}

interface Stretch {
  readonly downwards?: boolean;
  readonly from?: SignalPlace | undefined;
  readonly until?: SignalPlace | null;
  readonly limit: number | null;
  /** Also rows that have no place in the order. */
  readonly anyPlace?: boolean;
}

interface FoundRow extends SignalPlace {
  /** JSON list of 0 and 1: the facts within what must be read. */
  readonly facts: string;
}

async function readRows(
  db: Kysely<Tables>,
  plan: Plan,
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

async function countRows(
  db: Kysely<Tables>,
  plan: Plan,
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

async function countUnranked(db: Kysely<Tables>, plan: Plan, limit: number): Promise<number> {
  const where = sql.join(
    [sql`mergedInto IS NULL AND signals.rank IS NULL`, ...plan.facts.map(conditionSql)],
    sql` AND `,
  );
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM
    (SELECT 1 FROM signals INDEXED BY ${sql.ref(plan.axis.index)} WHERE ${where} LIMIT ${limit})`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The place `size` rows of the axis further on; null when the list ends before. Reads the index alone. */
async function placeBehind(
  db: Kysely<Tables>,
  plan: Plan,
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
function keyBounds({ axis, facts }: Plan, sort: SignalSort): RawBuilder<unknown>[] {
  return facts.filter((fact) => fact !== axis.narrowedBy && boundsKey(sort, fact)).map(conditionSql);
}

function withGathered({ gathered }: Plan): RawBuilder<unknown> {
  return gathered === null ? sql`` : sql`WITH found (id) AS MATERIALIZED (${gathered.ids})`;
}

function fromWhere(plan: Plan, sort: SignalSort, where: Omit<Stretch, 'limit'>): RawBuilder<unknown> {
  const { gathered, axis } = plan;
  const facts = plan.facts.filter((fact) => gathered !== null || fact !== axis.narrowedBy).map(conditionSql);
  if (gathered === null) {
    return sql`FROM signals INDEXED BY ${sql.ref(axis.index)}
      WHERE ${sql.join([...axisWhere(axis, sort, where), ...facts], sql` AND `)}`;
  }
  return sql`FROM found CROSS JOIN signals ON signals.id = found.id
    WHERE ${sql.join([...axisWhere({ ...axis, narrowedBy: null }, sort, where), ...facts], sql` AND `)}`;
}

async function passing(
  db: Kysely<Tables>,
  { reading }: Plan,
  rows: readonly FoundRow[],
): Promise<SignalPlace[]> {
  if (reading === null) return rows.map(placeOf);
  const checked = rows.map(({ id, facts }) => ({ id, facts: (JSON.parse(facts) as number[]).map(Boolean) }));
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

function placeOf({ key, second, id }: SignalPlace): SignalPlace {
  return second === undefined ? { key, id } : { key, second, id };
}
