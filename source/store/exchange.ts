import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database, { SqliteError } from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { explainStoreFailure } from './failures.ts';

const lockTimeoutMs = 1_000;
const damage = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR', 'SQLITE_FORMAT', 'SQLITE_ERROR'];

/**
 * Puts `replacement` in the place of the store file. The old store's log is
 * folded into it and deleted first: beside a new file it would be replayed
 * into that. Then one rename decides, so a kill leaves the old or the new.
 *
 * The file is locked exclusively meanwhile, which fails while anybody else has it open.
 */
export async function exchangeStore(
  path: string,
  replacement: string,
  keepOld: boolean,
): Promise<{ putAside: string | null }> {
  const lock = existsSync(path) ? lockAlone(path) : null;
  let putAside: string | null = null;
  try {
    if (lock === null) setLogsAside(path, freeNameFor(path));
    if (lock === 'damaged' || (lock !== null && keepOld)) putAside = setAside(path);
    renameSync(replacement, path);
    await syncFolder(dirname(path));
  } finally {
    if (lock !== null && lock !== 'damaged') lock.close();
  }
  return { putAside };
}

/** The only connection to the store, with its log folded in; or word that the file is too damaged to be locked. */
function lockAlone(path: string): Database.Database | 'damaged' {
  let connection: Database.Database | null = null;
  try {
    connection = new Database(path, { timeout: lockTimeoutMs });
    // Held until the connection is closed, not only to the end of a transaction.
    connection.pragma('locking_mode = EXCLUSIVE');
    // Leaving WAL needs every other connection gone, and ends with the log written back and deleted.
    const mode = connection.pragma('journal_mode = DELETE', { simple: true });
    connection.exec('BEGIN EXCLUSIVE');
    if (mode === 'delete') return connection;
    throw inUse(path, null);
  } catch (error) {
    connection?.close();
    if (!(error instanceof SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED'))
      throw inUse(path, error);
    if (damage.some((code) => error.code.startsWith(code))) return 'damaged';
    throw explainStoreFailure(error, path);
  }
}

/** Nothing is lost by accident, not even a damaged store: somebody may be able to read it. */
function setAside(path: string): string {
  const aside = freeNameFor(path);
  setLogsAside(path, aside);
  // A second name, so that at no moment there is no store.
  linkSync(path, aside);
  return aside;
}

/** The first of `….damaged`, `….damaged-2`, … that neither a store nor its logs have. */
function freeNameFor(path: string): string {
  const taken = (name: string) => ['', '-wal', '-journal'].some((end) => existsSync(`${name}${end}`));
  let aside = `${path}.damaged`;
  for (let number = 2; taken(aside); number += 1) aside = `${path}.damaged-${number}`;
  return aside;
}

/** SQLite would play a log or a journal that lies beside the new store into it, whosever they were. */
function setLogsAside(path: string, aside: string): void {
  for (const end of ['-wal', '-journal']) {
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`);
  }
  rmSync(`${path}-shm`, { force: true });
}

/** A rename is on the disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch {
    // Some systems and mounts cannot sync a folder; there the rename is as durable as it gets.
  } finally {
    await handle.close();
  }
}

function inUse(path: string, cause: unknown): UserError {
  return new UserError(
    'store-in-use',
    `The store ${path} is open in another program, so it was not replaced.`,
    {
      fix: 'End the other signal-harvester (a terminal app, a run, a service) and repeat this.',
      exitCode: 4,
      cause,
    },
  );
}
