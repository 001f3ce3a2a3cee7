import { type Kysely, sql, type Transaction } from 'kysely';
import type { Snooze, SnoozeRequest, TriageChange } from '../domain/triage.ts';
import { describeChange } from '../domain/triage.ts';
import type { Decision, TriageContext } from '../ports/desk-store.ts';
import { freeNoteId } from './document-rows.ts';
import { type Field, type FieldChange, type FieldValue, readField, writeField } from './fields.ts';
import { addEntry } from './journal.ts';
import { mergeChanges, splitChanges } from './merges.ts';
import type { Tables } from './schema.ts';

const hourMs = 3_600_000;

/**
 * Carries out one decision on many signals: one transaction, one journal entry
 * that can be taken back whole. What is so already, is gone or has been merged
 * away is left.
 */
export async function decide(
  db: Kysely<Tables>,
  change: TriageChange,
  ids: readonly number[],
  context: TriageContext,
): Promise<Decision> {
  return db.transaction().execute(async (trx) => {
    const present = await presentIds(trx, ids);
    const changes = await changesOf(trx, change, present, context);
    const action = describeChange(change);
    if (changes.length === 0) return { journalId: null, action, changed: [], left: [...ids] };
    for (const [field, group] of Map.groupBy(changes, (each) => each.field)) {
      await writeField(
        trx,
        field,
        group.map(({ signalId, before, after }) => ({ signalId, from: before, value: after })),
        context.at,
      );
    }
    const journalId = await addEntry(trx, { at: context.at, action, actor: context.actor }, changes);
    const done = new Set(changes.map(({ signalId }) => signalId));
    return { journalId, action, changed: [...done], left: ids.filter((id) => !done.has(id)) };
  });
}

async function presentIds(trx: Transaction<Tables>, ids: readonly number[]): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('signals')
    .select('id')
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .where('mergedInto', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

async function changesOf(
  trx: Transaction<Tables>,
  change: TriageChange,
  ids: readonly number[],
  context: TriageContext,
): Promise<readonly FieldChange[]> {
  switch (change.action) {
    case 'status':
      return statusChanges(trx, ids, () => ({
        status: change.status,
        decidedAt: change.status === 'inbox' ? null : context.at,
        regressed: false,
        snooze: null,
      }));
    case 'snooze': {
      const measures = await snoozeMeasures(trx, ids, change.snooze, context.at);
      return statusChanges(trx, ids, (id) => ({
        status: 'snoozed',
        decidedAt: context.at,
        regressed: false,
        snooze: measures(id),
      }));
    }
    case 'assign':
      return fieldChanges(trx, 'assignee', ids, () => change.assignee);
    case 'tag':
      return fieldChanges(trx, 'tags', ids, (before) => {
        const kept = (before as readonly string[]).filter((tag) => !change.remove.includes(tag));
        return [...new Set([...kept, ...change.add])];
      });
    case 'correct': {
      const corrections = (['category', 'sentiment', 'urgency'] as const).filter(
        (field) => change[field] !== undefined,
      );
      const parts = corrections.map((field) =>
        fieldChanges(trx, field, ids, () => ({ value: change[field] ?? null, corrected: true })),
      );
      return (await Promise.all(parts)).flat();
    }
    case 'note': {
      const first = await freeNoteId(trx);
      return ids.map((signalId, index) => ({
        signalId,
        field: 'note',
        before: null,
        after: { id: first + index, at: context.at, author: context.actor, text: change.text },
      }));
    }
    case 'merge':
      return mergeChanges(trx, change.into, ids);
    case 'split': {
      const [signalId] = ids;
      return signalId === undefined ? [] : splitChanges(trx, signalId, change.postIds, context);
    }
  }
}

/** A decision is new even when the status stays: snoozing again moves the waking, and nothing else does. */
async function statusChanges(
  trx: Transaction<Tables>,
  ids: readonly number[],
  decided: (id: number) => {
    status: string;
    decidedAt: number | null;
    regressed: boolean;
    snooze: Snooze | null;
  },
): Promise<readonly FieldChange[]> {
  const current = await readField(trx, 'status', ids);
  return [...current].flatMap(([signalId, before]) => {
    const after = decided(signalId);
    const { status, snooze } = before as { status: string; snooze: Snooze | null };
    const same = status === after.status && JSON.stringify(snooze) === JSON.stringify(after.snooze);
    return same ? [] : [{ signalId, field: 'status', before, after }];
  });
}

async function fieldChanges(
  trx: Transaction<Tables>,
  field: Field,
  ids: readonly number[],
  next: (before: FieldValue) => FieldValue,
): Promise<readonly FieldChange[]> {
  const current = await readField(trx, field, ids);
  return [...current].flatMap(([signalId, before]) => {
    const after = next(before);
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ signalId, field, before, after }];
  });
}

/** What a snooze will be measured against, as it is now. */
async function snoozeMeasures(
  trx: Transaction<Tables>,
  ids: readonly number[],
  request: SnoozeRequest,
  at: number,
): Promise<(id: number) => Snooze> {
  if (request.until === 'time') return () => request;
  const chosen = sql<boolean>`signals.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  if (request.until === 'echoes') {
    const rows = await trx.selectFrom('signals').select(['id', 'echoes']).where(chosen).execute();
    const echoes = new Map(rows.map((row) => [row.id, row.echoes]));
    return (id) => ({ until: 'echoes', echoes: (echoes.get(id) ?? 0) + request.more });
  }
  const rows = await trx
    .selectFrom('signals')
    .innerJoin('posts', 'posts.signalId', 'signals.id')
    .select(['signals.id', 'posts.source', 'signals.createdAt'])
    .select((eb) => eb.fn.countAll<number>().as('posts'))
    .where(chosen)
    .groupBy(['signals.id', 'posts.source'])
    .orderBy('posts.source')
    .execute();
  const bySignal = Map.groupBy(rows, ({ id }) => id);
  if (request.until === 'source') {
    return (id) => ({ until: 'source', known: (bySignal.get(id) ?? []).map(({ source }) => source) });
  }
  return (id) => {
    const own = bySignal.get(id) ?? [];
    const hours = Math.max(1, (at - (own[0]?.createdAt ?? at)) / hourMs);
    return { until: 'spike', perHour: own.reduce((sum, { posts }) => sum + posts, 0) / hours };
  };
}
