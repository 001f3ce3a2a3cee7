import { type Kysely, sql } from 'kysely';

/**
 * Who may use the HTTP API and what was done through it; posts that were
 * pushed in and that their source has yet to take.
 */
const statements = [
  // The token itself is nowhere: `id` is the part of it that may be seen, `hash` the SHA-256 of the whole.
  sql`CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 4 AND 20),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    scopes TEXT NOT NULL CHECK (json_valid(scopes)),
    createdAt INTEGER NOT NULL,
    expiresAt INTEGER,
    lastUsedAt INTEGER,
    revokedAt INTEGER,
    replacedBy TEXT REFERENCES api_keys (id)
  ) STRICT`,
  sql`CREATE INDEX api_keys_by_name ON api_keys (name)`,
  sql`CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 60),
    via TEXT NOT NULL CHECK (via IN ('api', 'cli', 'program')),
    action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 60),
    target TEXT CHECK (length(target) BETWEEN 1 AND 200),
    before TEXT CHECK (json_valid(before)),
    after TEXT CHECK (json_valid(after)),
    address TEXT CHECK (length(address) BETWEEN 1 AND 60),
    requestId TEXT CHECK (length(requestId) BETWEEN 1 AND 64)
  ) STRICT`,
  // What was done cannot be made undone by whoever has this connection: rows never change, and only old ones go.
  sql`CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'the audit trail is append-only'); END`,
  sql`CREATE TRIGGER audit_keeps_what_is_new BEFORE DELETE ON audit
    WHEN OLD.at > unixepoch() * 1000 - 2592000000
    BEGIN SELECT raise(ABORT, 'the audit trail keeps at least 30 days'); END`,
  sql`CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request TEXT NOT NULL CHECK (length(request) = 64),
    answer TEXT NOT NULL CHECK (json_valid(answer)),
    at INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE INDEX idempotency_keys_by_time ON idempotency_keys (at)`,
  // Ids never come again: a source's cursor is the last id that it took.
  sql`CREATE TABLE pushed_posts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 60),
    at INTEGER NOT NULL,
    draft TEXT NOT NULL CHECK (json_valid(draft))
  ) STRICT`,
  sql`CREATE INDEX pushed_posts_by_source ON pushed_posts (source, id)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}

/** Keys, the audit trail and pushed posts that no run has taken yet are lost. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['pushed_posts', 'idempotency_keys', 'audit', 'api_keys']) {
    await sql`DROP TABLE ${sql.table(table)}`.execute(db);
  }
}
