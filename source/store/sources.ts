import type { Kysely } from 'kysely';
import type { QuotaLeft } from '../domain/run.ts';
import type { SourceRecord } from '../ports/desk-store.ts';
import type { SourceOutcome } from '../ports/pipeline-store.ts';
import type { Cursor } from '../ports/source.ts';
import type { Tables } from './schema.ts';
import { countDay, microDollars, sourceHistories } from './source-days.ts';

export async function sourceCursor(db: Kysely<Tables>, name: string): Promise<Cursor | null> {
  const row = await db.selectFrom('sources').select('cursor').where('name', '=', name).executeTakeFirst();
  return row?.cursor == null ? null : (JSON.parse(row.cursor) as Cursor);
}

/** The newest outcome of a source; the other outcome's time stays, so that both can be told. */
export async function recordOutcome(
  db: Kysely<Tables>,
  name: string,
  kind: string,
  at: number,
  outcome: SourceOutcome,
): Promise<void> {
  const changes = {
    ...(outcome.state === 'done' && { lastSuccessAt: at, lastError: null, limitedUntil: null }),
    // A pause with a known end is no error: when it is over, nothing is wrong.
    ...(outcome.state === 'limited' && outcome.until !== null && { limitedUntil: outcome.until }),
    ...((outcome.state === 'failed' || (outcome.state === 'limited' && outcome.until === null)) && {
      lastErrorAt: at,
      lastError: outcome.message,
    }),
    ...(outcome.quota !== null && { quota: JSON.stringify(outcome.quota) }),
  };
  await db.transaction().execute(async (trx) => {
    const unknown = { cursor: null, lastSuccessAt: null, lastErrorAt: null, lastError: null };
    await trx
      .insertInto('sources')
      .values({ name, kind, ...unknown, ...changes })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ kind, ...changes }))
      .execute();
    // Only a day on which it answered says what is usual.
    await countDay(trx, name, at, { runs: outcome.state === 'done' ? 1 : 0 });
  });
}

export async function listSources(db: Kysely<Tables>, now: number): Promise<readonly SourceRecord[]> {
  const histories = await sourceHistories(db, now);
  const rows = await db
    .selectFrom('sources')
    .select([
      'name',
      'kind',
      'posts',
      'lastSuccessAt',
      'lastErrorAt',
      'lastError',
      'quota',
      'limitedUntil',
      'lastPostAt',
    ])
    .orderBy('name')
    .execute();
  return rows.map(({ quota, limitedUntil, ...row }) => ({
    ...row,
    quota: quota === null ? null : (JSON.parse(quota) as QuotaLeft),
    limitedUntil: limitedUntil !== null && limitedUntil > now ? limitedUntil : null,
    daily: histories.get(row.name)?.daily ?? [],
    monthUsd: histories.get(row.name)?.monthUsd ?? 0,
  }));
}

export async function chargeReads(
  db: Kysely<Tables>,
  name: string,
  kind: string,
  { reads, costUsd }: { readonly reads: number; readonly costUsd: number },
  at: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const unknown = { cursor: null, lastSuccessAt: null, lastErrorAt: null, lastError: null };
    await trx
      .insertInto('sources')
      .values({ name, kind, ...unknown })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await countDay(trx, name, at, { reads, microDollars: microDollars(costUsd) });
  });
}
