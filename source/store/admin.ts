import { existsSync } from 'node:fs';
import { migrations } from '../../migrations/index.ts';
import type { Actor } from '../domain/access.ts';
import type { SnapshotReason } from '../domain/snapshot.ts';
import type { NewAuditEntry } from '../ports/access.ts';
import { addAudit } from './access.ts';
import { examineStore, repairStore } from './check.ts';
import { closeStoreFile, openStoreFile, type StoreFile } from './database.ts';
import { explainStoreFailure } from './failures.ts';
import { migrateDown, migrateUp, migrationStatus } from './migrate.ts';
import { storeSize } from './store.ts';

/** What a snapshot is made before. */
type StoreChange = Extract<SnapshotReason, 'before-migration' | 'before-rollback' | 'before-repair'>;

/**
 * Care of a store file without bringing its schema up to date first. Looking
 * at a store that does not exist does not make one. `before` is awaited before each change; when it
 * rejects, nothing is changed.
 */
export function openStoreAdmin(
  path: string,
  before: (change: StoreChange) => Promise<void> = async () => undefined,
) {
  let opened: StoreFile | null = null;
  const file = () => {
    opened ??= openStoreFile(path);
    return opened;
  };
  if (existsSync(path)) file();
  const explained = async <Result>(act: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      throw explainStoreFailure(error, path);
    }
  };
  const sound = { problems: [], repairable: [], notes: [] };
  const nothing = { bytes: 0, posts: 0, signals: 0, applied: [], pending: Object.keys(migrations) };
  return {
    status: () =>
      explained(() => ({
        path,
        ...(existsSync(path) ? { ...storeSize(file()), ...migrationStatus(file()) } : nothing),
      })),
    migrate: () =>
      explained(async () => {
        const { applied, pending } = migrationStatus(file());
        if (applied.length > 0 && pending.length > 0) await before('before-migration');
        return migrateUp(file());
      }),
    rollback: () =>
      explained(async () => {
        if (!existsSync(path)) return null;
        if (migrationStatus(file()).applied.length > 0) await before('before-rollback');
        return migrateDown(file());
      }),
    check: () => explained(() => (existsSync(path) ? examineStore(file()) : sound)),
    repair: () =>
      explained(async () => {
        if (!existsSync(path)) return [];
        const { problems, repairable } = examineStore(file());
        if (repairable.length === 0) return problems;
        await before('before-repair');
        return repairStore(file());
      }),
    note: (entry: NewAuditEntry, by: Actor, at: number) =>
      explained(async () => {
        if (!existsSync(path)) return false;
        const { db, connection } = file();
        if (connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'audit'").get() === undefined) {
          return false;
        }
        await addAudit(db, entry, by, at);
        return true;
      }),
    close: async () => {
      if (opened !== null) await closeStoreFile(opened);
    },
  };
}
