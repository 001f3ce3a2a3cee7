/**
 * A word as all posts share it, with what each index of phrases has found out
 * about it. Five indexes look at every word of every post, and most words of
 * most posts are among the commonest few thousand.
 */
export interface KnownWord {
  readonly word: string;
  /** By the number of the index: the phrases that this word may begin. */
  readonly phrases: (readonly unknown[] | undefined)[];
}

const mostKept = 10_000;
/** A longer word may be a window on the text that it was cut from, and would keep that in memory. */
const longestKept = 12;

const kept = new Map<string, KnownWord>();

export function knowWord(word: string): KnownWord {
  const known = kept.get(word);
  if (known !== undefined) return known;
  const fresh = { word, phrases: [] };
  if (word.length > longestKept) return fresh;
  if (kept.size >= mostKept) kept.clear();
  kept.set(word, fresh);
  return fresh;
}
