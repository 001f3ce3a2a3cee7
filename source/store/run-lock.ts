import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { exitCodes, UserError } from '../errors.ts';
import type { RunLock } from '../ports/pipeline-store.ts';
import { explainStoreFailure } from './failures.ts';

/**
 * One run at a time on one store, whoever starts it. The lock is the write lock
 * of a small file beside the store, so the system lets it go when its holder
 * dies, however that happens; who holds it can be read all the while.
 *
 * @throws UserError `run-in-progress`
 */
export function lockRuns(storePath: string, startedAt: number): RunLock {
  const path = `${storePath}.run`;
  try {
    const connection = new Database(path, { timeout: 0 });
    try {
      chmodSync(path, 0o600);
      connection.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, startedAt INTEGER NOT NULL)');
      connection.exec('BEGIN IMMEDIATE; DELETE FROM holder');
      connection.prepare('INSERT INTO holder VALUES (?, ?)').run(process.pid, startedAt);
      connection.exec('COMMIT; BEGIN IMMEDIATE');
      return { release: () => connection.close() };
    } catch (error) {
      const holder = isBusy(error) ? readHolder(connection) : null;
      connection.close();
      throw holder === null ? error : inProgress(holder, error);
    }
  } catch (error) {
    throw explainStoreFailure(error, path);
  }
}

interface Holder {
  readonly pid: number;
  readonly startedAt: number;
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** The holder is read while it holds; one that has just begun may not have said who it is. */
function readHolder(connection: Database.Database): Holder {
  try {
    const holder = connection.prepare<[], Holder>('SELECT pid, startedAt FROM holder').get();
    return holder ?? { pid: 0, startedAt: 0 };
  } catch {
    return { pid: 0, startedAt: 0 };
  }
}

function inProgress({ pid, startedAt }: Holder, cause: unknown): UserError {
  const who =
    pid === 0
      ? ''
      : ` (process ${pid}, since ${new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC)`;
  return new UserError('run-in-progress', `Another run is in progress${who}; nothing was done.`, {
    fix: 'Wait for it to end: what it finds is in the same store.',
    exitCode: exitCodes.busy,
    cause,
  });
}
