import { SqliteError } from 'better-sqlite3';
import { storeNotes, storeRules } from './check-rules.ts';
import type { StoreFile } from './database.ts';
import { damageOf } from './image.ts';
import { columnsOf, quote, referencesOf } from './image-rows.ts';

export interface StoreFindings {
  /** What is wrong, in words; empty when the store is sound. */
  readonly problems: readonly string[];
  /** Those of the problems that `repairStore` mends. */
  readonly repairable: readonly string[];
  /** Not wrong, but worth knowing. */
  readonly notes: readonly string[];
}

/** Everything that is wrong with the store, in words; empty when it is sound. Reads every page of the file. */
export function checkStore(file: StoreFile): readonly string[] {
  return examineStore(file).problems;
}

/** Integrity, references, and the rules that no constraint holds. Changes nothing. */
export function examineStore(file: StoreFile): StoreFindings {
  const { connection } = file;
  const damage = damageOf(connection);
  const broken = storeRules.flatMap(({ sentence, query, repair }) => {
    const count = countOf(file, query);
    return count > 0 ? [{ text: `${count} ${sentence}`, repairable: repair !== null }] : [];
  });
  const outOfStep = fullTextTables(file)
    .filter((table) => !isInStep(file, table))
    .map((table) => `the full-text index ${table} is not in step with what it indexes`);
  const notes = storeNotes.flatMap(({ sentence, query }) => {
    const count = countOf(file, query);
    return count > 0 ? [`${count} ${sentence}`] : [];
  });
  return {
    problems: [...damage, ...broken.map(({ text }) => text), ...outOfStep],
    repairable: [
      ...damage.filter((text) => isIndexDamage(text) || / rows of .* that are gone$/.test(text)),
      ...broken.filter(({ repairable }) => repairable).map(({ text }) => text),
      ...outOfStep,
    ],
    notes,
  };
}

/**
 * Mends what can be computed again: indexes, counts, marks, rows that belong
 * to a signal that is gone. One transaction. Returns what is still wrong.
 */
export function repairStore(file: StoreFile): readonly string[] {
  const { connection } = file;
  const { problems } = examineStore(file);
  if (problems.length === 0) return [];
  if (problems.some(isIndexDamage)) connection.exec('REINDEX');
  const mend = connection.transaction(() => {
    connection.pragma('defer_foreign_keys = ON');
    removeOrphans(file);
    for (const { query, repair } of storeRules) {
      if (repair === null || countOf(file, query) === 0) continue;
      for (const statement of repair) connection.exec(statement);
    }
    for (const table of fullTextTables(file)) {
      if (!isInStep(file, table))
        connection.exec(`INSERT INTO ${quote(table)}(${quote(table)}) VALUES ('rebuild')`);
    }
  });
  mend.immediate();
  return examineStore(file).problems;
}

/** What a missing row would have taken along goes; a post whose signal is gone waits to be grouped again. */
function removeOrphans({ connection }: StoreFile): void {
  for (const { table, column, references, to, onDelete } of referencesOf(connection)) {
    const key = to ?? columnsOf(connection, references).find(({ pk }) => pk === 1)?.name ?? 'rowid';
    const orphaned = `${quote(column)} IS NOT NULL AND ${quote(column)} NOT IN (SELECT ${quote(key)} FROM ${quote(references)})`;
    if (onDelete === 'CASCADE') connection.exec(`DELETE FROM ${quote(table)} WHERE ${orphaned}`);
    else if (table === 'posts' && references === 'signals') {
      connection.exec(`UPDATE posts SET signalId = NULL WHERE ${orphaned}`);
    }
  }
}

function isIndexDamage(problem: string): boolean {
  return /missing from index|wrong # of entries in index|non-unique entry in index/.test(problem);
}

/** None on a store of an earlier schema that has not what the rule speaks of. */
function countOf({ connection }: StoreFile, query: string): number {
  try {
    return connection.prepare<[], { count: number }>(query).get()?.count ?? 0;
  } catch (error) {
    if (error instanceof SqliteError && /no such (?:table|column)/.test(error.message)) return 0;
    throw error;
  }
}

function fullTextTables({ connection }: StoreFile): readonly string[] {
  return connection
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'",
    )
    .all()
    .filter(({ sql }) => !/content\s*=\s*''/.test(sql))
    .map(({ name }) => name);
}

/** FTS5's own comparison of an index with the table that it indexes. */
function isInStep({ connection }: StoreFile, table: string): boolean {
  try {
    connection.exec(`INSERT INTO ${quote(table)}(${quote(table)}, rank) VALUES ('integrity-check', 1)`);
    return true;
  } catch (error) {
    if (error instanceof SqliteError && error.code.startsWith('SQLITE_CORRUPT')) return false;
    throw error;
  }
}
