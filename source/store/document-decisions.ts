import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import type { SignalDocument } from '../domain/signal-document.ts';
import type { DecidedField, TransferContext } from '../ports/transfer.ts';
import { addNotes } from './document-rows.ts';
import { type Field, type FieldChange, type FieldValue, readField, writeField } from './fields.ts';
import { addEntry } from './journal.ts';
import type { Tables } from './schema.ts';

/** A document of a signal that is here. */
export interface KnownDocument {
  readonly signalId: number;
  readonly document: SignalDocument;
}

interface Difference {
  readonly signalId: number;
  readonly fields: readonly DecidedField[];
  /** What would have to change for the decisions to be those of the document. */
  readonly changes: readonly FieldChange[];
  readonly notes: readonly SignalDocument['notes'][number][];
}

const correctable = ['category', 'sentiment', 'urgency'] as const;

/** Where the decisions here are not those of the documents; where they are, nothing. */
export async function differencesOf(
  trx: Transaction<Tables>,
  known: readonly KnownDocument[],
): Promise<readonly Difference[]> {
  // Two documents of one signal: the first one counts.
  const documents = new Map<number, SignalDocument>();
  for (const { signalId, document } of known) {
    if (!documents.has(signalId)) documents.set(signalId, document);
  }
  const ids = [...documents.keys()];
  const fields: readonly Field[] = ['status', 'assignee', 'tags', ...correctable];
  const changes: FieldChange[] = [];
  for (const field of fields) {
    for (const [signalId, before] of await readField(trx, field, ids)) {
      const document = documents.get(signalId);
      if (document === undefined) continue;
      const after = wantedValue(field, document, before);
      if (canonical(before) !== canonical(after)) changes.push({ signalId, field, before, after });
    }
  }
  const changesOf = Map.groupBy(changes, ({ signalId }) => signalId);
  const missing = await missingNotes(trx, documents);
  return [...documents.keys()].flatMap((signalId) => {
    const own = changesOf.get(signalId) ?? [];
    const notes = missing.get(signalId) ?? [];
    const named = own.map(({ field }) => (isCorrectable(field) ? 'correction' : field) as DecidedField);
    const fieldNames = [...new Set([...named, ...(notes.length > 0 ? (['notes'] as const) : [])])];
    return fieldNames.length === 0 ? [] : [{ signalId, fields: fieldNames, changes: own, notes }];
  });
}

function isCorrectable(field: Field): boolean {
  return (correctable as readonly Field[]).includes(field);
}

/** What a field is to be; what an analysis says here is not a decision, so it stays. */
function wantedValue(field: Field, document: SignalDocument, before: FieldValue): FieldValue {
  const { status, decidedAt, regressed, snooze, assignee, correction } = document;
  if (field === 'status') return { status, decidedAt, regressed, snooze };
  if (field === 'assignee') return assignee;
  if (field === 'tags') {
    // Tags that the file has from its analysis are no decision either.
    return canonical(document.tags) === canonical(document.analysis?.tags ?? []) ? before : document.tags;
  }
  const corrected = correction?.[field as (typeof correctable)[number]] ?? null;
  const { value } = before as { value: unknown };
  return corrected === null ? { value, corrected: false } : { value: corrected, corrected: true };
}

/** One text for equal values, whatever the order of their fields. */
function canonical(value: FieldValue): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => [key, canonical(each as FieldValue)]);
  return JSON.stringify(entries.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

async function missingNotes(
  trx: Transaction<Tables>,
  documents: ReadonlyMap<number, SignalDocument>,
): Promise<ReadonlyMap<number, SignalDocument['notes']>> {
  const ids = [...documents].filter(([, { notes }]) => notes.length > 0).map(([id]) => id);
  const rows = await trx
    .selectFrom('notes')
    .select(['signalId', 'at', 'author', 'text'])
    .where(sql<boolean>`signalId IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
  const here = new Set(
    rows.map(({ signalId, at, author, text }) => JSON.stringify([signalId, at, author, text])),
  );
  return new Map(
    ids.map((id) => [
      id,
      (documents.get(id)?.notes ?? []).filter(
        ({ at, author, text }) => !here.has(JSON.stringify([id, at, author, text])),
      ),
    ]),
  );
}

/** The decisions of the documents in place of those here: one entry of the journal, that can be taken back. Notes are added. */
export async function adoptDecisions(
  trx: Transaction<Tables>,
  differences: readonly Difference[],
  { at, actor }: TransferContext,
): Promise<void> {
  const changes = differences.flatMap((each) => each.changes);
  for (const [field, group] of Map.groupBy(changes, (each) => each.field)) {
    const written = group.map(({ signalId, before, after }) => ({ signalId, from: before, value: after }));
    await writeField(trx, field, written, at);
  }
  if (changes.length > 0) await addEntry(trx, { at, action: 'taken from a file', actor }, changes);
  await addNotes(
    trx,
    differences.flatMap(({ signalId, notes }) => notes.map((note) => ({ signalId, ...note }))),
  );
}
