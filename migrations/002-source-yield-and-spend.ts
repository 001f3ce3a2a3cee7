import { type Kysely, sql } from 'kysely';

/**
 * What each source yields a day (so that silence can be told from success),
 * how much it may still ask, and what metered reads have cost.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sources ADD COLUMN lastPostAt INTEGER`.execute(db);
  await sql`ALTER TABLE sources ADD COLUMN quota TEXT CHECK (quota IS NULL OR json_valid(quota))`.execute(db);
  await sql`ALTER TABLE sources ADD COLUMN limitedUntil INTEGER`.execute(db);
  // Days are counted from 1970-01-01, UTC. Money is in millionths of a US dollar: whole numbers add up.
  await sql`CREATE TABLE source_days (
    source TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    day INTEGER NOT NULL CHECK (day >= 0),
    runs INTEGER NOT NULL DEFAULT 0 CHECK (runs >= 0),
    added INTEGER NOT NULL DEFAULT 0 CHECK (added >= 0),
    excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded >= 0),
    reads INTEGER NOT NULL DEFAULT 0 CHECK (reads >= 0),
    microDollars INTEGER NOT NULL DEFAULT 0 CHECK (microDollars >= 0),
    PRIMARY KEY (source, day)
  ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`CREATE INDEX source_days_by_day ON source_days (day, microDollars)`.execute(db);
  await sql`UPDATE sources SET lastPostAt = (SELECT max(fetchedAt) FROM posts WHERE posts.source = sources.name)`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TABLE source_days`.execute(db);
  for (const column of ['limitedUntil', 'quota', 'lastPostAt']) {
    await sql`ALTER TABLE sources DROP COLUMN ${sql.ref(column)}`.execute(db);
  }
}
