import { type Kysely, type Selectable, sql } from 'kysely';
import type { UsageCount, UsageKind } from '../domain/usage.ts';
import type { UsageState } from '../ports/usage.ts';
import type { Tables } from './schema.ts';
import type { UsageStateTable } from './usage-tables.ts';

const only = 1;

export async function addUsage(
  db: Kysely<Tables>,
  counts: readonly UsageCount[],
  keepFrom: number,
  mostNames: number,
): Promise<void> {
  if (counts.length === 0) return;
  await db.transaction().execute(async (trx) => {
    for (const { day, kind, name, count, totalMs } of counts) {
      // A day that is full takes no new name; what it has goes on counting.
      const { known, names } = await trx
        .selectFrom('usage_days')
        .select((eb) => eb.fn.countAll<number>().as('names'))
        .select(sql<number | null>`sum(kind = ${kind} AND name = ${name})`.as('known'))
        .where('day', '=', day)
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('usage_days')
        .values({ day, kind, name: known || names < mostNames ? name : 'other', count, totalMs })
        .onConflict((conflict) =>
          conflict.columns(['day', 'kind', 'name']).doUpdateSet((eb) => ({
            count: eb('usage_days.count', '+', count),
            totalMs: eb('usage_days.totalMs', '+', totalMs),
          })),
        )
        .execute();
    }
    await trx.deleteFrom('usage_days').where('day', '<', keepFrom).execute();
  });
}

export async function listUsage(db: Kysely<Tables>, since: number): Promise<readonly UsageCount[]> {
  const rows = await db
    .selectFrom('usage_days')
    .selectAll()
    .where('day', '>=', since)
    .orderBy('day')
    .orderBy('kind')
    .orderBy('name')
    .execute();
  // The CHECK of the column is the list of the type.
  return rows.map(({ day, kind, ...row }) => ({ day, kind: kind as UsageKind, ...row }));
}

export async function usageState(db: Kysely<Tables>, freshId: string): Promise<UsageState> {
  return db.transaction().execute(async (trx) => {
    const found = await trx.selectFrom('usage_state').selectAll().executeTakeFirst();
    if (found !== undefined) return stateFrom(found);
    await trx.insertInto('usage_state').values(freshState(freshId)).execute();
    return stateFrom(freshState(freshId));
  });
}

export async function saveUsageState(
  db: Kysely<Tables>,
  { consent, ...change }: Partial<Omit<UsageState, 'installId'>>,
): Promise<void> {
  const agreed =
    consent === undefined
      ? {}
      : {
          consentGiven: consent === null ? null : Number(consent.given),
          consentAt: consent?.at ?? null,
          consentVersion: consent?.version ?? null,
        };
  await db
    .updateTable('usage_state')
    .set({ ...change, ...agreed })
    .where('id', '=', only)
    .execute();
}

export async function claimUsageSend(db: Kysely<Tables>, at: number, notAfter: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('usage_state')
    .set({ attemptedAt: at })
    .where('id', '=', only)
    .where((eb) => eb.or([eb('attemptedAt', 'is', null), eb('attemptedAt', '<=', notAfter)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function forgetUsage(db: Kysely<Tables>, freshId: string): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx.deleteFrom('usage_days').executeTakeFirstOrThrow();
    await trx.updateTable('usage_state').set({ installId: freshId }).where('id', '=', only).execute();
    return Number(numDeletedRows);
  });
}

function freshState(installId: string): UsageStateTable {
  return {
    id: only,
    installId,
    consentGiven: null,
    consentAt: null,
    consentVersion: null,
    sentThrough: null,
    attemptedAt: null,
  };
}

function stateFrom(row: Selectable<UsageStateTable>): UsageState {
  const { installId, consentGiven, consentAt, consentVersion, sentThrough, attemptedAt } = row;
  const consent =
    consentAt === null || consentVersion === null
      ? null
      : { given: consentGiven === 1, at: consentAt, version: consentVersion };
  return { installId, consent, sentThrough, attemptedAt };
}
