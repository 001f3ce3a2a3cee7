import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

const dayMs = 86_400_000;
/** Days that say what is usual. */
const historyDays = 14;

export function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}

/** Money as whole millionths, which add up without loss; a fraction counts as a whole one. */
export function microDollars(usd: number): number {
  return Math.ceil(usd * 1_000_000 - 1e-6);
}

interface DayCounts {
  readonly runs: number;
  readonly added: number;
  readonly excluded: number;
  readonly reads: number;
  readonly microDollars: number;
}

/** Adds to the counts of a source's day. */
export async function countDay(
  db: Kysely<Tables>,
  source: string,
  at: number,
  counts: Partial<DayCounts>,
): Promise<void> {
  const { runs = 0, added = 0, excluded = 0, reads = 0, microDollars: cost = 0 } = counts;
  await db
    .insertInto('source_days')
    .values({ source, day: dayOf(at), runs, added, excluded, reads, microDollars: cost })
    .onConflict((conflict) =>
      conflict.doUpdateSet((eb) => ({
        runs: eb('source_days.runs', '+', runs),
        added: eb('source_days.added', '+', added),
        excluded: eb('source_days.excluded', '+', excluded),
        reads: eb('source_days.reads', '+', reads),
        microDollars: eb('source_days.microDollars', '+', cost),
      })),
    )
    .execute();
}

/** What metered reads have cost on the day and in the month of `at` (UTC), in US dollars. */
export async function spentUsd(
  db: Kysely<Tables>,
  at: number,
): Promise<{ todayUsd: number; monthUsd: number }> {
  const since = async (day: number) => {
    const row = await db
      .selectFrom('source_days')
      .select((eb) => eb.fn.sum<number | null>('microDollars').as('total'))
      .where('day', '>=', day)
      .where('microDollars', '>', 0)
      .executeTakeFirst();
    return (row?.total ?? 0) / 1_000_000;
  };
  return { todayUsd: await since(dayOf(at)), monthUsd: await since(monthStart(at)) };
}

/** The first day of the month of `at`, UTC. */
export function monthStart(at: number): number {
  const date = new Date(at);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}

/** By source: new posts of each earlier day on which it was asked, oldest first, and the cost of this month. */
export async function sourceHistories(
  db: Kysely<Tables>,
  now: number,
): Promise<ReadonlyMap<string, { daily: readonly number[]; monthUsd: number }>> {
  const { rows } = await sql<{ source: string; daily: string; cost: number }>`
    SELECT source,
      json_group_array(added ORDER BY day) FILTER (WHERE day < ${dayOf(now)} AND day >= ${dayOf(now) - historyDays} AND runs > 0) AS daily,
      coalesce(sum(microDollars) FILTER (WHERE day >= ${monthStart(now)}), 0) AS cost
    FROM source_days WHERE day >= ${Math.min(dayOf(now) - historyDays, monthStart(now))} GROUP BY source`.execute(
    db,
  );
  return new Map(
    rows.map(({ source, daily, cost }) => [
      source,
      { daily: JSON.parse(daily) as number[], monthUsd: cost / 1_000_000 },
    ]),
  );
}
