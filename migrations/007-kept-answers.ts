import { type Kysely, sql } from 'kysely';

/**
 * Which model made an analysis and with which prompt, and what models answered
 * under the hash of what they were shown, so that nothing is paid for twice.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE analyses ADD COLUMN model TEXT CHECK (length(model) BETWEEN 1 AND 200)`.execute(db);
  await sql`ALTER TABLE analyses ADD COLUMN promptVersion TEXT CHECK (length(promptVersion) BETWEEN 1 AND 40)`.execute(
    db,
  );
  await sql`CREATE TABLE kept_answers (
    key TEXT NOT NULL PRIMARY KEY CHECK (length(key) = 64),
    draft TEXT NOT NULL CHECK (json_valid(draft)),
    keptAt INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`.execute(db);
  await sql`CREATE INDEX kept_answers_by_time ON kept_answers (keptAt)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TABLE kept_answers`.execute(db);
  for (const column of ['promptVersion', 'model']) {
    await sql`ALTER TABLE analyses DROP COLUMN ${sql.ref(column)}`.execute(db);
  }
}
