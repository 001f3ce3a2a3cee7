import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Span } from '../domain/insight.ts';
import type { SignalChoice, SignalSum } from '../ports/insight.ts';
import type { Tables } from './schema.ts';
import { conditionSql } from './search-sql.ts';

/** What a choice asks of `signals`, as further terms of a WHERE. */
export function chosenSql({ facts, ids }: SignalChoice): RawBuilder<unknown> {
  const among =
    ids === undefined ? sql`` : sql` AND signals.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  return facts === undefined ? among : sql`${among} AND (${conditionSql(facts)}) IS TRUE`;
}

export function isEverything({ facts, ids }: SignalChoice): boolean {
  return facts === undefined && ids === undefined;
}

/** Bound numbers are fractions to SQLite, and so would be what is divided by them. */
function wholeNumber(value: number): RawBuilder<number> {
  return sql`CAST(${value} AS INTEGER)`;
}

/** `FROM signals` of a span, along the index of times. */
export function signalsIn(choice: SignalChoice, { since, until }: Span): RawBuilder<unknown> {
  return sql`FROM signals INDEXED BY signals_by_time WHERE mergedInto IS NULL
    AND signals.createdAt >= ${since} AND signals.createdAt < ${until}${chosenSql(choice)}`;
}

/** Without sentiments the index has all that is asked. */
export async function signalSums(
  db: Kysely<Tables>,
  choice: SignalChoice,
  span: Span,
  { unitMs, sentiment }: { readonly unitMs: number; readonly sentiment: boolean },
): Promise<readonly SignalSum[]> {
  const also = sentiment ? sql`signals.sentiment` : sql`NULL`;
  const { rows } = await sql<SignalSum>`
    SELECT signals.createdAt / ${wholeNumber(unitMs)} AS unit, signals.category AS category, ${also} AS sentiment, count(*) AS count
    ${signalsIn(choice, span)} GROUP BY 1, 2, 3`.execute(db);
  return rows;
}

export async function postSums(
  db: Kysely<Tables>,
  choice: SignalChoice,
  { since, until }: Span,
  unitMs: number,
): Promise<readonly { unit: number; count: number }[]> {
  const among = isEverything(choice)
    ? sql``
    : sql` AND EXISTS (SELECT 1 FROM signals WHERE signals.id = posts.signalId AND mergedInto IS NULL${chosenSql(choice)})`;
  const { rows } = await sql<{ unit: number; count: number }>`
    SELECT posts.createdAt / ${wholeNumber(unitMs)} AS unit, count(*) AS count FROM posts INDEXED BY posts_by_time
    WHERE posts.createdAt >= ${since} AND posts.createdAt < ${until}${among} GROUP BY 1`.execute(db);
  return rows;
}

export async function sourceSums(
  db: Kysely<Tables>,
  choice: SignalChoice,
  { since, until }: Span,
): Promise<ReadonlyMap<string, number>> {
  // One stretch of the index for each source that there is.
  const { rows } = await sql<{ name: string; count: number }>`
    SELECT sources.name AS name, (SELECT count(*) FROM signals INDEXED BY signals_by_source
      WHERE mergedInto IS NULL AND signals.source = sources.name
      AND signals.createdAt >= ${since} AND signals.createdAt < ${until}${chosenSql(choice)}) AS count
    FROM sources`.execute(db);
  return new Map(rows.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]));
}

export async function tagSums(
  db: Kysely<Tables>,
  choice: SignalChoice,
  span: Span,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ tag: string; count: number }>`
    SELECT tag, count(*) AS count FROM (SELECT signals.id AS id ${signalsIn(choice, span)}) AS chosen
    CROSS JOIN signal_tags INDEXED BY signal_tags_by_signal ON signalId = chosen.id GROUP BY tag`.execute(db);
  return new Map(rows.map(({ tag, count }) => [tag, count]));
}

export async function spendByDay(
  db: Kysely<Tables>,
  firstDay: number,
  lastDay: number,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ day: number; cost: number }>`
    SELECT day, sum(microDollars) AS cost FROM (
      SELECT day, microDollars FROM source_days WHERE microDollars > 0 AND day >= ${firstDay} AND day <= ${lastDay}
      UNION ALL
      SELECT day, microDollars FROM model_days WHERE microDollars > 0 AND day >= ${firstDay} AND day <= ${lastDay}
    ) GROUP BY day`.execute(db);
  return new Map(rows.map(({ day, cost }) => [day, cost / 1_000_000]));
}

export async function firstSignalAt(db: Kysely<Tables>): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    SELECT min(createdAt) AS at FROM signals INDEXED BY signals_by_time WHERE mergedInto IS NULL`.execute(db);
  return rows[0]?.at ?? null;
}
