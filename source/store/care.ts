import { statSync } from 'node:fs';
import type { CareStore, StoreGrowth } from '../ports/store-care.ts';
import type { StoreFile } from './database.ts';
import { expiredSignals, removeSignals } from './removal.ts';
import { dayOf } from './source-days.ts';

const incremental = 2;

/** The part of the store's port that keeps it in shape. */
export function careOf(file: StoreFile): CareStore {
  const { db, connection } = file;
  const pragma = (name: string) => Number(connection.pragma(name, { simple: true }));
  return {
    expiredSignals: (filter) => expiredSignals(db, filter),
    removeSignals: (ids, filter, at) => removeSignals(file, ids, filter, at),
    reclaim: async (pages) => {
      const inSteps = pragma('auto_vacuum') === incremental;
      if (inSteps) connection.pragma(`incremental_vacuum(${Math.max(1, Math.floor(pages))})`);
      const leftBytes = pragma('freelist_count') * pragma('page_size');
      // The file itself shrinks when the log is written back.
      if (leftBytes === 0) connection.pragma('wal_checkpoint(TRUNCATE)');
      return { leftBytes, inSteps };
    },
    compact: async () => {
      // Takes effect with the rewriting, and makes the next one needless.
      connection.pragma('auto_vacuum = INCREMENTAL');
      connection.exec('VACUUM');
      connection.pragma('wal_checkpoint(TRUNCATE)');
    },
    growth: async (now) => growthOf(file, now),
  };
}

async function growthOf({ db, path }: StoreFile, now: number): Promise<StoreGrowth> {
  const size = (each: string) => statSync(each, { throwIfNoEntry: false })?.size ?? 0;
  const today = dayOf(now);
  const days = await db
    .selectFrom('source_days')
    .select(['day', (eb) => eb.fn.sum<number>('added').as('added')])
    .where('day', '>=', today - 1)
    .groupBy('day')
    .execute();
  const { posts } = await db
    .selectFrom('sources')
    .select((eb) => eb.fn.sum<number | null>('posts').as('posts'))
    .executeTakeFirstOrThrow();
  const added = (day: number) => days.find((each) => each.day === day)?.added ?? 0;
  const logBytes = size(`${path}-wal`);
  return {
    bytes: size(path) + logBytes,
    logBytes,
    posts: posts ?? 0,
    addedToday: added(today),
    addedYesterday: added(today - 1),
  };
}
