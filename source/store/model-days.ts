import type { Kysely } from 'kysely';
import type { ModelUse } from '../ports/ledger.ts';
import type { Tables } from './schema.ts';
import { dayOf, microDollars, monthStart } from './source-days.ts';

export async function recordModelUse(db: Kysely<Tables>, use: ModelUse, at: number): Promise<void> {
  const { model, inputTokens, cachedTokens, outputTokens, costUsd } = use;
  const row = { requests: 1, inputTokens, cachedTokens, outputTokens, microDollars: microDollars(costUsd) };
  await db
    .insertInto('model_days')
    .values({ model, day: dayOf(at), ...row })
    .onConflict((conflict) =>
      conflict.doUpdateSet((eb) => ({
        requests: eb('model_days.requests', '+', row.requests),
        inputTokens: eb('model_days.inputTokens', '+', row.inputTokens),
        cachedTokens: eb('model_days.cachedTokens', '+', row.cachedTokens),
        outputTokens: eb('model_days.outputTokens', '+', row.outputTokens),
        microDollars: eb('model_days.microDollars', '+', row.microDollars),
      })),
    )
    .execute();
}

/** On the day and in the month of `at` (UTC), in US dollars. */
export async function modelSpent(
  db: Kysely<Tables>,
  at: number,
): Promise<{ todayUsd: number; monthUsd: number }> {
  const rows = await db
    .selectFrom('model_days')
    .select(['day', (eb) => eb.fn.sum<number>('microDollars').as('cost')])
    .where('day', '>=', monthStart(at))
    .groupBy('day')
    .execute();
  const total = (days: typeof rows) => days.reduce((sum, { cost }) => sum + cost, 0) / 1_000_000;
  return { todayUsd: total(rows.filter(({ day }) => day === dayOf(at))), monthUsd: total(rows) };
}
