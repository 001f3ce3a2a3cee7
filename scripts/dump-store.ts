/**
 * Prints a store as SQL, small and readable, for test/fixtures/stores: stores
 * of earlier schemas are kept so that every later version can be tried on them.
 *
 * Usage: node scripts/dump-store.ts STORE > test/fixtures/stores/NAME-OF-NEWEST-MIGRATION.sql
 */
import Database from 'better-sqlite3';

const db = new Database(process.argv[2] ?? '', { readonly: true, fileMustExist: true });
const lines = ['PRAGMA defer_foreign_keys = ON;'];
const kinds = new Map(
  (db.pragma('table_list') as { schema: string; name: string; type: string }[])
    .filter(({ schema }) => schema === 'main')
    .map(({ name, type }) => [name, type]),
);
// The table of an index of words brings its shadow tables, which hold what it knows; triggers must not see the rows come.
const parts = db
  .prepare<[], { type: string; name: string; sql: string }>(
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'index', rowid",
  )
  .all();
for (const { type, name, sql } of parts)
  if (type !== 'trigger' && kinds.get(name) !== 'shadow') lines.push(`${sql};`);
for (const { type, name } of parts) {
  const kind = kinds.get(name);
  if (type !== 'table' || kind === 'virtual') continue;
  const verb = kind === 'shadow' ? 'INSERT OR REPLACE' : 'INSERT';
  const columns = db.pragma(`table_info("${name}")`) as { name: string }[];
  const values = columns.map((column) => `quote("${column.name}")`).join(" || ', ' || ");
  const rows = db.prepare<[], { line: string }>(`SELECT ${values} AS line FROM "${name}"`).all();
  for (const { line } of rows) lines.push(`${verb} INTO "${name}" VALUES (${line});`);
}
for (const { type, sql } of parts) if (type === 'trigger') lines.push(`${sql};`);
process.stdout.write(`${lines.join('\n')}\n`);
