import { type Kysely, sql } from 'kysely';

/** What models were asked and what it cost, by day, so that caps hold across runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Days and money as in source_days: days since 1970-01-01 UTC, millionths of a US dollar.
  await sql`CREATE TABLE model_days (
    model TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 200),
    day INTEGER NOT NULL CHECK (day >= 0),
    requests INTEGER NOT NULL CHECK (requests >= 0),
    inputTokens INTEGER NOT NULL CHECK (inputTokens >= 0),
    cachedTokens INTEGER NOT NULL CHECK (cachedTokens >= 0),
    outputTokens INTEGER NOT NULL CHECK (outputTokens >= 0),
    microDollars INTEGER NOT NULL CHECK (microDollars >= 0),
    PRIMARY KEY (model, day)
  ) STRICT, WITHOUT ROWID`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TABLE model_days`.execute(db);
}
