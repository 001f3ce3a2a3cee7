import { statSync } from 'node:fs';
import type { Store } from '../ports/store.ts';
import { saveAnalyses, unanalyzedSignals } from './analyses.ts';
import { careOf } from './care.ts';
import { checkStore } from './check.ts';
import { closeStoreFile, openStoreFile, type StoreFile } from './database.ts';
import { explainStoreFailure } from './failures.ts';
import { groupPosts } from './groups.ts';
import { setStatus, undoNewest } from './journal.ts';
import { migrateUp, migrationStatus } from './migrate.ts';
import { modelSpent, recordModelUse } from './model-days.ts';
import { salientPosts, saveEngagement, savePage } from './posts.ts';
import { beginRun, listRuns, pendingWork, saveRun } from './runs.ts';
import { applyScoreSettings, saveScores, unscoredSignals } from './scores.ts';
import { countSignals, findSignal, signalWindow } from './signals.ts';
import { spentUsd } from './source-days.ts';
import { chargeReads, listSources, recordOutcome, sourceCursor } from './sources.ts';

/**
 * Opens the store, creating it if need be, and brings it to the newest schema.
 *
 * @param beforeMigration awaited before an existing store is changed; when it rejects, nothing is
 * @throws UserError `store-…` when the file cannot be used
 */
export async function openStore(
  path: string,
  busyTimeoutMs?: number,
  beforeMigration?: () => Promise<void>,
): Promise<Store> {
  const file = openStoreFile(path, busyTimeoutMs);
  try {
    // A new store has nothing to lose.
    const { applied, pending } = migrationStatus(file);
    if (applied.length > 0 && pending.length > 0) await beforeMigration?.();
    await migrateUp(file);
    return createStore(file);
  } catch (error) {
    await closeStoreFile(file);
    throw explainStoreFailure(error, path);
  }
}

/** The port on an open file that has the newest schema. */
function createStore(file: StoreFile): Store {
  const { db, path } = file;
  return {
    path,
    beginRun: (startedAt) => beginRun(db, startedAt),
    saveRun: (progress, savedAt) => saveRun(db, progress, savedAt),
    cursor: (source) => sourceCursor(db, source),
    savePage: (page) => savePage(db, page),
    recordOutcome: (source, kind, at, outcome) => recordOutcome(db, source, kind, at, outcome),
    spent: (at) => spentUsd(db, at),
    saveEngagement: (source, updates, cost, at) => saveEngagement(db, source, updates, cost, at),
    chargeReads: (source, kind, cost, at) => chargeReads(db, source, kind, cost, at),
    salientPosts: (minRank, limit) => salientPosts(db, minRank, limit),
    recordModelUse: (use, at) => recordModelUse(db, use, at),
    modelSpent: (at) => modelSpent(db, at),
    pending: () => pendingWork(db),
    group: (limit, planner) => groupPosts(db, limit, planner),
    unanalyzed: (limit) => unanalyzedSignals(db, limit),
    saveAnalyses: (analyses) => saveAnalyses(db, analyses),
    unscored: (limit) => unscoredSignals(db, limit),
    saveScores: (scores, scoredAt) => saveScores(db, scores, scoredAt),
    applyScoreSettings: (settings, always) => applyScoreSettings(db, settings, always),
    signalWindow: (window) => signalWindow(db, window),
    countSignals: (filter, cap) => countSignals(db, filter, cap),
    signal: (id) => findSignal(db, id),
    setStatus: (ids, status, at) => setStatus(db, ids, status, at),
    undo: (at) => undoNewest(db, at),
    runs: (limit) => listRuns(db, limit),
    sources: (now) => listSources(db, now),
    size: async () => storeSize(file),
    check: async () => checkStore(file),
    ...careOf(file),
    migrations: async () => migrationStatus(file),
    close: () => closeStoreFile(file),
  };
}

/** Bytes on disk with the write-ahead log; rows as they are counted now. */
export function storeSize({ connection, path }: StoreFile): {
  bytes: number;
  posts: number;
  signals: number;
} {
  const bytes = [path, `${path}-wal`]
    .map((each) => statSync(each, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((total, size) => total + size, 0);
  const count = (table: 'posts' | 'signals') => {
    const exists = connection
      .prepare('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?')
      .get('table', table);
    if (exists === undefined) return 0;
    return (
      connection.prepare<[], { count: number }>(`SELECT count(*) AS count FROM ${table}`).get()?.count ?? 0
    );
  };
  return { bytes, posts: count('posts'), signals: count('signals') };
}
