import type Database from 'better-sqlite3';
import type { StoreImage } from '../ports/store-files.ts';
import { appliedMigrations } from './database.ts';
import { explainStoreFailure } from './failures.ts';
import { comparableSignals, quote, signalImages, tablesOf } from './image-rows.ts';
import { openToRead } from './read-connection.ts';

/** How many problems of one kind are worth telling. */
const mostProblems = 20;

/** Opens a store file to look at, whatever its schema and without changing it. */
export function openStoreImage(path: string): StoreImage {
  const guard = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw explainStoreFailure(error, path);
    }
  };
  function* guarded<Item>(items: Iterable<Item>): Generator<Item> {
    try {
      yield* items;
    } catch (error) {
      throw explainStoreFailure(error, path);
    }
  }
  const connection = guard(() => openToRead(path, 10_000));
  // What the file says of itself is not trusted: damage must not crash the reader.
  guard(() => connection.pragma('trusted_schema = OFF'));
  return {
    migrations: closingOnFailure(connection, () => guard(() => appliedMigrations(connection))),
    rows: () =>
      guard(() =>
        Object.fromEntries(
          tablesOf(connection).map(({ name }) => [
            name,
            connection.prepare<[], { count: number }>(`SELECT count(*) AS count FROM ${quote(name)}`).get()
              ?.count ?? 0,
          ]),
        ),
      ),
    tables: () => guard(() => tablesOf(connection)),
    problems: () => guard(() => damageOf(connection)),
    signals: () => guarded(signalImages(connection)),
    comparableSignals: () => guarded(comparableSignals(connection)),
    close: () => connection.close(),
  };
}

/** What SQLite itself finds wrong; empty when the file is sound. */
export function damageOf(connection: Database.Database): readonly string[] {
  const integrity = connection.pragma(`integrity_check(${mostProblems})`) as { integrity_check: string }[];
  const problems = integrity.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  const orphans = connection.pragma('foreign_key_check') as { table: string; parent: string }[];
  for (const [table, rows] of Map.groupBy(orphans, (row) => `${row.table} refer to rows of ${row.parent}`)) {
    problems.push(`${rows.length} rows of ${table} that are gone`);
  }
  return problems;
}

function closingOnFailure<Result>(connection: Database.Database, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    connection.close();
    throw error;
  }
}
