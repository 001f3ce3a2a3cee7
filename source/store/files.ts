import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import type { StoreFiles } from '../ports/store-files.ts';
import { closeStoreFile, openStoreFile } from './database.ts';
import { exchangeStore } from './exchange.ts';
import { explainStoreFailure } from './failures.ts';
import { openStoreImage } from './image.ts';
import { columnsOf } from './image-rows.ts';
import { migrateUp } from './migrate.ts';
import { takeSignals } from './signal-transfer.ts';

const timeoutMs = 10_000;
/** Tables that hold what cannot be fetched or computed again. */
const contentTables = ['posts', 'signals', 'settings', 'journal'];

/** The store as a file. Opens connections of its own, for as long as each method takes. */
export function openStoreFiles(path: string): StoreFiles {
  return {
    path,
    hasContent: () => existsSync(path) && hasContent(path),
    copyTo: async (target) => copyStore(path, target),
    openImage: openStoreImage,
    upgrade: async (file) => upgradeFile(file),
    exchange: (replacement, { keepOld }) => exchangeStore(path, replacement, keepOld),
    takeSignalsFrom: async (from) =>
      withConnection(path, (connection) => {
        connection.pragma('foreign_keys = ON');
        return takeSignals(connection, from);
      }),
  };
}

/** A store that cannot be read counts as one with content: better a word too many than a store too few. */
function hasContent(path: string): boolean {
  try {
    return withConnection(path, (connection) =>
      contentTables.some(
        (table) =>
          columnsOf(connection, table).length > 0 &&
          connection.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined,
      ),
    );
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** `VACUUM INTO` reads one moment of the store however long it takes, and holds up no writer. */
function copyStore(path: string, target: string): void {
  if (!existsSync(path)) {
    throw new UserError('store-missing', `There is no store at ${path} yet.`, {
      fix: 'Harvest first ("signal-harvester run"), or check store.path.',
    });
  }
  // SQLite would make it readable for everybody.
  closeSync(openSync(target, 'wx', 0o600));
  withConnection(path, (connection) => connection.prepare('VACUUM INTO ?').run(target));
  chmodSync(target, 0o600);
}

async function upgradeFile(path: string): Promise<readonly string[]> {
  const file = openStoreFile(path);
  try {
    const applied = await migrateUp(file);
    file.connection.pragma('journal_mode = DELETE');
    return applied;
  } catch (error) {
    throw explainStoreFailure(error, path);
  } finally {
    await closeStoreFile(file);
  }
}

function withConnection<Result>(path: string, act: (connection: Database.Database) => Result): Result {
  let connection: Database.Database | null = null;
  try {
    connection = new Database(path, { timeout: timeoutMs, fileMustExist: true });
    return act(connection);
  } catch (error) {
    throw explainStoreFailure(error, path);
  } finally {
    connection?.close();
  }
}
