import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

const folder = fileURLToPath(new URL('../fixtures/stores/', import.meta.url));

/** Names of the schemas of which a store is kept: the newest migration that each has had. */
export const oldSchemas: readonly string[] = readdirSync(folder)
  .map((name) => basename(name, '.sql'))
  .toSorted();

/** Makes the kept store of an earlier schema at `path`. */
export function makeOldStore(schema: string, path: string): void {
  const db = new Database(path);
  // The tables of an index of words are written as they were.
  db.unsafeMode();
  db.exec(`BEGIN; ${readFileSync(join(folder, `${schema}.sql`), 'utf8')} COMMIT;`);
  db.pragma('journal_mode = WAL');
  db.close();
}

/**
 * Tables of which migrations keep the sense and not the rows: keys of near-duplicates (above 2^48) are made
 * anew, and the journal says "dismissed" in the words of its schema.
 */
const queries: Readonly<Record<string, string>> = {
  fingerprints: `SELECT key, signalId, high, low, createdAt FROM fingerprints WHERE key < ${2 ** 48} ORDER BY key, signalId`,
  journal_changes: `SELECT journalId, signalId, field,
    iif(json_valid(before), before ->> 'status', before) AS before,
    iif(json_valid(after), after ->> 'status', after) AS after FROM journal_changes ORDER BY 1, 2`,
};

/** Every row of the store by table, the migrator's own tables and the index of words left out. */
export function contentOf(path: string): Record<string, unknown[]> {
  const db = new Database(path, { readonly: true });
  try {
    const tables = db
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'kysely_%' AND name NOT IN (SELECT name FROM pragma_table_list WHERE type IN ('virtual', 'shadow')) ORDER BY name",
      )
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => [
        name,
        db.prepare(queries[name] ?? `SELECT * FROM "${name}" ORDER BY 1, 2`).all(),
      ]),
    );
  } finally {
    db.close();
  }
}
