import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a mistyped word most likely meant, or null when none is
 * near: at most half of the longer word may differ. Case does not count, and
 * swapped letters ("tpo") always are near.
 */
export function nearestTo(word: string, candidates: Iterable<string>): string | null {
  const typed = word.toLowerCase();
  let best: { candidate: string; share: number } | null = null;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const swapped = known.length > 1 && sortLetters(known) === sortLetters(typed);
    const share = swapped ? 0.1 : distance(typed, known) / Math.max(typed.length, known.length, 1);
    if (share <= 0.5 && (best === null || share < best.share)) best = { candidate, share };
  }
  return best?.candidate ?? null;
}

function sortLetters(word: string): string {
  return [...word].sort().join('');
}
