import type { Kysely } from 'kysely';
import type { Cursor } from '../ports/source.ts';
import type { SourceRecord } from '../ports/store.ts';
import type { Tables } from './schema.ts';

export async function sourceCursor(db: Kysely<Tables>, name: string): Promise<Cursor | null> {
  const row = await db.selectFrom('sources').select('cursor').where('name', '=', name).executeTakeFirst();
  return row?.cursor == null ? null : (JSON.parse(row.cursor) as Cursor);
}

/** The newest outcome of a source; the other outcome's time stays, so that both can be told. */
export async function recordOutcome(
  db: Kysely<Tables>,
  name: string,
  kind: string,
  outcome: { lastSuccessAt: number; lastError: null } | { lastErrorAt: number; lastError: string },
): Promise<void> {
  const unknown = { cursor: null, lastSuccessAt: null, lastErrorAt: null };
  await db
    .insertInto('sources')
    .values({ name, kind, ...unknown, ...outcome })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ kind, ...outcome }))
    .execute();
}

export async function listSources(db: Kysely<Tables>): Promise<readonly SourceRecord[]> {
  return db
    .selectFrom('sources')
    .select(['name', 'kind', 'posts', 'lastSuccessAt', 'lastErrorAt', 'lastError'])
    .orderBy('name')
    .execute();
}
