import type { Database as Connection } from 'better-sqlite3';
import type { ComparableSignal, SignalImage, StoredRow, TableShape } from '../ports/store-files.ts';

const signalsPerRead = 300;
/** Made from posts when they are grouped, of no use outside the store. */
const derivedTables = new Set(['fingerprints']);
/** How a signal is kept rather than what it says: of no interest to somebody who compares. */
const bookkeeping = new Set(['id', 'leadPostId', 'factors', 'scoredAt', 'analyzedAt']);

/** Tables of the store, SQLite's own and those behind a full-text index left out. */
export function tablesOf(connection: Connection): readonly TableShape[] {
  const tables = connection
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY name`,
    )
    .all();
  return tables.map(({ name, sql }) => ({
    name,
    sql,
    columns: columnsOf(connection, name).map(({ name: column, type, notnull }) => ({
      name: column,
      type,
      notNull: notnull === 1,
    })),
  }));
}

export function columnsOf(connection: Connection, table: string) {
  return connection
    .prepare<[string], { name: string; type: string; notnull: number; pk: number }>(
      'SELECT name, type, "notnull", pk FROM pragma_table_info(?)',
    )
    .all(table);
}

/** A column of `table` that refers to `references`. */
export interface Reference {
  readonly table: string;
  readonly column: string;
  readonly references: string;
  /** The column there; null is its primary key. */
  readonly to: string | null;
  readonly onDelete: string;
}

/** Every foreign key of the store. */
export function referencesOf(connection: Connection): readonly Reference[] {
  return connection
    .prepare<[], Reference>(
      `SELECT tables.name AS "table", keys."from" AS "column", keys."table" AS "references",
          keys."to" AS "to", keys.on_delete AS "onDelete"
        FROM pragma_table_list AS tables, pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.schema = 'main' AND tables.type = 'table'`,
    )
    .all();
}

/** Every signal with the rows that refer to it, in order of id. */
export function* signalImages(connection: Connection): Generator<SignalImage> {
  if (columnsOf(connection, 'signals').length === 0) return;
  const children = referencesOf(connection).filter(
    ({ table, references }) => references === 'signals' && table !== 'signals' && !derivedTables.has(table),
  );
  const page = connection.prepare<[number, number], StoredRow>(
    'SELECT * FROM signals WHERE id > ? ORDER BY id LIMIT ?',
  );
  const reads = children.map(({ table, column }) => ({
    table,
    column,
    statement: connection.prepare<[string], StoredRow>(
      `SELECT * FROM ${quote(table)} WHERE ${quote(column)} IN (SELECT value FROM json_each(?))`,
    ),
  }));
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const signals = page.all(after, signalsPerRead);
    const last = signals.at(-1);
    if (last === undefined) return;
    const ids = JSON.stringify(signals.map(({ id }) => id));
    const byTable = reads.map(({ table, column, statement }) => ({
      table,
      rows: Map.groupBy(statement.all(ids).map(plain), (row) => row[column]),
    }));
    for (const signal of signals) {
      const belongings = Object.fromEntries(
        byTable.map(({ table, rows }) => [table, rows.get(signal.id ?? null) ?? []]),
      );
      yield { signal: plain(signal), belongings };
    }
    after = Number(last.id);
  }
}

/** Every signal under the name of its lead post, in the order of SQLite's own comparison of texts. */
export function* comparableSignals(connection: Connection): Generator<ComparableSignal> {
  const own = columnsOf(connection, 'signals')
    .map(({ name }) => name)
    .filter((name) => !bookkeeping.has(name));
  if (own.length === 0) return;
  const analysis = columnsOf(connection, 'analyses')
    .map(({ name }) => name)
    .filter((name) => !bookkeeping.has(name) && !own.includes(name) && name !== 'signalId');
  const fields = [
    ...own.map((name) => `signals.${quote(name)} AS ${quote(name)}`),
    ...analysis.map((name) => `analyses.${quote(name)} AS ${quote(name)}`),
  ];
  const rows = connection
    .prepare<[], StoredRow>(
      `SELECT posts.source AS "lead source", posts.externalId AS "lead id", signals.id AS "signal id",
          substr(coalesce(nullif(posts.title, ''), posts.text), 1, 200) AS "lead title", ${fields.join(', ')}
        FROM posts JOIN signals ON signals.leadPostId = posts.id LEFT JOIN analyses ON analyses.signalId = signals.id
        ORDER BY posts.source, posts.externalId`,
    )
    .iterate();
  for (const row of rows) {
    const {
      'lead source': source,
      'lead id': externalId,
      'signal id': id,
      'lead title': title,
      ...rest
    } = plain(row);
    yield {
      source: String(source),
      externalId: String(externalId),
      id: Number(id),
      title: String(title),
      fields: rest,
    };
  }
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function plain(row: StoredRow): StoredRow {
  const blobs = Object.entries(row as Readonly<Record<string, unknown>>).filter(([, value]) =>
    Buffer.isBuffer(value),
  );
  if (blobs.length === 0) return row;
  return {
    ...row,
    ...Object.fromEntries(blobs.map(([name, value]) => [name, String((value as Buffer).toString('base64'))])),
  };
}
