import Database, { SqliteError } from 'better-sqlite3';

/**
 * Opens a store to read it, without changing what it holds. After a kill,
 * SQLite may have to take back an unfinished transaction before anything can
 * be read, and may do so only on a connection that could write.
 */
export function openToRead(path: string, timeoutMs: number): Database.Database {
  const connection = new Database(path, { readonly: true, timeout: timeoutMs });
  try {
    connection.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get();
    return connection;
  } catch (error) {
    connection.close();
    if (!(error instanceof SqliteError && error.code.startsWith('SQLITE_READONLY'))) throw error;
    return new Database(path, { timeout: timeoutMs, fileMustExist: true });
  }
}
