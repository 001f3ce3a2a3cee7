import { type Kysely, sql } from 'kysely';

/**
 * What retention has removed, so that a feed that still lists a post, or a
 * backfill, does not bring it back. A hash is enough, and small; cursors are
 * not: a quiet feed lists the same entries for years.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE removed_posts (
    source TEXT NOT NULL,
    hash INTEGER NOT NULL,
    removedAt INTEGER NOT NULL,
    PRIMARY KEY (source, hash)
  ) STRICT, WITHOUT ROWID`.execute(db);
  // Without it, removing one signal would read every fingerprint.
  await sql`CREATE INDEX fingerprints_by_signal ON fingerprints (signalId)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX fingerprints_by_signal`.execute(db);
  await sql`DROP TABLE removed_posts`.execute(db);
}
