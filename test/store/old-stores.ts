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
  db.exec(`BEGIN; ${readFileSync(join(folder, `${schema}.sql`), 'utf8')} COMMIT;`);
  db.pragma('journal_mode = WAL');
  db.close();
}

/** Every row of the store by table, the migrator's own tables left out. */
export function contentOf(path: string): Record<string, unknown[]> {
  const db = new Database(path, { readonly: true });
  try {
    const tables = db
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'kysely_%' ORDER BY name",
      )
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}" ORDER BY 1, 2`).all()]),
    );
  } finally {
    db.close();
  }
}
