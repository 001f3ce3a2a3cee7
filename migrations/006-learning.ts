import { type Kysely, sql } from 'kysely';

/** What is learned from is found without reading the store: decisions by time, changed tags, labels by time. */
const indexes = {
  signals_by_decision: sql`signals (decidedAt) WHERE decidedAt IS NOT NULL`,
  signals_retagged: sql`signals (id) WHERE tags IS NOT NULL`,
  // All that tells whether a label has changed, without its text.
  labels_by_time: sql`labels (at, category, sentiment, urgency)`,
};

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, on] of Object.entries(indexes)) {
    await sql`CREATE INDEX ${sql.ref(name)} ON ${on}`.execute(db);
  }
}

/** Decisions and labels stay; when what was learned was reset is forgotten. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(indexes)) await sql`DROP INDEX ${sql.ref(name)}`.execute(db);
  await sql`DELETE FROM settings WHERE name LIKE 'learning.%'`.execute(db);
}
