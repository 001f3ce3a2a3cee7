import { type Kysely, sql, type Transaction } from 'kysely';
import type { ClaimedDelivery, Settlement } from '../ports/deliveries.ts';
import { deliveryFrom } from './deliveries.ts';
import type { Tables } from './schema.ts';

/**
 * Takes the oldest due delivery for this process alone. What another process
 * had taken and never settled is due again when its lease is over; nobody
 * knows whether it arrived. A reply waits until the message that it answers
 * has an end.
 */
export async function claimDelivery(
  db: Kysely<Tables>,
  notifier: string,
  at: number,
  leaseMs: number,
): Promise<ClaimedDelivery | null> {
  return db.transaction().execute(async (trx) => {
    await trx
      .updateTable('deliveries')
      .set({ state: 'failed', uncertain: 1, leaseUntil: null, nextAttemptAt: at })
      .where('notifier', '=', notifier)
      .where('state', '=', 'sending')
      .where('leaseUntil', '<=', at)
      .execute();
    const due = await trx
      .selectFrom('deliveries')
      .leftJoin('deliveries as root', 'root.id', 'deliveries.rootId')
      .select(['deliveries.id', 'root.reference as thread'])
      .select(['root.toldEchoes as rootEchoes', 'root.toldSources as rootSources'])
      .where('deliveries.notifier', '=', notifier)
      .where('deliveries.state', 'in', ['pending', 'failed'])
      .where('deliveries.nextAttemptAt', '<=', at)
      .where((eb) =>
        eb.or([eb('root.id', 'is', null), eb('root.state', 'in', ['sent', 'dead', 'cancelled'])]),
      )
      .orderBy('deliveries.id')
      .limit(1)
      .executeTakeFirst();
    if (due === undefined) return null;
    const record = await trx
      .updateTable('deliveries')
      .set({ state: 'sending', leaseUntil: at + leaseMs })
      .where('id', '=', due.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const tryNumber = await beginTry(trx, due.id, at);
    const echoes = due.rootEchoes ?? record.toldEchoes;
    const sources = due.rootSources ?? record.toldSources;
    return {
      ...deliveryFrom(record),
      thread: due.thread,
      rootId: record.rootId,
      queuedAt: record.queuedAt,
      content: record.content === null ? null : JSON.parse(record.content),
      uncertain: record.uncertain === 1,
      tryNumber,
      told: echoes === null || sources === null ? null : { echoes, sources: JSON.parse(sources) as string[] },
    };
  });
}

async function beginTry(trx: Transaction<Tables>, deliveryId: number, at: number): Promise<number> {
  const last = await trx
    .selectFrom('delivery_attempts')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('deliveryId', '=', deliveryId)
    .executeTakeFirst();
  const number = (last?.number ?? 0) + 1;
  await trx
    .insertInto('delivery_attempts')
    .values({ deliveryId, number, at, endedAt: null, answer: null })
    .execute();
  return number;
}

/** What came of a try. A process that was taken for dead has no say any more. */
export async function settleDelivery(
  db: Kysely<Tables>,
  { id, notifier, rootId, tryNumber }: ClaimedDelivery,
  settlement: Settlement,
  answer: string,
  at: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('delivery_attempts')
      .set({ endedAt: at, answer })
      .where('deliveryId', '=', id)
      .where('number', '=', tryNumber)
      .execute();
    const { numUpdatedRows } = await trx
      .updateTable('deliveries')
      .set(columnsOf(settlement, answer, at))
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .where(
        sql<boolean>`${tryNumber} = (SELECT max(number) FROM delivery_attempts WHERE deliveryId = ${id})`,
      )
      .executeTakeFirst();
    if (numUpdatedRows === 0n || settlement.state === 'cancelled') return;
    if (settlement.state !== 'sent') return rest(trx, notifier, settlement.restUntil);
    if (settlement.told === null) return;
    // Whatever joins a thread is what the reader of the thread knows from then on.
    await trx
      .updateTable('deliveries')
      .set({
        toldEchoes: settlement.told.echoes,
        toldSources: JSON.stringify(settlement.told.sources),
        toldStatus: settlement.status,
        toldAt: at,
      })
      .where('id', 'in', rootId === null ? [id] : [id, rootId])
      .execute();
  });
}

/** A service that wants to be left alone is not asked by another message either. */
async function rest(trx: Transaction<Tables>, notifier: string, until: number | null): Promise<void> {
  if (until === null) return;
  await trx
    .updateTable('deliveries')
    .set({ nextAttemptAt: until })
    .where('notifier', '=', notifier)
    .where('state', 'in', ['pending', 'failed'])
    .where('nextAttemptAt', '<', until)
    .execute();
}

function columnsOf(settlement: Settlement, answer: string, at: number) {
  switch (settlement.state) {
    case 'sent':
      return {
        state: 'sent',
        sentAt: at,
        leaseUntil: null,
        reference: settlement.reference,
        uncertain: 0,
        lastError: null,
        attempts: sql<number>`attempts + 1`,
      };
    case 'cancelled':
      return { state: 'cancelled', leaseUntil: null, lastError: answer };
    case 'failed':
    case 'dead':
      return {
        state: settlement.state,
        leaseUntil: null,
        nextAttemptAt: settlement.nextAttemptAt,
        uncertain: settlement.uncertain ? 1 : 0,
        lastError: answer,
        ...(settlement.counts ? { attempts: sql<number>`attempts + 1` } : {}),
      };
  }
}
