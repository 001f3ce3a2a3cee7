import { type Kysely, sql } from 'kysely';

/**
 * The first schema. Names are those of docs/architecture.md; times are
 * milliseconds UTC, named …At. Keys are integers in order of arrival, and the
 * indexes that are not (fingerprints) are as narrow as they can be.
 */
const tables = [
  sql`CREATE TABLE sources (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    cursor TEXT CHECK (cursor IS NULL OR json_valid(cursor)),
    posts INTEGER NOT NULL DEFAULT 0 CHECK (posts >= 0),
    lastSuccessAt INTEGER,
    lastErrorAt INTEGER,
    lastError TEXT
  ) STRICT`,
  sql`CREATE TABLE signals (
    id INTEGER NOT NULL PRIMARY KEY,
    leadPostId INTEGER NOT NULL UNIQUE REFERENCES posts (id) DEFERRABLE INITIALLY DEFERRED,
    status TEXT NOT NULL DEFAULT 'inbox'
      CHECK (status IN ('inbox', 'escalated', 'resolved', 'dismissed', 'snoozed')),
    source TEXT NOT NULL,
    createdAt INTEGER NOT NULL CHECK (createdAt >= 0),
    lastSeenAt INTEGER NOT NULL,
    echoes INTEGER NOT NULL DEFAULT 0 CHECK (echoes >= 0),
    category TEXT CHECK (length(category) BETWEEN 1 AND 40),
    rank REAL,
    factors TEXT CHECK (factors IS NULL OR json_valid(factors)),
    analyzedAt INTEGER,
    scoredAt INTEGER,
    CHECK (lastSeenAt >= createdAt),
    CHECK (rank IS NULL OR factors IS NOT NULL)
  ) STRICT`,
  sql`CREATE TABLE posts (
    id INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (name),
    kind TEXT NOT NULL,
    externalId TEXT NOT NULL CHECK (length(externalId) BETWEEN 1 AND 500),
    signalId INTEGER REFERENCES signals (id),
    url TEXT,
    link TEXT,
    author TEXT,
    title TEXT,
    text TEXT NOT NULL,
    lang TEXT,
    createdAt INTEGER NOT NULL CHECK (createdAt >= 0),
    fetchedAt INTEGER NOT NULL CHECK (fetchedAt >= 0),
    likes INTEGER NOT NULL DEFAULT 0 CHECK (likes >= 0),
    reposts INTEGER NOT NULL DEFAULT 0 CHECK (reposts >= 0),
    replies INTEGER NOT NULL DEFAULT 0 CHECK (replies >= 0),
    quotes INTEGER NOT NULL DEFAULT 0 CHECK (quotes >= 0),
    parentUrl TEXT,
    parentText TEXT,
    UNIQUE (source, externalId)
  ) STRICT`,
  sql`CREATE TABLE fingerprints (
    key INTEGER NOT NULL,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    high INTEGER NOT NULL,
    low INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    PRIMARY KEY (key, signalId)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE analyses (
    signalId INTEGER NOT NULL PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
    category TEXT NOT NULL CHECK (length(category) BETWEEN 1 AND 40),
    sentiment TEXT NOT NULL CHECK (sentiment IN ('negative', 'neutral', 'positive')),
    urgency INTEGER NOT NULL CHECK (urgency BETWEEN 0 AND 5),
    tags TEXT NOT NULL CHECK (json_valid(tags)),
    reasoning TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    analyzer TEXT NOT NULL,
    analyzedAt INTEGER NOT NULL
  ) STRICT`,
  sql`CREATE TABLE runs (
    id INTEGER NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'partial', 'failed', 'interrupted')),
    startedAt INTEGER NOT NULL,
    finishedAt INTEGER,
    savedAt INTEGER NOT NULL,
    progress TEXT NOT NULL CHECK (json_valid(progress))
  ) STRICT`,
  sql`CREATE TABLE journal (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    undoneAt INTEGER
  ) STRICT`,
  sql`CREATE TABLE journal_changes (
    journalId INTEGER NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (journalId, signalId, field)
  ) STRICT, WITHOUT ROWID`,
  sql`CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
  ) STRICT, WITHOUT ROWID`,
];

const indexes = [
  sql`CREATE INDEX posts_by_signal ON posts (signalId, id) WHERE signalId IS NOT NULL`,
  sql`CREATE INDEX posts_ungrouped ON posts (id) WHERE signalId IS NULL`,
  sql`CREATE INDEX signals_by_status ON signals (status, rank)`,
  sql`CREATE INDEX signals_by_rank ON signals (rank)`,
  sql`CREATE INDEX signals_by_time ON signals (createdAt)`,
  sql`CREATE INDEX signals_by_category ON signals (category, rank)`,
  sql`CREATE INDEX signals_unanalyzed ON signals (id) WHERE analyzedAt IS NULL`,
  sql`CREATE INDEX signals_unscored ON signals (id) WHERE scoredAt IS NULL AND analyzedAt IS NOT NULL`,
  sql`CREATE INDEX journal_changes_by_signal ON journal_changes (signalId, journalId)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes]) await statement.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  // Children first; posts and signals refer to each other, so the reference is emptied before either goes.
  await sql`UPDATE posts SET signalId = NULL`.execute(db);
  for (const table of [
    'settings',
    'journal_changes',
    'journal',
    'runs',
    'analyses',
    'fingerprints',
    'signals',
    'posts',
    'sources',
  ]) {
    await sql`DROP TABLE ${sql.table(table)}`.execute(db);
  }
}
