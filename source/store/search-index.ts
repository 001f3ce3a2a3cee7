import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './schema.ts';

export async function newestPostId(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('posts')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/** Gives the index the words of those posts that the condition behind it names. */
export const indexWordsWhere = `INSERT INTO post_words (rowid, title, text, author, marks)
    SELECT id, search_words(title), search_words(text), search_words(author), search_marks(url, link, lang)
    FROM posts WHERE `;

/**
 * Adds the posts that came after `before` to the index of words. One statement
 * for all of them: FTS5 writes out what it has gathered at the end of each.
 */
export async function indexWords(trx: Transaction<Tables>, before: number): Promise<void> {
  await sql`${sql.raw(indexWordsWhere)} id > ${before} ORDER BY id`.execute(trx);
}
