import { checkStore } from './check.ts';
import { openStoreFile } from './database.ts';
import { explainStoreFailure } from './failures.ts';
import { migrateDown, migrateUp, migrationStatus } from './migrate.ts';
import { storeSize } from './store.ts';

/** Care of a store file without bringing its schema up to date first. */
export function openStoreAdmin(path: string) {
  const file = openStoreFile(path);
  const explained = async <Result>(act: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await act();
    } catch (error) {
      throw explainStoreFailure(error, path);
    }
  };
  return {
    status: () => explained(() => ({ path, ...storeSize(file), ...migrationStatus(file) })),
    migrate: () => explained(() => migrateUp(file)),
    rollback: () => explained(() => migrateDown(file)),
    check: () => explained(() => checkStore(file)),
    close: () => file.db.destroy(),
  };
}
