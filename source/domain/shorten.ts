/** How much may stay of a text. */
export interface TextBounds {
  /** Characters as people count them. */
  readonly characters: number;
  /** Length by the measure of whoever takes the text; none when absent. */
  readonly length?: number;
  /** UTF-16 units when absent. */
  readonly measure?: (text: string) => number;
}

/** How far back from the bound a space is looked for; a "word" longer than this is cut where it stands. */
const longestWord = 40;

/**
 * Cuts at the end of a word, and never through what people see as one
 * character. What was cut ends with "…". The measure must add up over characters.
 */
export function shorten(text: string, bounds: TextBounds): string {
  const { characters, length = Number.POSITIVE_INFINITY, measure = (part: string) => part.length } = bounds;
  const kept: string[] = [];
  let used = 0;
  let whole = true;
  // What is certainly too long is not taken apart to its end.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += measure(segment);
    if (kept.length >= characters || used > length) {
      whole = false;
      break;
    }
    kept.push(segment);
  }
  if (whole) return text;
  const room = length - measure('…');
  let size = kept.reduce((sum, segment) => sum + measure(segment), 0);
  while (kept.length > 0 && (kept.length > characters - 1 || size > room)) {
    size -= measure(kept.pop() ?? '');
  }
  const space = kept.findLastIndex((segment) => /^\s+$/u.test(segment));
  const cut = space > 0 && kept.length - space <= longestWord ? kept.slice(0, space) : kept;
  return `${cut.join('').trimEnd()}…`;
}
