import { type Kysely, sql } from 'kysely';
import type { DeliveryStore, NewDelivery, ToldSignal, WokenSignal } from '../ports/deliveries.ts';
import { insertDelivery } from './deliveries.ts';
import type { Tables } from './schema.ts';

/**
 * Signals that were told, are still open, and have more echoes than were told,
 * or another status. Of two that were merged the one that was told first
 * speaks; one of which more is about to be told is left out.
 */
export async function changedSignals(db: Kysely<Tables>, toldSince: number): Promise<readonly ToldSignal[]> {
  const { rows } = await sql<{
    rootId: number;
    signalId: number;
    notifier: string;
    rule: string;
    toldEchoes: number;
    toldSources: string;
    toldStatus: string;
    toldAt: number;
    echoes: number;
    sources: string;
    status: string;
    decidedAt: number | null;
  }>`
    SELECT min(root.id) AS rootId, now.id AS signalId, root.notifier, root.rule,
      root.toldEchoes, root.toldSources, root.toldStatus, root.toldAt,
      now.echoes, now.status, now.decidedAt,
      (SELECT json_group_array(DISTINCT source) FROM posts WHERE signalId = now.id) AS sources
    FROM deliveries AS root
    JOIN signals AS was ON was.id = root.signalId
    JOIN signals AS now ON now.id = coalesce(was.mergedInto, was.id)
    WHERE root.state = 'sent' AND root.rootId IS NULL AND root.kind IN ('new', 'woke', 'regressed')
      AND root.sentAt > ${toldSince} AND root.toldAt IS NOT NULL
      AND now.status IN ('inbox', 'escalated')
      AND (now.echoes > root.toldEchoes OR (now.status = 'escalated') <> (root.toldStatus = 'escalated'))
      AND NOT EXISTS (
        SELECT 1 FROM deliveries AS more
        WHERE more.rootId = root.id AND more.state IN ('pending', 'sending', 'failed')
      )
    GROUP BY now.id, root.notifier`.execute(db);
  return rows.map(({ toldEchoes, toldSources, echoes, sources, ...row }) => ({
    ...row,
    told: { echoes: toldEchoes, sources: JSON.parse(toldSources) as string[] },
    now: { echoes, sources: JSON.parse(sources) as string[] },
  }));
}

/** The first message about each signal, also about one that was merged into it. */
export async function rootsOf(
  db: Kysely<Tables>,
  notifier: string,
  ids: readonly number[],
): ReturnType<DeliveryStore['rootsOf']> {
  const { rows } = await sql<{ signalId: number; rootId: number; toldAt: number | null }>`
    SELECT coalesce(signals.mergedInto, signals.id) AS signalId, min(deliveries.id) AS rootId, max(toldAt) AS toldAt
    FROM deliveries JOIN signals ON signals.id = deliveries.signalId
    WHERE deliveries.notifier = ${notifier} AND rootId IS NULL AND deliveries.state <> 'cancelled'
      AND coalesce(signals.mergedInto, signals.id) IN (SELECT value FROM json_each(${JSON.stringify(ids)}))
    GROUP BY 1`.execute(db);
  return new Map(rows.map(({ signalId, ...root }) => [signalId, root]));
}

/** What the program itself has put back into the inbox since, as far as it is still open; the newest entry of each. */
export async function wokenSignals(db: Kysely<Tables>, since: number): Promise<readonly WokenSignal[]> {
  const rows = await db
    .selectFrom('journal')
    .innerJoin('journal_changes', 'journal_changes.journalId', 'journal.id')
    .innerJoin('signals', 'signals.id', 'journal_changes.signalId')
    .select(['signals.id as signalId', 'signals.regressed', 'journal.at'])
    .select((eb) => eb.fn.max('journal.id').as('journalId'))
    .where('journal.actor', '=', 'program')
    .where('journal.at', '>', since)
    .where('journal_changes.field', '=', 'status')
    .where('signals.status', 'in', ['inbox', 'escalated'])
    .where('signals.mergedInto', 'is', null)
    .groupBy('signals.id')
    .execute();
  return rows.map(({ signalId, journalId, regressed, at }) => ({
    signalId,
    journalId,
    at,
    regressed: regressed === 1,
  }));
}

export async function lastDigest(db: Kysely<Tables>, rule: string): Promise<number | null> {
  const row = await db.selectFrom('digests').select('dueAt').where('rule', '=', rule).executeTakeFirst();
  return row?.dueAt ?? null;
}

export async function planDigest(
  db: Kysely<Tables>,
  rule: string,
  dueAt: number,
  delivery: NewDelivery | null,
  at: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('digests')
      .values({ rule, dueAt })
      .onConflict((conflict) =>
        conflict.doUpdateSet((eb) => ({ dueAt: eb.fn<number>('max', ['digests.dueAt', 'excluded.dueAt']) })),
      )
      .execute();
    if (delivery !== null) await insertDelivery(trx, delivery, at);
  });
}
