import { existsSync } from 'node:fs';
import { migrations } from '../../migrations/index.ts';
import { checkStore } from './check.ts';
import { openStoreFile, type StoreFile } from './database.ts';
import { explainStoreFailure } from './failures.ts';
import { migrateDown, migrateUp, migrationStatus } from './migrate.ts';
import { storeSize } from './store.ts';

/**
 * Care of a store file without bringing its schema up to date first. Looking
 * at a store that does not exist does not make one.
 */
export function openStoreAdmin(path: string) {
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
  const nothing = { bytes: 0, posts: 0, signals: 0, applied: [], pending: Object.keys(migrations) };
  return {
    status: () =>
      explained(() => ({
        path,
        ...(existsSync(path) ? { ...storeSize(file()), ...migrationStatus(file()) } : nothing),
      })),
    migrate: () => explained(() => migrateUp(file())),
    rollback: () => explained(() => (existsSync(path) ? migrateDown(file()) : null)),
    check: () => explained(() => (existsSync(path) ? checkStore(file()) : [])),
    close: async () => opened?.db.destroy(),
  };
}
