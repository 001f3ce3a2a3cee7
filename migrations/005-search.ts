import { type Kysely, sql } from 'kysely';

/**
 * Lists and searches that take the same time whatever the size of the store.
 *
 * `post_words` is the index of words. It keeps no copy of the posts (they are
 * in `posts`), and it is given words that are cut and folded already, by the
 * functions `search_words` and `search_marks` that every connection of this
 * program has: FTS5's own tokenizers find no part of a Chinese or Japanese
 * sentence. Whoever saves posts adds them here, once per transaction.
 */
const tables = [
  sql`CREATE VIRTUAL TABLE post_words USING fts5(
    title, text, author, marks,
    content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3'
  )`,
  sql`INSERT INTO post_words (rowid, title, text, author, marks)
    SELECT id, search_words(title), search_words(text), search_words(author), search_marks(url, link, lang)
    FROM posts ORDER BY id`,
  sql`CREATE TRIGGER posts_forget_words AFTER DELETE ON posts BEGIN
    DELETE FROM post_words WHERE rowid = old.id;
  END`,
  sql`CREATE TABLE views (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    query TEXT NOT NULL CHECK (length(query) <= 2000),
    position INTEGER NOT NULL CHECK (position >= 0),
    createdAt INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL,
    CHECK (updatedAt >= createdAt)
  ) STRICT`,
];

/**
 * One index for each order and each common narrowing of it. `id` stands where
 * the order needs it, so that nothing is sorted; the columns behind it let a
 * row be passed over without being read. Merged signals are in no list, so
 * they are in no index; those without a score yet are in no list by rank, and
 * to leave them out of those indexes spares each the writing of two drafts.
 */
const listed = 'mergedInto IS NULL';
const ranked = `${listed} AND rank IS NOT NULL`;
const listIndexes: Readonly<Record<string, string>> = {
  by_rank: `(rank, id, createdAt, status, category, urgency, echoes) WHERE ${ranked}`,
  by_echoes: `(echoes, rank, id, createdAt, status, category, urgency) WHERE ${ranked}`,
  by_urgency: `(urgency, rank, id, createdAt, status, category, echoes) WHERE ${ranked}`,
  by_status: `(status, rank, id, createdAt, category, urgency, echoes) WHERE ${ranked}`,
  by_category: `(category, rank, id, createdAt, status, urgency, echoes) WHERE ${ranked}`,
  by_time: `(createdAt, id, status, category, urgency, echoes) WHERE ${listed}`,
  by_source: `(source, createdAt, id) WHERE ${listed}`,
  unranked: `(id) WHERE ${listed} AND rank IS NULL`,
  regressed: '(id) WHERE regressed = 1',
};

const formerIndexes: Readonly<Record<string, string>> = {
  by_rank: '(rank)',
  by_time: '(createdAt)',
  by_urgency: '(urgency, rank)',
  by_status: '(status, rank)',
  by_category: '(category, rank)',
};

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of tables) await statement.execute(db);
  for (const name of Object.keys(formerIndexes)) await dropIndex(db, name);
  for (const [name, columns] of Object.entries(listIndexes)) {
    await sql`CREATE INDEX ${sql.ref(`signals_${name}`)} ON signals ${sql.raw(columns)}`.execute(db);
  }
}

/** Views that were saved are lost. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const name of Object.keys(listIndexes)) await dropIndex(db, name);
  for (const [name, columns] of Object.entries(formerIndexes)) {
    await sql`CREATE INDEX ${sql.ref(`signals_${name}`)} ON signals ${sql.raw(columns)}`.execute(db);
  }
  await sql`DROP TABLE views`.execute(db);
  await sql`DROP TRIGGER posts_forget_words`.execute(db);
  await sql`DROP TABLE post_words`.execute(db);
}

async function dropIndex(db: Kysely<unknown>, name: string): Promise<void> {
  await sql`DROP INDEX ${sql.ref(`signals_${name}`)}`.execute(db);
}
