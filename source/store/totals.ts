import { type Kysely, sql } from 'kysely';
import type { StoreTotals } from '../ports/desk-store.ts';
import type { Tables } from './schema.ts';

/** Sums of the books that are kept by day; analyses are counted as they stand, which reads that whole table. */
export async function storeTotals(db: Kysely<Tables>): Promise<StoreTotals> {
  const sources = await db
    .selectFrom('source_days')
    .select('source')
    .select((eb) => [
      eb.fn.sum<number>('added').as('posts'),
      eb.fn.sum<number>('excluded').as('excluded'),
      eb.fn.sum<number>('reads').as('reads'),
      eb.fn.sum<number>('microDollars').as('cost'),
    ])
    .groupBy('source')
    .execute();
  const models = await db
    .selectFrom('model_days')
    .select('model')
    .select((eb) => [
      eb.fn.sum<number>('requests').as('requests'),
      eb.fn.sum<number>('inputTokens').as('inputTokens'),
      eb.fn.sum<number>('cachedTokens').as('cachedTokens'),
      eb.fn.sum<number>('outputTokens').as('outputTokens'),
      eb.fn.sum<number>('microDollars').as('cost'),
    ])
    .groupBy('model')
    .execute();
  const analyses = await db
    .selectFrom('analyses')
    .select(['analyzer', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('analyzer')
    .execute();
  return {
    sources: sources.map(({ cost, ...row }) => ({ ...row, usd: cost / 1_000_000 })),
    models: models.map(({ cost, ...row }) => ({ ...row, usd: cost / 1_000_000 })),
    analyses,
  };
}

/** Writes a setting and takes it back: what a read-only file or a full disk refuses. */
export async function probeWrite(db: Kysely<Tables>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`INSERT OR REPLACE INTO settings (name, value) VALUES ('probe', '1')`.execute(trx);
    await sql`DELETE FROM settings WHERE name = 'probe'`.execute(trx);
  });
}
