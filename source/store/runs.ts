import type { Kysely, Selectable } from 'kysely';
import type { RunProgress } from '../domain/run.ts';
import type { Pending } from '../ports/pipeline-store.ts';
import type { RunsTable } from './post-tables.ts';
import type { Tables } from './schema.ts';

/** A run saves itself every few seconds; one that has been quiet for this long is dead. */
const deadAfterMs = 60_000;

export async function beginRun(db: Kysely<Tables>, startedAt: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await trx
      .updateTable('runs')
      .set({ state: 'interrupted' })
      .where('state', '=', 'running')
      .where('savedAt', '<', startedAt - deadAfterMs)
      .execute();
    const { id } = await trx
      .insertInto('runs')
      .values({ state: 'running', startedAt, finishedAt: null, savedAt: startedAt, progress: '{}' })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

export async function saveRun(db: Kysely<Tables>, progress: RunProgress, savedAt: number): Promise<void> {
  await db
    .updateTable('runs')
    .set({
      state: progress.state,
      finishedAt: progress.finishedAt,
      savedAt,
      progress: JSON.stringify(progress),
    })
    .where('id', '=', progress.id)
    .execute();
}

/** Newest first. The state is the row's: a killed run could not write its own end. */
export async function listRuns(
  db: Kysely<Tables>,
  limit: number,
  before?: number,
): Promise<readonly RunProgress[]> {
  let query = db.selectFrom('runs').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(runFrom);
}

export async function findRun(db: Kysely<Tables>, id: number): Promise<RunProgress | null> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : runFrom(row);
}

function runFrom(row: Selectable<RunsTable>): RunProgress {
  const empty = {
    finishedAt: null,
    elapsedMs: 0,
    sources: [],
    stages: [],
    analyzers: [],
    models: [],
    signals: 0,
    warnings: [],
  };
  const progress = JSON.parse(row.progress) as Partial<RunProgress>;
  return {
    ...empty,
    ...progress,
    id: row.id,
    startedAt: row.startedAt,
    state: row.state as RunProgress['state'],
  };
}

export async function pendingWork(db: Kysely<Tables>): Promise<Pending> {
  const count = { count: 0 };
  const ungrouped = await db
    .selectFrom('posts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('signalId', 'is', null)
    .executeTakeFirst();
  const unanalyzed = await db
    .selectFrom('signals')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('analyzedAt', 'is', null)
    .where('mergedInto', 'is', null)
    .executeTakeFirst();
  const unscored = await db
    .selectFrom('signals')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('scoredAt', 'is', null)
    .where('analyzedAt', 'is not', null)
    .where('mergedInto', 'is', null)
    .executeTakeFirst();
  return {
    ungrouped: (ungrouped ?? count).count,
    unanalyzed: (unanalyzed ?? count).count,
    unscored: (unscored ?? count).count,
  };
}
