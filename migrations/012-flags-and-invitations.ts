import { type Kysely, sql } from 'kysely';

/** Feature flags, flags of keys, and invitations that become keys. */
const statements = [
  sql`CREATE TABLE flags (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    state TEXT NOT NULL CHECK (state IN ('on', 'off') OR state GLOB '[0-9]*%'),
    setAt INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  sql`ALTER TABLE api_keys ADD COLUMN flags TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(flags))`,
  // What a rollout knows the key by: the id of the first of those that replaced each other. Null is its own id.
  sql`ALTER TABLE api_keys ADD COLUMN subject TEXT CHECK (length(subject) BETWEEN 4 AND 20)`,
  // The code itself is nowhere: `id` is the part of it that may be seen, `hash` the SHA-256 of the whole.
  sql`CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 4 AND 20),
    hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
    note TEXT NOT NULL CHECK (length(note) <= 200),
    scopes TEXT NOT NULL CHECK (json_valid(scopes)),
    flags TEXT NOT NULL CHECK (json_valid(flags)),
    keyLifeMs INTEGER NOT NULL CHECK (keyLifeMs > 0),
    createdAt INTEGER NOT NULL,
    createdBy TEXT NOT NULL CHECK (length(createdBy) BETWEEN 1 AND 60),
    expiresAt INTEGER NOT NULL,
    redeemedAt INTEGER,
    revokedAt INTEGER,
    keyId TEXT UNIQUE REFERENCES api_keys (id),
    CHECK ((redeemedAt IS NULL) = (keyId IS NULL))
  ) STRICT, WITHOUT ROWID`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}

/** Flags and invitations are lost; keys that invitations became stay, without their flags. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`DROP TABLE invitations`,
    sql`ALTER TABLE api_keys DROP COLUMN subject`,
    sql`ALTER TABLE api_keys DROP COLUMN flags`,
    sql`DROP TABLE flags`,
  ])
    await statement.execute(db);
}
