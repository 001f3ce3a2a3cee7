import { type Kysely, sql } from 'kysely';

/**
 * What of the program is used, counted by day (midnight, UTC), and whether the
 * person has agreed that it may be told to anybody. One row a day, kind and name:
 * names are the program's own, so there is a bounded number of them.
 */
const statements = [
  sql`CREATE TABLE usage_days (
    day INTEGER NOT NULL CHECK (day % 86400000 = 0),
    kind TEXT NOT NULL CHECK (kind IN ('action', 'screen', 'command', 'route', 'run')),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    count INTEGER NOT NULL CHECK (count >= 0),
    totalMs INTEGER NOT NULL CHECK (totalMs >= 0),
    PRIMARY KEY (day, kind, name)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE usage_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    installId TEXT NOT NULL CHECK (length(installId) = 36),
    consentGiven INTEGER CHECK (consentGiven IN (0, 1)),
    consentAt INTEGER,
    consentVersion INTEGER CHECK (consentVersion > 0),
    sentThrough INTEGER,
    attemptedAt INTEGER,
    CHECK ((consentGiven IS NULL) = (consentAt IS NULL) AND (consentAt IS NULL) = (consentVersion IS NULL))
  ) STRICT`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db);
}

/** The counts are lost, and the consent with them: nothing is sent until it is given again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TABLE usage_state`.execute(db);
  await sql`DROP TABLE usage_days`.execute(db);
}
