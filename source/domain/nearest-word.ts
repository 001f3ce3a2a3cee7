/** Nobody mistypes a longer word; the cost grows with the square of it. */
const maxTypedLength = 40;

/**
 * The candidate that a mistyped word most likely meant, or null when none is
 * near: one that begins with it, or differs in at most two fifths of its letters.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  const typed = word.slice(0, maxTypedLength).toLowerCase();
  let best: { candidate: string; cost: number } | null = null;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const begins = typed.length > 1 && known.startsWith(typed);
    const cost = begins ? 0.1 : editsBetween(typed, known) / Math.max(typed.length, known.length, 1);
    if (cost <= 0.4 && (best === null || cost < best.cost)) best = { candidate, cost };
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
