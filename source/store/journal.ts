import type { Kysely, Transaction } from 'kysely';
import type { JournalEntry } from '../domain/signal.ts';
import type { Decision } from '../ports/desk-store.ts';
import { type Field, type FieldChange, type FieldValue, readField, stillIs, writeField } from './fields.ts';
import type { Tables } from './schema.ts';

const maxEntriesShown = 50;
const rowsPerInsert = 500;
/** What the program decided by itself (a snooze that ended) is told, and not taken back by `u`. */
const program = 'program';

export async function addEntry(
  trx: Transaction<Tables>,
  entry: { readonly at: number; readonly action: string; readonly actor: string },
  changes: readonly FieldChange[],
): Promise<number> {
  const { id: journalId } = await trx
    .insertInto('journal')
    .values({ ...entry, undoneAt: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rows = changes.map(({ signalId, field, before, after }) => ({
    journalId,
    signalId,
    field,
    before: before === null ? null : JSON.stringify(before),
    after: after === null ? null : JSON.stringify(after),
  }));
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    await trx
      .insertInto('journal_changes')
      .values(rows.slice(start, start + rowsPerInsert))
      .execute();
  }
  return journalId;
}

/**
 * Takes back the newest entry that still stands. A signal that somebody
 * changed since then is left as it is and named in `left`.
 */
export async function undoNewest(db: Kysely<Tables>, at: number): Promise<Decision | null> {
  return db.transaction().execute(async (trx) => {
    const entry = await newestStanding(trx);
    if (entry === undefined) return null;
    const decision = await apply(trx, entry, 'back', at);
    await trx.updateTable('journal').set({ undoneAt: at }).where('id', '=', entry.id).execute();
    return decision;
  });
}

/** Does again what was taken back last, unless something new was decided since. */
export async function redoOldest(db: Kysely<Tables>, at: number): Promise<Decision | null> {
  return db.transaction().execute(async (trx) => {
    const standing = await newestStanding(trx);
    const entry = await trx
      .selectFrom('journal')
      .select(['id', 'action'])
      .where('id', '>', standing?.id ?? 0)
      .where('undoneAt', 'is not', null)
      .where('actor', '<>', program)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (entry === undefined) return null;
    const decision = await apply(trx, entry, 'forth', at);
    await trx.updateTable('journal').set({ undoneAt: null }).where('id', '=', entry.id).execute();
    return decision;
  });
}

async function newestStanding(trx: Transaction<Tables>): Promise<{ id: number; action: string } | undefined> {
  return trx
    .selectFrom('journal')
    .select(['id', 'action'])
    .where('undoneAt', 'is', null)
    .where('actor', '<>', program)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

async function apply(
  trx: Transaction<Tables>,
  entry: { readonly id: number; readonly action: string },
  direction: 'back' | 'forth',
  at: number,
): Promise<Decision> {
  const rows = await trx
    .selectFrom('journal_changes')
    .select(['signalId', 'field', 'before', 'after'])
    .where('journalId', '=', entry.id)
    .execute();
  const changes = rows.map((row) => {
    const before = parsedValue(row.before);
    const after = parsedValue(row.after);
    // The column holds what this program wrote, whose fields are the type's.
    const field = row.field as Field;
    const [from, to] = direction === 'back' ? [after, before] : [before, after];
    return { signalId: row.signalId, field, from, to };
  });
  const changed = new Set<number>();
  for (const [field, group] of Map.groupBy(changes, (each) => each.field)) {
    const ids = group.map(({ signalId }) => signalId);
    const current = await readField(
      trx,
      field,
      ids,
      group.flatMap(({ from }) => noteId(from)),
    );
    const standing = group.filter(({ signalId, from }) => stillIs(field, current.get(signalId), from));
    await writeField(
      trx,
      field,
      standing.map(({ signalId, from, to }) => ({ signalId, from, value: to })),
      at,
    );
    for (const { signalId } of standing) changed.add(signalId);
  }
  const left = new Set(changes.map(({ signalId }) => signalId).filter((id) => !changed.has(id)));
  return { journalId: entry.id, action: entry.action, changed: [...changed], left: [...left] };
}

function parsedValue(json: string | null): FieldValue {
  return json === null ? null : (JSON.parse(json) as FieldValue);
}

function noteId(value: FieldValue): readonly number[] {
  return value !== null && typeof value === 'object' && 'id' in value && typeof value.id === 'number'
    ? [value.id]
    : [];
}

/** Decisions on one signal, newest first. */
export async function journalOf(db: Kysely<Tables>, signalId: number): Promise<readonly JournalEntry[]> {
  const rows = await db
    .selectFrom('journal')
    .innerJoin('journal_changes', 'journal_changes.journalId', 'journal.id')
    .select(['journal.id', 'journal.at', 'journal.action', 'journal.actor', 'journal.undoneAt'])
    .select((eb) =>
      eb
        .selectFrom('journal_changes as each')
        .whereRef('each.journalId', '=', 'journal.id')
        .select((count) => count.fn.count<number>('each.signalId').distinct().as('count'))
        .as('signals'),
    )
    .where('journal_changes.signalId', '=', signalId)
    .groupBy('journal.id')
    .orderBy('journal.id', 'desc')
    .limit(maxEntriesShown)
    .execute();
  return rows.map((row) => ({ ...row, signals: row.signals ?? 0 }));
}
