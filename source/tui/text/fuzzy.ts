/**
 * How well a text has the typed letters in their order, spaces left out; null
 * when it has not. Letters that follow each other and beginnings of words
 * count most, so that "dis" finds "dismiss" before "undo this".
 */
export function fuzzyScore(typed: string, text: string): number | null {
  const wanted = [...typed.toLowerCase().replaceAll(/\s+/g, '')];
  const letters = [...text.toLowerCase()];
  let best: number | null = null;
  // A greedy match from each possible beginning; texts are a line long at most.
  for (
    let start = letters.indexOf(wanted[0] ?? '');
    start >= 0;
    start = letters.indexOf(wanted[0] ?? '', start + 1)
  ) {
    const score = scoreFrom(wanted, letters, start);
    if (score !== null && (best === null || score > best)) best = score;
  }
  return wanted.length === 0 ? 0 : best;
}

function scoreFrom(wanted: readonly string[], letters: readonly string[], start: number): number | null {
  let score = 0;
  let at = start - 1;
  for (const letter of wanted) {
    const next = letters.indexOf(letter, at + 1);
    if (next < 0) return null;
    const beginsWord = next === 0 || /[^\p{L}\p{N}]/u.test(letters[next - 1] ?? '');
    score +=
      (next === at + 1 && at >= start ? 5 : 0) + (beginsWord ? 4 : 1) - Math.min(2, (next - at - 1) / 8);
    at = next;
  }
  return score - start / 20;
}
