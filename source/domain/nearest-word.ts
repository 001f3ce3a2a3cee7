/** Nobody mistypes a longer word; the cost grows with the square of it. */
const maxTypedLength = 40;

/**
 * What a mistyped word of a search most likely meant, or null when nothing is
 * near: most words of a search are meant as they stand.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | null {
  return nearest(word, candidates, 0.4);
}

/** What a mistyped name (of a flag, a command, a setting) most likely meant, or null: names are few, so a wilder guess helps. */
export function nearestTo(word: string, candidates: Iterable<string>): string | null {
  return nearest(word, candidates, 0.5);
}

/**
 * The candidate that begins with the word or differs least from it, in at most
 * `mostShare` of the letters of the longer one. Case does not count.
 */
function nearest(word: string, candidates: Iterable<string>, mostShare: number): string | null {
  const typed = word.slice(0, maxTypedLength).toLowerCase();
  let best: { candidate: string; share: number } | null = null;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const begins = typed.length > 1 && known.startsWith(typed);
    const share = begins ? 0.1 : editsBetween(typed, known) / Math.max(typed.length, known.length, 1);
    if (share <= mostShare && (best === null || share < best.share)) best = { candidate, share };
  }
  return best?.candidate ?? null;
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
