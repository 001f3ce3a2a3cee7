import { type Kysely, sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/access.ts';
import type {
  Breadcrumb,
  ErrorGroup,
  ErrorOccurrence,
  ErrorOrigin,
  ErrorState,
} from '../domain/error-group.ts';
import type { ErrorCount, ErrorQuery } from '../ports/errors.ts';
import { insertAudit } from './audit.ts';
import type { ErrorRecord, Tables } from './schema.ts';

/** Nobody looks through more; a program with so many different bugs has another problem. */
export const mostErrorGroups = 500;
const mostBatches = 200;

export async function addErrors(
  db: Kysely<Tables>,
  batch: string,
  occurrences: readonly ErrorOccurrence[],
  at: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const fresh = await trx
      .insertInto('error_batches')
      .values({ id: batch, at })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (fresh === undefined) return;
    for (const occurrence of occurrences) await addError(trx, occurrence);
    await dropOldest(trx);
    await sql`DELETE FROM error_batches WHERE id NOT IN
      (SELECT id FROM error_batches ORDER BY at DESC, id LIMIT ${mostBatches})`.execute(trx);
  });
}

/** Files of several processes come in any order: what was seen before a person resolved it brings nothing back. */
async function addError(trx: Transaction<Tables>, occurrence: ErrorOccurrence): Promise<void> {
  const { fingerprint, type, code, message, stack, breadcrumbs, origin, version, at, count } = occurrence;
  const newest = { message, stack, breadcrumbs: JSON.stringify(breadcrumbs), origin, lastVersion: version };
  const known = await trx
    .selectFrom('errors')
    .select(['id', 'state', 'firstSeenAt', 'lastSeenAt', 'resolvedAt'])
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  if (known === undefined) {
    await trx
      .insertInto('errors')
      .values({
        ...newest,
        fingerprint,
        type,
        code,
        count,
        firstSeenAt: at,
        lastSeenAt: at,
        firstVersion: version,
        resolvedAt: null,
        regressedAt: null,
        reportedAt: null,
      })
      .execute();
    return;
  }
  const regresses = known.state === 'resolved' && at > (known.resolvedAt ?? 0);
  await trx
    .updateTable('errors')
    .set({
      ...(at >= known.lastSeenAt ? { ...newest, lastSeenAt: at } : {}),
      ...(at < known.firstSeenAt ? { firstSeenAt: at, firstVersion: version } : {}),
      ...(regresses ? { state: 'regressed', regressedAt: at } : {}),
      count: sql<number>`count + ${count}`,
    })
    .where('id', '=', known.id)
    .execute();
}

async function dropOldest(trx: Transaction<Tables>): Promise<void> {
  await sql`DELETE FROM errors WHERE id NOT IN
    (SELECT id FROM errors ORDER BY state = 'resolved', lastSeenAt DESC, id DESC LIMIT ${mostErrorGroups})`.execute(
    trx,
  );
}

export async function listErrors(
  db: Kysely<Tables>,
  { states, limit, before }: ErrorQuery,
): Promise<readonly ErrorGroup[]> {
  let query = db
    .selectFrom('errors')
    .selectAll()
    .orderBy('lastSeenAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (states !== undefined) query = query.where('state', 'in', states);
  if (before !== undefined)
    query = query.where(sql<boolean>`(lastSeenAt, id) < (${before.lastSeenAt}, ${before.id})`);
  return (await query.execute()).map(groupFrom);
}

export async function findError(db: Kysely<Tables>, id: number): Promise<ErrorGroup | null> {
  const record = await db.selectFrom('errors').selectAll().where('id', '=', id).executeTakeFirst();
  return record === undefined ? null : groupFrom(record);
}

export async function setErrorState(
  db: Kysely<Tables>,
  id: number,
  state: 'open' | 'resolved',
  by: Actor,
  at: number,
): Promise<ErrorGroup | null> {
  return db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('errors').selectAll().where('id', '=', id).executeTakeFirst();
    if (before === undefined) return null;
    if (before.state === state) return groupFrom(before);
    const change =
      state === 'resolved' ? { state, resolvedAt: at } : { state, resolvedAt: null, regressedAt: null };
    const after = await trx
      .updateTable('errors')
      .set(change)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const action = state === 'resolved' ? 'errors.resolve' : 'errors.reopen';
    const entry = { action, target: String(id), before: { state: before.state }, after: { state } };
    await insertAudit(trx, entry, by, at);
    return groupFrom(after);
  });
}

export async function countErrors(db: Kysely<Tables>): Promise<readonly ErrorCount[]> {
  const rows = await db
    .selectFrom('errors')
    .select((eb) => [
      'state',
      'type',
      eb.fn.countAll<number>().as('groups'),
      eb.fn.sum<number>('count').as('occurrences'),
    ])
    .groupBy(['state', 'type'])
    .orderBy('type')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ ...row, state: row.state as ErrorState }));
}

export async function unreportedErrors(db: Kysely<Tables>, limit: number): Promise<readonly ErrorGroup[]> {
  const records = await db
    .selectFrom('errors')
    .selectAll()
    .where('state', '<>', 'resolved')
    .where(sql<boolean>`(reportedAt IS NULL OR reportedAt < regressedAt)`)
    .orderBy('lastSeenAt')
    .limit(limit)
    .execute();
  return records.map(groupFrom);
}

export async function markErrorReported(db: Kysely<Tables>, id: number, at: number): Promise<void> {
  await db.updateTable('errors').set({ reportedAt: at }).where('id', '=', id).execute();
}

/** The CHECK constraints of the columns are the lists of the types, so the casts cannot lie. */
function groupFrom({ breadcrumbs, state, origin, ...record }: ErrorRecord): ErrorGroup {
  return {
    ...record,
    state: state as ErrorState,
    origin: origin as ErrorOrigin,
    breadcrumbs: JSON.parse(breadcrumbs) as Breadcrumb[],
  };
}
