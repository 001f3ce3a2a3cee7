import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * What people say of the program itself, and deliveries that tell of what is no
 * signal (kind `event`): feedback, for one. The kinds of a delivery stand in a
 * CHECK, which SQLite cannot change, so its table is made anew with those that
 * refer to it; every row keeps its id.
 */
const ledger = ({ kinds, alone }: Kinds) => [
  sql`CREATE TABLE deliveries (
    id INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE CHECK (length(key) BETWEEN 8 AND 64),
    kind TEXT NOT NULL CHECK (kind IN (${kinds})),
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
    CHECK ((signalId IS NULL) = (kind IN (${alone}))),
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
  sql`CREATE TABLE delivery_signals (
    deliveryId INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    signalId INTEGER NOT NULL REFERENCES signals (id) ON DELETE CASCADE,
    PRIMARY KEY (signalId, deliveryId)
  ) STRICT, WITHOUT ROWID`,
];

const ledgerTables = ['deliveries', 'delivery_attempts', 'delivery_signals'] as const;

const ledgerIndexes = [
  sql`CREATE UNIQUE INDEX deliveries_once ON deliveries (signalId, notifier, reason) WHERE signalId IS NOT NULL`,
  sql`CREATE UNIQUE INDEX deliveries_once_alone ON deliveries (rule, notifier, reason) WHERE signalId IS NULL`,
  sql`CREATE INDEX deliveries_due ON deliveries (notifier, id) WHERE state IN ('pending', 'sending', 'failed')`,
  sql`CREATE INDEX deliveries_by_state ON deliveries (state, id)`,
  sql`CREATE INDEX deliveries_by_rule ON deliveries (rule, createdAt)`,
  sql`CREATE INDEX deliveries_by_root ON deliveries (rootId) WHERE rootId IS NOT NULL`,
  sql`CREATE INDEX delivery_signals_by_delivery ON delivery_signals (deliveryId)`,
];

const ledgerIndexNames = [
  'deliveries_once',
  'deliveries_once_alone',
  'deliveries_due',
  'deliveries_by_state',
  'deliveries_by_rule',
  'deliveries_by_root',
  'delivery_signals_by_delivery',
] as const;

/** The kinds of deliveries, and those of them that are about no signal. */
interface Kinds {
  readonly kinds: RawBuilder<unknown>;
  readonly alone: RawBuilder<unknown>;
}

const before: Kinds = {
  kinds: sql`'new', 'woke', 'regressed', 'update', 'escalated', 'digest', 'spike'`,
  alone: sql`'digest', 'spike'`,
};
const after: Kinds = {
  kinds: sql`${before.kinds}, 'event'`,
  alone: sql`${before.alone}, 'event'`,
};

/** Renaming a table takes the references to it along, so nothing cascades when the one of before goes. */
async function rebuildLedger(db: Kysely<unknown>, kinds: Kinds): Promise<void> {
  for (const name of ledgerIndexNames) await sql`DROP INDEX ${sql.table(name)}`.execute(db);
  for (const table of ledgerTables) {
    await sql`ALTER TABLE ${sql.table(table)} RENAME TO ${sql.table(`${table}_before`)}`.execute(db);
  }
  for (const statement of ledger(kinds)) await statement.execute(db);
  for (const table of ledgerTables) {
    await sql`INSERT INTO ${sql.table(table)} SELECT * FROM ${sql.table(`${table}_before`)}`.execute(db);
  }
  for (const table of ledgerTables.toReversed()) {
    await sql`DROP TABLE ${sql.table(`${table}_before`)}`.execute(db);
  }
  for (const statement of ledgerIndexes) await statement.execute(db);
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await rebuildLedger(db, after);
  await sql`CREATE TABLE feedback (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 5000),
    mood TEXT NOT NULL CHECK (mood IN ('good', 'neutral', 'bad')),
    via TEXT NOT NULL CHECK (via IN ('tui', 'cli', 'api')),
    actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 60),
    screen TEXT CHECK (length(screen) BETWEEN 1 AND 60),
    version TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 60),
    diagnostics TEXT CHECK (json_valid(diagnostics) AND length(diagnostics) <= 200000)
  ) STRICT`.execute(db);
}

/** Feedback is lost, and the ledger of what told of it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`DROP TABLE feedback`.execute(db);
  await sql`DELETE FROM deliveries WHERE kind = 'event'`.execute(db);
  await rebuildLedger(db, before);
}
