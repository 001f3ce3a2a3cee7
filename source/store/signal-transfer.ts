import type { Database as Connection } from 'better-sqlite3';
import { columnsOf, quote, type Reference, referencesOf, tablesOf } from './image-rows.ts';
import { addSearchFunctions } from './search-functions.ts';
import { indexWordsWhere } from './search-index.ts';

/** Decisions belong to the signals they were made on, though no column says so. */
const alwaysTaken = ['journal'];

/**
 * Replaces all signals, and every table whose rows belong to signals or posts,
 * with those of the attached store `from` (same schema). Sources that the
 * store does not know are added, and all cursors go back to where they were,
 * so that the next run fetches what came since. Everything else stays.
 * One transaction: it happened or it did not.
 */
export function takeSignals(connection: Connection, from: string): Readonly<Record<string, number>> {
  addSearchFunctions(connection);
  connection.prepare('ATTACH DATABASE ? AS taken').run(from);
  try {
    const tables = tablesOf(connection).filter(({ sql }) => !/^CREATE VIRTUAL/i.test(sql));
    const names = new Set(tables.map(({ name }) => name));
    const belonging = belongingTables(referencesOf(connection)).filter((name) => names.has(name));
    const replace = connection.transaction(() => {
      connection.pragma('defer_foreign_keys = ON');
      addSources(connection);
      for (const table of belonging) connection.exec(`DELETE FROM main.${quote(table)}`);
      const rows: Record<string, number> = {};
      for (const table of belonging) rows[table] = copyTable(connection, table);
      connection.exec(
        `UPDATE main.sources SET posts = (SELECT count(*) FROM main.posts WHERE posts.source = sources.name)`,
      );
      if (names.has('removed_posts')) forgetRemoval(connection);
      rebuildIndexes(connection);
      return rows;
    });
    return replace.immediate();
  } finally {
    connection.exec('DETACH DATABASE taken');
  }
}

/** Signals, posts, decisions, and whatever refers to them, directly or through another table. */
function belongingTables(references: readonly Reference[]): readonly string[] {
  const found = new Set(['signals', 'posts', ...alwaysTaken]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { table, references: parent } of references) if (found.has(parent)) found.add(table);
  }
  return [...found];
}

function copyTable(connection: Connection, table: string): number {
  const there = new Set(
    connection
      .prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?, 'taken')")
      .all(table)
      .map(({ name }) => name),
  );
  const columns = columnsOf(connection, table)
    .map(({ name }) => name)
    .filter((name) => there.has(name))
    .map(quote)
    .join(', ');
  return connection
    .prepare(`INSERT INTO main.${quote(table)} (${columns}) SELECT ${columns} FROM taken.${quote(table)}`)
    .run().changes;
}

function addSources(connection: Connection): void {
  const columns = columnsOf(connection, 'sources')
    .map(({ name }) => quote(name))
    .join(', ');
  connection.exec(`INSERT OR IGNORE INTO main.sources (${columns}) SELECT ${columns} FROM taken.sources`);
  connection.exec(
    'UPDATE main.sources SET cursor = (SELECT cursor FROM taken.sources AS was WHERE was.name = main.sources.name)',
  );
}

/** What is back may be seen again. */
function forgetRemoval(connection: Connection): void {
  connection.exec('DELETE FROM main.removed_posts');
  connection.exec('INSERT INTO main.removed_posts SELECT * FROM taken.removed_posts');
}

/** A full-text index over other tables is filled by the program, not by SQLite. */
function rebuildIndexes(connection: Connection): void {
  const indexes = connection
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM main.sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'",
    )
    .all();
  // Deleting the posts emptied it; without this no search by words finds what was restored.
  if (indexes.some(({ name }) => name === 'post_words'))
    connection.exec(`${indexWordsWhere} true ORDER BY id`);
  for (const { name, sql } of indexes) {
    if (!/content\s*=\s*''/.test(sql))
      connection.exec(`INSERT INTO main.${quote(name)}(${quote(name)}) VALUES ('rebuild')`);
  }
}
