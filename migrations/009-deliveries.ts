import { type Kysely, sql } from 'kysely';

/**
 * The ledger of notifications. A delivery is one message to one notifier; it is
 * written before it is sent, and told apart from all others by what it is about
 * and why (`reason`), so that nobody is told twice of one thing.
 *
 * `queuedAt` is when it was last asked for, by a rule or by a person who retried it.
 * `uncertain` says that a try may have arrived although no answer was kept.
 * `toldEchoes`, `toldSources` and `toldStatus` are what its reader knows.
 */
const tables = [
  sql`CREATE TABLE deliveries (
    id INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 8 AND 64),
    kind TEXT NOT NULL CHECK (kind IN ('new', 'woke', 'regressed', 'update', 'escalated', 'digest', 'spike')),
    signalId INTEGER REFERENCES signals (id) ON DELETE CASCADE,
    notifier TEXT NOT NULL CHECK (length(notifier) BETWEEN 1 AND 60),
    rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 60),
    reason TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 100),
    rootId INTEGER REFERENCES deliveries (id) ON DELETE SET NULL,
    state TEXT NOT NULL DEFAULT 'pending'
      CHECK (state IN ('pending', 'sending', 'failed', 'sent', 'dead', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    createdAt INTEGER NOT NULL,
    queuedAt INTEGER NOT NULL,
    nextAttemptAt INTEGER NOT NULL,
    leaseUntil INTEGER,
    uncertain INTEGER NOT NULL DEFAULT 0 CHECK (uncertain IN (0, 1)),
    sentAt INTEGER,
    reference TEXT CHECK (length(reference) <= 500),
    content TEXT CHECK (json_valid(content)),
    lastError TEXT,
    toldEchoes INTEGER CHECK (toldEchoes >= 0),
    toldSources TEXT CHECK (json_valid(toldSources)),
    toldStatus TEXT,
    toldAt INTEGER,
    CHECK ((signalId IS NULL) = (kind IN ('digest', 'spike'))),
    CHECK ((state = 'sent') = (sentAt IS NOT NULL)),
    CHECK ((state = 'sending') = (leaseUntil IS NOT NULL))
  ) STRICT`,
  sql`CREATE TABLE delivery_attempts (
    deliveryId INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    at INTEGER NOT NULL,
    endedAt INTEGER,
    answer TEXT,
    PRIMARY KEY (deliveryId, number)
  ) STRICT, WITHOUT ROWID`,
  // What a digest covers: told as well as what has a message of its own.
  sql`CREATE TABLE delivery_signals (
    deliveryId INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    PRIMARY KEY (signalId, deliveryId)
  ) STRICT, WITHOUT ROWID`,
  // When the digest of a rule was last due, also when there was nothing to say.
  sql`CREATE TABLE digests (
    rule TEXT NOT NULL PRIMARY KEY CHECK (length(rule) BETWEEN 1 AND 60),
    dueAt INTEGER NOT NULL
  ) STRICT`,
  sql`CREATE TABLE episodes (
    id INTEGER NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 60),
    "by" TEXT NOT NULL CHECK ("by" IN ('category', 'source', 'tag')),
    value TEXT NOT NULL,
    startedAt INTEGER NOT NULL,
    endedAt INTEGER CHECK (endedAt >= startedAt),
    peak INTEGER NOT NULL CHECK (peak >= 0),
    peakAt INTEGER NOT NULL,
    usual REAL NOT NULL CHECK (usual >= 0),
    toldPeak INTEGER NOT NULL CHECK (toldPeak >= 0)
  ) STRICT`,
];

const indexes = [
  sql`CREATE UNIQUE INDEX deliveries_once ON deliveries (signalId, notifier, reason) WHERE signalId IS NOT NULL`,
  sql`CREATE UNIQUE INDEX deliveries_once_alone ON deliveries (rule, notifier, reason) WHERE signalId IS NULL`,
  sql`CREATE INDEX deliveries_due ON deliveries (notifier, id) WHERE state IN ('pending', 'sending', 'failed')`,
  sql`CREATE INDEX deliveries_by_state ON deliveries (state, id)`,
  sql`CREATE INDEX deliveries_by_rule ON deliveries (rule, createdAt)`,
  sql`CREATE INDEX deliveries_by_root ON deliveries (rootId) WHERE rootId IS NOT NULL`,
  sql`CREATE INDEX delivery_signals_by_delivery ON delivery_signals (deliveryId)`,
  // One open episode for each thing that is counted: two processes cannot tell one spike twice.
  sql`CREATE UNIQUE INDEX episodes_open ON episodes (rule, "by", value) WHERE endedAt IS NULL`,
  // Rates are counted by when posts were written.
  sql`CREATE INDEX posts_by_time ON posts (createdAt, signalId)`,
  sql`CREATE INDEX journal_by_time ON journal (at) WHERE actor = 'program'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...tables, ...indexes]) await statement.execute(db);
}

/** The ledger is lost: what was told may be told again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX journal_by_time`.execute(db);
  await sql`DROP INDEX posts_by_time`.execute(db);
  for (const table of ['episodes', 'digests', 'delivery_signals', 'delivery_attempts', 'deliveries']) {
    await sql`DROP TABLE ${sql.table(table)}`.execute(db);
  }
}
