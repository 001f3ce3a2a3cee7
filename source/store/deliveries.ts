import { type Kysely, sql, type Transaction } from 'kysely';
import type { Delivery, DeliveryKind, DeliveryState } from '../domain/delivery.ts';
import { deliveryStates } from '../domain/delivery.ts';
import type { DeliveryQuery, LedgerEntry, NewDelivery } from '../ports/deliveries.ts';
import type { DeliveryRecord, Tables } from './schema.ts';

/** What is there already is left as it is; what was cancelled is worth sending again. */
export async function planDeliveries(
  db: Kysely<Tables>,
  deliveries: readonly NewDelivery[],
  at: number,
): Promise<number> {
  if (deliveries.length === 0) return 0;
  return db.transaction().execute(async (trx) => {
    let planned = 0;
    for (const delivery of deliveries) if (await insertDelivery(trx, delivery, at)) planned += 1;
    return planned;
  });
}

/** True when it is new, or no longer cancelled. */
export async function insertDelivery(
  trx: Transaction<Tables>,
  { covers, content, ...delivery }: NewDelivery,
  at: number,
): Promise<boolean> {
  const { id } = (await trx
    .insertInto('deliveries')
    .values({
      ...delivery,
      kind: delivery.kind,
      key: crypto.randomUUID(),
      createdAt: at,
      queuedAt: at,
      content: content === null ? null : JSON.stringify(content),
      leaseUntil: null,
      sentAt: null,
      reference: null,
      lastError: null,
      toldEchoes: null,
      toldSources: null,
      toldStatus: null,
      toldAt: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()) ??
    (await trx
      .updateTable('deliveries')
      .set({ state: 'pending', queuedAt: at, nextAttemptAt: delivery.nextAttemptAt, lastError: null })
      .where('signalId', 'is', delivery.signalId)
      .where('notifier', '=', delivery.notifier)
      .where('rule', '=', delivery.rule)
      .where('reason', '=', delivery.reason)
      .where('state', '=', 'cancelled')
      .returning('id')
      .executeTakeFirst()) ?? { id: null };
  if (id === null) return false;
  if (covers.length > 0) {
    await sql`INSERT OR IGNORE INTO delivery_signals (deliveryId, signalId)
      SELECT ${id}, value FROM json_each(${JSON.stringify(covers)})`.execute(trx);
  }
  return true;
}

/** Merged signals count as told when either was. */
export async function toldAmong(
  db: Kysely<Tables>,
  notifier: string,
  ids: readonly number[],
  reached: boolean,
): Promise<ReadonlySet<number>> {
  const among = JSON.stringify(ids);
  const out = reached ? sql`('cancelled', 'dead')` : sql`('cancelled')`;
  const { rows } = await sql<{ id: number }>`
    WITH asked AS (SELECT value AS id FROM json_each(${among})),
    parts AS (
      SELECT id, id AS part FROM asked
      UNION ALL SELECT asked.id, signals.id FROM asked JOIN signals ON signals.mergedInto = asked.id
    )
    SELECT DISTINCT parts.id FROM parts
    WHERE EXISTS (SELECT 1 FROM deliveries WHERE signalId = parts.part AND notifier = ${notifier} AND state NOT IN ${out})
      OR EXISTS (
        SELECT 1 FROM delivery_signals JOIN deliveries ON deliveries.id = deliveryId
        WHERE delivery_signals.signalId = parts.part AND notifier = ${notifier} AND state NOT IN ('cancelled', 'dead')
      )`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

export async function toldReasons(
  db: Kysely<Tables>,
  notifier: string,
  reasons: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('deliveries')
    .select('reason')
    .distinct()
    .where('signalId', 'is', null)
    .where('notifier', '=', notifier)
    .where('state', '!=', 'cancelled')
    .where(sql<boolean>`reason IN (SELECT value FROM json_each(${JSON.stringify(reasons)}))`)
    .execute();
  return new Set(rows.map(({ reason }) => reason));
}

export async function ruleLoad(db: Kysely<Tables>, rule: string, since: number): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('rule', '=', rule)
    .where('kind', 'in', ['new', 'woke', 'regressed', 'event'])
    .where((eb) => eb.or([eb('state', 'in', ['pending', 'sending', 'failed']), eb('sentAt', '>', since)]))
    .executeTakeFirstOrThrow();
  return count;
}

export async function hurryDeliveries(
  db: Kysely<Tables>,
  rule: string,
  ids: readonly number[],
  at: number,
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('deliveries')
    .set({ nextAttemptAt: at })
    .where('rule', '=', rule)
    .where('state', '=', 'pending')
    .where('nextAttemptAt', '>', at)
    .where(sql<boolean>`signalId IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
}

/** Newest first, each with its tries. */
export async function listDeliveries(
  db: Kysely<Tables>,
  { states, signalId, limit, before }: DeliveryQuery,
): Promise<readonly LedgerEntry[]> {
  let query = db.selectFrom('deliveries').selectAll().orderBy('id', 'desc').limit(limit);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (before !== undefined) query = query.where('id', '<', before);
  if (signalId !== undefined) {
    // A digest speaks of a signal too, and so does what was merged into it.
    query = query.where(
      sql<boolean>`(signalId = ${signalId}
        OR signalId IN (SELECT id FROM signals WHERE mergedInto = ${signalId})
        OR id IN (SELECT deliveryId FROM delivery_signals WHERE signalId = ${signalId}))`,
    );
  }
  const records = await query.execute();
  const tries = await db
    .selectFrom('delivery_attempts')
    .selectAll()
    .where(
      sql<boolean>`deliveryId IN (SELECT value FROM json_each(${JSON.stringify(records.map(({ id }) => id))}))`,
    )
    .orderBy('number')
    .execute();
  const byDelivery = Map.groupBy(tries, ({ deliveryId }) => deliveryId);
  return records.map((record) => ({
    ...deliveryFrom(record),
    tries: (byDelivery.get(record.id) ?? []).map(({ at, endedAt, answer }) => ({ at, endedAt, answer })),
  }));
}

export async function countDeliveries(db: Kysely<Tables>): Promise<Readonly<Record<DeliveryState, number>>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return Object.fromEntries(deliveryStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
    DeliveryState,
    number
  >;
}

/** The number of tries starts anew: somebody has mended what was wrong. */
export async function retryDeliveries(
  db: Kysely<Tables>,
  ids: readonly number[] | null,
  at: number,
): Promise<number> {
  let query = db
    .updateTable('deliveries')
    .set({ state: 'pending', attempts: 0, nextAttemptAt: at, queuedAt: at })
    .where('state', 'in', ['dead', 'failed']);
  if (ids !== null)
    query = query.where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  const rows = await query.returning('id').execute();
  return rows.length;
}

/** The CHECK constraints of the columns are the lists of the types, so the casts cannot lie. */
export function deliveryFrom(record: DeliveryRecord): Delivery {
  const { id, key, signalId, notifier, rule, reason, attempts, createdAt, nextAttemptAt } = record;
  const { sentAt, reference, lastError } = record;
  return {
    id,
    key,
    kind: record.kind as DeliveryKind,
    signalId,
    notifier,
    rule,
    reason,
    state: record.state as DeliveryState,
    attempts,
    createdAt,
    nextAttemptAt,
    sentAt,
    reference,
    lastError,
  };
}
