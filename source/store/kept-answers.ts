import { type Kysely, sql } from 'kysely';
import type { AnalysisDraft } from '../domain/analysis.ts';
import type { KeptAnswer } from '../ports/ledger.ts';
import type { Tables } from './schema.ts';

/** Within the caller's transaction: an answer is kept with the books of what it cost, or not at all. */
export async function keepAnswers(
  trx: Kysely<Tables>,
  answers: readonly KeptAnswer[],
  at: number,
): Promise<void> {
  if (answers.length === 0) return;
  await trx
    .insertInto('kept_answers')
    .values(answers.map(({ key, draft }) => ({ key, draft: JSON.stringify(draft), keptAt: at })))
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((eb) => ({ draft: eb.ref('excluded.draft'), keptAt: eb.ref('excluded.keptAt') })),
    )
    .execute();
}

export async function keptAnswers(
  db: Kysely<Tables>,
  keys: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, AnalysisDraft>> {
  const rows = await db
    .selectFrom('kept_answers')
    .select(['key', 'draft'])
    .where(sql<boolean>`key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`)
    .where('keptAt', '>=', since)
    .execute();
  const { analysisSchema } = await import('../domain/analysis-schema.ts');
  return new Map(
    rows.flatMap(({ key, draft }) => {
      const parsed = analysisSchema.safeParse(JSON.parse(draft));
      return parsed.success ? [[key, parsed.data] as const] : [];
    }),
  );
}

export async function pruneAnswers(db: Kysely<Tables>, since: number, most: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('kept_answers').where('keptAt', '<', since).execute();
    await sql`DELETE FROM kept_answers WHERE key IN (SELECT key FROM kept_answers ORDER BY keptAt
      LIMIT max(0, (SELECT count(*) FROM kept_answers) - ${most}))`.execute(trx);
  });
}
