import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { migrations } from '../../migrations/index.ts';
import { UserError } from '../errors.ts';
import type { StoreWatch } from '../ports/timings.ts';
import { explainStoreFailure } from './failures.ts';
import { openToRead } from './read-connection.ts';
import type { Tables } from './schema.ts';
import { addSearchFunctions } from './search-functions.ts';
import { StatementWatch } from './statement-watch.ts';

/** An open store file: Kysely for queries, the bare connection for what Kysely has no words for. */
export interface StoreFile {
  readonly path: string;
  readonly db: Kysely<Tables>;
  readonly connection: Connection;
}

const statementCacheSize = 256;
/** How long a statement waits for another program's lock, in milliseconds. It blocks its thread meanwhile. */
const defaultBusyTimeoutMs = 10_000;

/**
 * Opens the file, creating it and its folder for the owner alone. A store that
 * a newer version made is refused before anything of it is touched.
 * Migrations are left to the caller. `watch` hears how long each statement of
 * Kysely takes; what the bare connection is asked is not timed.
 *
 * @throws UserError `store-…` when the file cannot be used
 */
export function openStoreFile(
  path: string,
  busyTimeoutMs = defaultBusyTimeoutMs,
  watch?: StoreWatch,
): StoreFile {
  try {
    const isNew = !existsSync(path);
    if (!isNew) {
      accessSync(path, constants.R_OK | constants.W_OK);
      refuseNewerStore(path, busyTimeoutMs);
    } else createPrivately(path);
    const connection = new Database(path, { timeout: busyTimeoutMs });
    try {
      return prepareConnection(connection, path, isNew, watch);
    } catch (error) {
      // Left open, it would hold the damaged file against its own restore.
      connection.close();
      throw error;
    }
  } catch (error) {
    throw explainOpening(error, path);
  }
}

/** Kysely closes only a connection that it has used; one that was used beside it alone would stay open. */
export async function closeStoreFile({ db, connection }: StoreFile): Promise<void> {
  await db.destroy();
  connection.close();
}

function prepareConnection(
  connection: Connection,
  path: string,
  isNew: boolean,
  watch: StoreWatch | undefined,
): StoreFile {
  chmodSync(path, 0o600);
  // Possible only before the first table: the space of what is removed can be given back in small steps.
  if (isNew) connection.pragma('auto_vacuum = INCREMENTAL');
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  connection.pragma('foreign_keys = ON');
  // In KiB. Up to four threads have a connection each; what this does not hold, the system's own cache does.
  connection.pragma('cache_size = -16384');
  connection.pragma('wal_autocheckpoint = 4000');
  addSearchFunctions(connection);
  const statements = cachingDatabase(connection, path, watch);
  const db = new Kysely<Tables>({ dialect: new WriterDialect(statements, connection) });
  bare.set(db, { statements, connection });
  return { path, connection, db };
}

/** What is behind a Kysely; nothing is behind one that stands for a transaction. */
const bare = new WeakMap<
  Kysely<Tables>,
  { readonly statements: ReturnType<typeof cachingDatabase>; readonly connection: Connection }
>();

/**
 * The rows of a query without Kysely's queue for its one connection, which
 * takes longer than a short query does. Null while a transaction is open, whose
 * rows are nobody else's business: then the queue is where to wait.
 */
export function readAtOnce(
  db: Kysely<Tables>,
  sql: string,
  parameters: readonly unknown[],
): readonly unknown[] | null {
  const file = bare.get(db);
  if (file === undefined || file.connection.inTransaction) return null;
  return file.statements.prepare(sql).all(parameters);
}

function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite says only that it cannot open; the system says why.
  accessSync(dirname(path), constants.W_OK);
  // SQLite gives its -wal and -shm files the mode of the store, so the store must be private before it has any.
  new Database(path).close();
  chmodSync(path, 0o600);
}

function refuseNewerStore(path: string, busyTimeoutMs: number): void {
  if (statSync(path).isDirectory()) {
    throw new UserError('store-unopenable', `The store ${path} is a folder.`, {
      fix: 'Set store.path to a file.',
    });
  }
  const connection = openToRead(path, busyTimeoutMs);
  try {
    const known = new Set(Object.keys(migrations));
    const unknown = appliedMigrations(connection).filter((name) => !known.has(name));
    if (unknown.length === 0) return;
    throw new UserError(
      'store-newer',
      `The store ${path} was made by a newer version of signal-harvester (it has ${unknown.join(', ')}). It was not touched.`,
      {
        fix: 'Install the newest version ("npm install -g signal-harvester@latest"), or set store.path to another file.',
      },
    );
  } finally {
    connection.close();
  }
}

/** Names of the migrations that the file has had, oldest first. */
export function appliedMigrations(connection: Connection): readonly string[] {
  const table = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'kysely_migration'").get();
  if (table === undefined) return [];
  return connection
    .prepare<[], { name: string }>('SELECT name FROM kysely_migration ORDER BY name')
    .all()
    .map(({ name }) => name);
}

function explainOpening(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new UserError('store-readonly', `The store ${path} may not be written.`, {
      fix: 'Give yourself write permission on the file and its folder, or set store.path to another place.',
      exitCode: 4,
      cause: error,
    });
  }
  if (['ENOENT', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(code)) {
    return new UserError('store-unopenable', `The store ${path} could not be created (${code}).`, {
      fix: 'Check its folder and the free space there, or set store.path to another place.',
      exitCode: 4,
      cause: error,
    });
  }
  return explainStoreFailure(error, path);
}

/**
 * SQLite as this program wants it: statements are prepared once, failures of
 * the file become sentences, and transactions take the write lock at once
 * (a deferred one that reads first fails beside another writer, whatever the timeout).
 */
class WriterDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #connection: Connection;

  constructor(database: ReturnType<typeof cachingDatabase>, connection: Connection) {
    const config = { database };
    super(config);
    this.#config = config;
    this.#connection = connection;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config, this.#connection);
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** Kysely leaves schema changes outside transactions on SQLite, which can very well undo them. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #connection: Connection;

  constructor(config: SqliteDialectConfig, connection: Connection) {
    super(config);
    this.#connection = connection;
  }

  /** A full disk or an I/O error has already rolled back; doing so again would hide what went wrong. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction) await super.rollbackTransaction(connection);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

function cachingDatabase(connection: Connection, path: string, watch: StoreWatch | undefined) {
  const cache = new Map<string, ReturnType<typeof explaining>>();
  const watching = watch === undefined ? null : new StatementWatch(connection, watch);
  return {
    close: () => {
      watching?.close();
      connection.close();
    },
    prepare: (sql: string) => {
      const cached = cache.get(sql);
      if (cached !== undefined) return cached;
      const statement = guard(path, () => explaining(connection.prepare(sql), path, watching));
      if (cache.size >= statementCacheSize) cache.delete(cache.keys().next().value ?? '');
      cache.set(sql, statement);
      return statement;
    },
  };
}

function explaining(statement: Statement, path: string, watching: StatementWatch | null) {
  const sql = statement.source;
  const timed = <Result>(binds: number, act: () => Result, rowsOf: (result: Result) => number) =>
    guard(path, () => (watching === null ? act() : watching.time(sql, binds, act, rowsOf)));
  return {
    reader: statement.reader,
    all: (parameters: readonly unknown[]) =>
      timed(
        parameters.length,
        () => statement.all(parameters),
        ({ length }) => length,
      ),
    run: (parameters: readonly unknown[]) =>
      timed(
        parameters.length,
        () => statement.run(parameters),
        ({ changes }) => changes,
      ),
    iterate: (parameters: readonly unknown[]) => guard(path, () => statement.iterate(parameters)),
  };
}

function guard<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw explainStoreFailure(error, path);
  }
}
