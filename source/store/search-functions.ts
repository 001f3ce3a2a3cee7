import type { Database as Connection } from 'better-sqlite3';
import { marksOf, searchWords } from '../domain/search-words.ts';

/**
 * Gives a connection the functions that the index of words is fed with: the
 * words of a text, and the marks of a post, with spaces between. Null is no words.
 */
export function addSearchFunctions(connection: Connection): void {
  const options = { deterministic: true, directOnly: true };
  connection.function('search_words', options, (text: unknown) =>
    typeof text === 'string' ? searchWords(text).join(' ') : '',
  );
  connection.function('search_marks', options, (url: unknown, link: unknown, lang: unknown) =>
    marksOf({ url: textOrNull(url), link: textOrNull(link), lang: textOrNull(lang) }).join(' '),
  );
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
