import { type Kysely, sql, type Transaction } from 'kysely';
import { isSpike, type Snooze } from '../domain/triage.ts';
import type { Placement } from '../ports/pipeline-store.ts';
import { type FieldChange, readField, writeField } from './fields.ts';
import { addEntry } from './journal.ts';
import type { Tables } from './schema.ts';

const hourMs = 3_600_000;

/** Puts snoozed signals whose time has come back into the inbox. Returns how many. */
export async function wakeDue(db: Kysely<Tables>, at: number): Promise<number> {
  // Nearly always nothing is due, and then the write lock is not worth taking.
  if ((await dueIds(db, at)).length === 0) return 0;
  return db.transaction().execute(async (trx) => {
    const ids = await dueIds(trx, at);
    await reopen(trx, ids, { at, action: 'woke: the snooze is over', regressed: false });
    return ids.length;
  });
}

async function dueIds(db: Kysely<Tables>, at: number): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('signals')
    .select('id')
    .where('snoozedUntil', '<=', at)
    .where('status', '=', 'snoozed')
    .where('mergedInto', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** What new echoes bring back: resolved signals that came up again, and snoozed ones that were waiting for them. */
export async function reopenByEchoes(
  trx: Transaction<Tables>,
  placements: readonly Placement[],
  { reopenResolved }: { readonly reopenResolved: boolean },
): Promise<void> {
  const echoes = Map.groupBy(
    placements.filter(({ opens }) => !opens),
    ({ signalId }) => signalId,
  );
  if (echoes.size === 0) return;
  const signals = await trx
    .selectFrom('signals')
    .select(['id', 'status', 'snooze', 'decidedAt', 'echoes', 'lastSeenAt'])
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify([...echoes.keys()])}))`)
    .where(sql<string>`+status`, 'in', ['resolved', 'snoozed'])
    .execute();
  const regressed: number[] = [];
  const woken: number[] = [];
  for (const { id, status, snooze, decidedAt, ...signal } of signals) {
    const posts = (echoes.get(id) ?? []).map(({ post }) => post);
    if (status === 'resolved') {
      // A post from before the decision that only arrives now is no news.
      if (reopenResolved && posts.some(({ createdAt }) => createdAt > (decidedAt ?? 0))) regressed.push(id);
    } else if (snooze !== null && (await isOver(trx, id, JSON.parse(snooze) as Snooze, signal, posts))) {
      woken.push(id);
    }
  }
  const at = Math.max(...placements.map(({ post }) => post.fetchedAt));
  await reopen(trx, regressed, { at, action: 'came up again', regressed: true });
  await reopen(trx, woken, { at, action: 'woke: what it waited for has come', regressed: false });
}

async function isOver(
  trx: Transaction<Tables>,
  id: number,
  snooze: Snooze,
  { echoes, lastSeenAt }: { readonly echoes: number; readonly lastSeenAt: number },
  posts: readonly { readonly source: string }[],
): Promise<boolean> {
  switch (snooze.until) {
    case 'time':
      return false;
    case 'echoes':
      return echoes >= snooze.echoes;
    case 'source':
      return posts.some(({ source }) => !snooze.known.includes(source));
    case 'spike': {
      const { count } = await trx
        .selectFrom('posts')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('signalId', '=', id)
        .where('createdAt', '>', lastSeenAt - hourMs)
        .executeTakeFirstOrThrow();
      return isSpike(count, snooze.perHour);
    }
  }
}

async function reopen(
  trx: Transaction<Tables>,
  ids: readonly number[],
  { at, action, regressed }: { readonly at: number; readonly action: string; readonly regressed: boolean },
): Promise<void> {
  if (ids.length === 0) return;
  const current = await readField(trx, 'status', ids);
  const changes: FieldChange[] = [...current].map(([signalId, before]) => ({
    signalId,
    field: 'status',
    before,
    after: { status: 'inbox', decidedAt: null, regressed, snooze: null },
  }));
  await writeField(
    trx,
    'status',
    changes.map(({ signalId, before, after }) => ({ signalId, from: before, value: after })),
    at,
  );
  await addEntry(trx, { at, action, actor: 'program' }, changes);
}
