import { type Kysely, sql } from 'kysely';

/**
 * What a person makes of a signal: corrections, tags, an assignee, a snooze,
 * notes, merges. A signal that was merged into another stays as an empty row
 * that names the other, so that taking the merge back restores it as it was.
 *
 * category, sentiment and urgency of `signals` are what counts: the analysis
 * unless the analyst said otherwise. `tags` is null until the analyst has
 * changed those of the analysis.
 */
const columns = [
  sql`sentiment TEXT CHECK (sentiment IN ('negative', 'neutral', 'positive'))`,
  sql`urgency INTEGER CHECK (urgency BETWEEN 0 AND 5)`,
  sql`tags TEXT CHECK (json_valid(tags))`,
  sql`assignee TEXT CHECK (length(assignee) BETWEEN 1 AND 60)`,
  sql`snooze TEXT CHECK (json_valid(snooze))`,
  sql`snoozedUntil INTEGER`,
  sql`decidedAt INTEGER`,
  sql`regressed INTEGER NOT NULL DEFAULT 0 CHECK (regressed IN (0, 1))`,
  sql`mergedInto INTEGER REFERENCES signals (id) ON DELETE CASCADE`,
];

const tables = [
  // Found by tag: the tags that count, kept in step by whoever writes them.
  sql`CREATE TABLE signal_tags (
    tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 40),
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, signalId)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE notes (
    id INTEGER NOT NULL PRIMARY KEY,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (length(author) BETWEEN 1 AND 60),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000)
  ) STRICT`,
  // What the analyst corrected. It outlives the signal, with the words that were judged: later analyses are measured by it.
  sql`CREATE TABLE labels (
    id INTEGER NOT NULL PRIMARY KEY,
    signalId INTEGER UNIQUE REFERENCES signals (id) ON DELETE SET NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT,
    title TEXT,
    text TEXT NOT NULL,
    category TEXT CHECK (length(category) BETWEEN 1 AND 40),
    sentiment TEXT CHECK (sentiment IN ('negative', 'neutral', 'positive')),
    urgency INTEGER CHECK (urgency BETWEEN 0 AND 5),
    CHECK (category IS NOT NULL OR sentiment IS NOT NULL OR urgency IS NOT NULL)
  ) STRICT`,
  // Texts (keys of fingerprints) that a person has taken out of a signal: they never join it again.
  sql`CREATE TABLE splits (
    key INTEGER NOT NULL,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (key, signalId)
  ) STRICT, WITHOUT ROWID`,
];

const indexes = [
  sql`CREATE INDEX signals_by_urgency ON signals (urgency, rank)`,
  sql`CREATE INDEX signals_by_assignee ON signals (assignee, rank) WHERE assignee IS NOT NULL`,
  sql`CREATE INDEX signals_snoozed ON signals (snoozedUntil) WHERE snoozedUntil IS NOT NULL`,
  sql`CREATE INDEX signals_merged ON signals (mergedInto) WHERE mergedInto IS NOT NULL`,
  sql`CREATE INDEX signal_tags_by_signal ON signal_tags (signalId)`,
  sql`CREATE INDEX notes_by_signal ON notes (signalId, id)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of columns) await sql`ALTER TABLE signals ADD COLUMN ${column}`.execute(db);
  await sql`ALTER TABLE journal ADD COLUMN actor TEXT NOT NULL DEFAULT 'analyst' CHECK (length(actor) BETWEEN 1 AND 60)`.execute(
    db,
  );
  for (const statement of tables) await statement.execute(db);
  await sql`UPDATE signals SET sentiment = analyses.sentiment, urgency = analyses.urgency
    FROM analyses WHERE analyses.signalId = signals.id`.execute(db);
  await sql`UPDATE signals SET decidedAt = (SELECT max(journal.at) FROM journal_changes
      JOIN journal ON journal.id = journalId WHERE journal_changes.signalId = signals.id AND undoneAt IS NULL)
    WHERE status <> 'inbox'`.execute(db);
  await sql`INSERT INTO signal_tags (tag, signalId)
    SELECT DISTINCT each.value, signalId FROM analyses, json_each(analyses.tags) AS each
    WHERE length(each.value) BETWEEN 1 AND 40`.execute(db);
  for (const statement of indexes) await statement.execute(db);
  // A decision is the status with what belongs to it; the values of every field are JSON from here on.
  await sql`UPDATE journal_changes SET
      before = json_object('status', before),
      after = json_object('status', after, 'decidedAt', (SELECT at FROM journal WHERE id = journalId))
    WHERE field = 'status'`.execute(db);
}

/** What this schema cannot say is lost: notes, labels, tags. Merged signals become signals of their lead post again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`UPDATE posts SET signalId = signals.id FROM signals
    WHERE signals.leadPostId = posts.id AND signals.mergedInto IS NOT NULL`.execute(db);
  await sql`UPDATE signals SET echoes = (SELECT count(*) - 1 FROM posts WHERE posts.signalId = signals.id)
    WHERE mergedInto IS NOT NULL OR id IN (SELECT mergedInto FROM signals)`.execute(db);
  await sql`DELETE FROM journal_changes WHERE field <> 'status'`.execute(db);
  await sql`DELETE FROM journal WHERE id NOT IN (SELECT journalId FROM journal_changes)`.execute(db);
  await sql`UPDATE journal_changes SET before = before ->> 'status', after = after ->> 'status'`.execute(db);
  for (const index of ['merged', 'snoozed', 'by_assignee', 'by_urgency']) {
    await sql`DROP INDEX ${sql.ref(`signals_${index}`)}`.execute(db);
  }
  for (const table of ['splits', 'labels', 'notes', 'signal_tags']) {
    await sql`DROP TABLE ${sql.table(table)}`.execute(db);
  }
  await sql`ALTER TABLE journal DROP COLUMN actor`.execute(db);
  for (const column of [
    'mergedInto',
    'regressed',
    'decidedAt',
    'snoozedUntil',
    'snooze',
    'assignee',
    'tags',
    'urgency',
    'sentiment',
  ]) {
    await sql`ALTER TABLE signals DROP COLUMN ${sql.ref(column)}`.execute(db);
  }
}
