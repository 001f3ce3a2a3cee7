import { type Kysely, sql } from 'kysely';

/**
 * Fingerprints lie by period (28 days of writing) first: what a post is compared
 * with was written at about its time, so placing one touches a few pages that
 * are in memory, however large the store. Near-duplicates are found by other
 * keys from here on, and those of before mean nothing to them; equal texts and
 * equal pages are found as ever.
 */
const firstBandKey = 2 * 2 ** 47;
const periodMs = 28 * 86_400_000;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE fingerprints RENAME TO fingerprints_before`.execute(db);
  await sql`CREATE TABLE fingerprints (
    period INTEGER NOT NULL,
    key INTEGER NOT NULL,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    high INTEGER NOT NULL,
    low INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (period, key, signalId)
  ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`INSERT INTO fingerprints (period, key, signalId, high, low, createdAt)
    SELECT CAST(createdAt / ${periodMs} AS INTEGER), key, signalId, high, low, createdAt
    FROM fingerprints_before WHERE key < ${firstBandKey}`.execute(db);
  await sql`DROP TABLE fingerprints_before`.execute(db);
  // Without it, removing one signal would read the whole table.
  await sql`CREATE INDEX fingerprints_by_signal ON fingerprints (signalId)`.execute(db);
}

/** The older program finds equal texts and pages; near-duplicates only of posts to come. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE fingerprints RENAME TO fingerprints_after`.execute(db);
  await sql`CREATE TABLE fingerprints (
    key INTEGER NOT NULL,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    high INTEGER NOT NULL,
    low INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (key, signalId)
  ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`INSERT OR IGNORE INTO fingerprints (key, signalId, high, low, createdAt)
    SELECT key, signalId, high, low, max(createdAt) FROM fingerprints_after
    WHERE key < ${firstBandKey} GROUP BY key, signalId`.execute(db);
  await sql`DROP TABLE fingerprints_after`.execute(db);
  await sql`CREATE INDEX fingerprints_by_signal ON fingerprints (signalId)`.execute(db);
}
