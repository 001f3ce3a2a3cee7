import { type Kysely, sql } from 'kysely';
import type { Condition, PhraseLeaf } from '../domain/search-condition.ts';
import { holdsPhrase, searchWords } from '../domain/search-words.ts';
import type { Tables } from './schema.ts';

interface SearchedPost {
  readonly signalId: number;
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
}

/** Whether a leaf is true of a signal: told by the store for facts, read from the posts for the rest. */
export interface CheckedSignal {
  readonly id: number;
  /** Of the facts of the condition, in the order of `factsOf`. */
  readonly facts: readonly boolean[];
}

/** Those of the signals of which the condition is true. Reads the posts of all of them. */
export async function checkPosts(
  db: Kysely<Tables>,
  signals: readonly CheckedSignal[],
  condition: Condition,
): Promise<ReadonlySet<number>> {
  if (signals.length === 0) return new Set();
  const { rows } = await sql<SearchedPost>`SELECT signalId, title, text, author FROM posts
    WHERE signalId IN (SELECT value FROM json_each(${JSON.stringify(signals.map(({ id }) => id))}))`.execute(
    db,
  );
  const bySignal = Map.groupBy(rows, ({ signalId }) => signalId);
  // Echoes are mostly copies.
  const known = new Map<string, readonly string[]>();
  const wordsOf = (text: string | null): readonly string[] => {
    if (text === null) return [];
    const words = known.get(text) ?? searchWords(text);
    known.set(text, words);
    return words;
  };
  const holds = (post: SearchedPost, leaf: PhraseLeaf): boolean => {
    if (holdsPhrase(wordsOf(post.author), leaf.phrase)) return true;
    return (
      leaf.in === 'text' &&
      (holdsPhrase(wordsOf(post.title), leaf.phrase) || holdsPhrase(wordsOf(post.text), leaf.phrase))
    );
  };
  const found = new Set<number>();
  for (const { id, facts } of signals) {
    const posts = bySignal.get(id) ?? [];
    let fact = 0;
    // Every fact is visited, so that the count of them stays right.
    const isTrue = (each: Condition): boolean => {
      switch (each.condition) {
        case 'all':
          return each.of.map(isTrue).every(Boolean);
        case 'any':
          return each.of.map(isTrue).some(Boolean);
        case 'not':
          return !isTrue(each.of);
        case 'phrase':
          return posts.some((post) => holds(post, each));
        default:
          return facts[fact++] ?? false;
      }
    };
    if (isTrue(condition)) found.add(id);
  }
  return found;
}
