import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { JournalEntry, SignalStatus } from '../domain/signal.ts';
import type { StatusChange } from '../ports/store.ts';
import type { Tables } from './schema.ts';

const maxEntriesShown = 50;

/** Sets the status of many signals at once: one transaction, one journal entry that can be taken back whole. */
export async function setStatus(
  db: Kysely<Tables>,
  ids: readonly number[],
  status: SignalStatus,
  at: number,
): Promise<StatusChange> {
  return db.transaction().execute(async (trx) => {
    const current = await statusesOf(trx, ids);
    const changing = [...current].filter(([, before]) => before !== status);
    const changed = changing.map(([id]) => id);
    const left = ids.filter((id) => !changed.includes(id));
    if (changed.length === 0) return { journalId: null, action: status, changed, left };
    await writeStatus(trx, changed, status);
    const { id: journalId } = await trx
      .insertInto('journal')
      .values({ at, action: status, undoneAt: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (let start = 0; start < changing.length; start += 500) {
      await trx
        .insertInto('journal_changes')
        .values(
          changing
            .slice(start, start + 500)
            .map(([signalId, before]) => ({ journalId, signalId, field: 'status', before, after: status })),
        )
        .execute();
    }
    return { journalId, action: status, changed, left };
  });
}

/**
 * Takes back the newest entry that still stands. A signal that somebody
 * changed since then is left as it is and named in `left`.
 */
export async function undoNewest(db: Kysely<Tables>, at: number): Promise<StatusChange | null> {
  return db.transaction().execute(async (trx) => {
    const entry = await trx
      .selectFrom('journal')
      .select(['id', 'action'])
      .where('undoneAt', 'is', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (entry === undefined) return null;
    const changes = await trx
      .selectFrom('journal_changes')
      .select(['signalId', 'before', 'after'])
      .where('journalId', '=', entry.id)
      .execute();
    const current = await statusesOf(
      trx,
      changes.map(({ signalId }) => signalId),
    );
    const standing = changes.filter(({ signalId, after }) => current.get(signalId) === after);
    for (const [before, group] of Map.groupBy(standing, (change) => change.before ?? 'inbox')) {
      await writeStatus(
        trx,
        group.map(({ signalId }) => signalId),
        before,
      );
    }
    await trx.updateTable('journal').set({ undoneAt: at }).where('id', '=', entry.id).execute();
    const changed = standing.map(({ signalId }) => signalId);
    const left = changes.filter((change) => !standing.includes(change)).map(({ signalId }) => signalId);
    return { journalId: entry.id, action: entry.action, changed, left };
  });
}

async function statusesOf(
  trx: Transaction<Tables>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await trx
    .selectFrom('signals')
    .select(['id', 'status'])
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
  return new Map(rows.map(({ id, status }) => [id, status]));
}

async function writeStatus(trx: Transaction<Tables>, ids: readonly number[], status: string): Promise<void> {
  await trx
    .updateTable('signals')
    .set({ status })
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
}

/** Decisions on one signal, newest first. */
export async function journalOf(db: Kysely<Tables>, signalId: number): Promise<readonly JournalEntry[]> {
  const rows = await db
    .selectFrom('journal')
    .innerJoin('journal_changes', 'journal_changes.journalId', 'journal.id')
    .select(['journal.id', 'journal.at', 'journal.action', 'journal.undoneAt'])
    .select((eb) =>
      eb
        .selectFrom('journal_changes as each')
        .whereRef('each.journalId', '=', 'journal.id')
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('signals'),
    )
    .where('journal_changes.signalId', '=', signalId)
    .orderBy('journal.id', 'desc')
    .limit(maxEntriesShown)
    .execute();
  return rows.map((row) => ({ ...row, signals: row.signals ?? 0 }));
}
