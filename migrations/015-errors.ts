import { type Kysely, sql } from 'kysely';

/**
 * Errors that are bugs, one row a group. `message`, `stack` and `breadcrumbs`
 * are those of the newest, redacted before they came here. `error_batches`
 * remembers which files of the spool were taken, so that none is counted twice.
 */
const statements = [
  sql`CREATE TABLE errors (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 16),
    type TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 60),
    code TEXT CHECK (length(code) BETWEEN 1 AND 60),
    message TEXT NOT NULL CHECK (length(message) <= 300),
    stack TEXT NOT NULL CHECK (length(stack) <= 10000),
    breadcrumbs TEXT NOT NULL CHECK (json_valid(breadcrumbs) AND length(breadcrumbs) <= 10000),
    origin TEXT NOT NULL
      CHECK (origin IN ('command', 'screen', 'operation', 'request', 'thread', 'process')),
    count INTEGER NOT NULL CHECK (count > 0),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'regressed', 'resolved')),
    firstSeenAt INTEGER NOT NULL,
    lastSeenAt INTEGER NOT NULL CHECK (lastSeenAt >= firstSeenAt),
    firstVersion TEXT NOT NULL CHECK (length(firstVersion) BETWEEN 1 AND 60),
    lastVersion TEXT NOT NULL CHECK (length(lastVersion) BETWEEN 1 AND 60),
    resolvedAt INTEGER,
    regressedAt INTEGER,
    reportedAt INTEGER,
    CHECK (state <> 'resolved' OR resolvedAt IS NOT NULL),
    CHECK (state <> 'regressed' OR regressedAt IS NOT NULL)
  ) STRICT`,
  sql`CREATE INDEX errors_by_time ON errors (lastSeenAt, id)`,
  sql`CREATE TABLE error_batches (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 8 AND 64),
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}

/** What was known of errors is lost; those that wait in the spool are not. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['error_batches', 'errors']) await sql`DROP TABLE ${sql.table(table)}`.execute(db);
}
