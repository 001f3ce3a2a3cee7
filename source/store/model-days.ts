import type { Kysely } from 'kysely';
import type { ModelSpend } from '../domain/spend.ts';
import type { KeptAnswer, ModelUse } from '../ports/ledger.ts';
import { keepAnswers } from './kept-answers.ts';
import type { Tables } from './schema.ts';
import { dayOf, microDollars, monthStart } from './source-days.ts';

/** The books and the answers, in one transaction. */
export async function recordModelUse(
  db: Kysely<Tables>,
  use: ModelUse,
  answers: readonly KeptAnswer[],
  at: number,
): Promise<void> {
  const { model, inputTokens, cachedTokens, outputTokens, costUsd } = use;
  const row = { requests: 1, inputTokens, cachedTokens, outputTokens, microDollars: microDollars(costUsd) };
  await db.transaction().execute(async (trx) => {
    await trx
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
    await keepAnswers(trx, answers, at);
  });
}

/** On the day and in the month of `at` (UTC), in US dollars. */
export async function modelSpent(
  db: Kysely<Tables>,
  at: number,
): Promise<{ todayUsd: number; monthUsd: number }> {
  const { today, month } = await modelSpendOf(db, at);
  const total = (spends: readonly ModelSpend[]) => spends.reduce((sum, { costUsd }) => sum + costUsd, 0);
  return { todayUsd: total(today), monthUsd: total(month) };
}

/** By model, dearest first, on the day and in the month of `at` (UTC). */
export async function modelSpendOf(
  db: Kysely<Tables>,
  at: number,
): Promise<{ today: readonly ModelSpend[]; month: readonly ModelSpend[] }> {
  return {
    today: await spendSince(db, dayOf(at), dayOf(at)),
    month: await spendSince(db, monthStart(at), dayOf(at)),
  };
}

async function spendSince(
  db: Kysely<Tables>,
  firstDay: number,
  lastDay: number,
): Promise<readonly ModelSpend[]> {
  const rows = await db
    .selectFrom('model_days')
    .select((eb) => [
      'model',
      eb.fn.sum<number>('requests').as('requests'),
      eb.fn.sum<number>('inputTokens').as('inputTokens'),
      eb.fn.sum<number>('cachedTokens').as('cachedTokens'),
      eb.fn.sum<number>('outputTokens').as('outputTokens'),
      eb.fn.sum<number>('microDollars').as('cost'),
    ])
    .where('day', '>=', firstDay)
    .where('day', '<=', lastDay)
    .groupBy('model')
    .orderBy('cost', 'desc')
    .orderBy('model')
    .execute();
  return rows.map(({ cost, ...row }) => ({ ...row, costUsd: cost / 1_000_000, reused: 0 }));
}
