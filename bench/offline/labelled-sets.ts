import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One labelled post. `group` is the part of its set that it comes from: a repository, a project. */
export interface Labelled {
  readonly set: string;
  readonly group: string;
  readonly text: string;
  readonly label: string;
}

interface Row {
  readonly text: string;
  readonly label: string;
  readonly rating?: number | null;
  readonly repo?: string;
  readonly project?: string;
}

/** One file of labelled posts, in its order. */
export function readLabelledSet(folder: string, set: string): Labelled[] {
  return readFileSync(join(folder, `${set}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const row = JSON.parse(line) as Row;
      return { set, group: row.repo ?? row.project ?? set, text: row.text, label: readLabel(row) };
    });
}

/** Reviews labelled by what kind of opinion they are: praise from four stars, `other` below. */
function readLabel(row: Row): string {
  if (row.label !== 'rating' && row.label !== 'userexperience') return row.label;
  return (row.rating ?? 3) >= 4 ? 'praise' : 'other';
}

/** The letters of a text: two sets that hold one review differ in its marks and spaces. */
const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `rows` without those whose letters hold, or are held by, a text of `others`. */
export function withoutOverlap(rows: readonly Labelled[], others: readonly Labelled[]): Labelled[] {
  const known = others.map((row) => lettersOf(row.text)).filter((letters) => letters.length >= 20);
  const exact = new Set(others.map((row) => lettersOf(row.text)));
  return rows.filter((row) => {
    const letters = lettersOf(row.text);
    if (exact.has(letters)) return false;
    return letters.length < 20 || !known.some((other) => other.includes(letters) || letters.includes(other));
  });
}
