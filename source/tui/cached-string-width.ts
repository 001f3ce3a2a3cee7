/**
 * `string-width` with a memory. Ink measures every piece of every frame again,
 * which is 44% of the time of a key press; nearly all of it was measured in the
 * frame before. The build aliases `string-width` to this file for everybody
 * but this file itself, so Ink and its dependencies profit as well.
 */
import measure, { type Options } from 'string-width';

/** Entries of one generation; at most twice as many are held. */
const generationSize = 8192;
/** Longer texts are rare and would hold much memory for one hit. */
const longestKept = 512;

let young = new Map<string, number>();
let old = new Map<string, number>();

/** Columns that `text` takes on a terminal; the same answers as `string-width`. */
export default function stringWidth(text: string, options?: Options): number {
  if (options !== undefined || typeof text !== 'string' || text.length > longestKept)
    return measure(text, options);
  const known = young.get(text);
  if (known !== undefined) return known;
  const width = old.get(text) ?? measure(text);
  // Two generations instead of an LRU: a hit costs one look-up and no bookkeeping.
  if (young.size >= generationSize) {
    old = young;
    young = new Map();
  }
  young.set(text, width);
  return width;
}

/** For the test of the bound. */
export function cachedWidths(): number {
  return young.size + old.size;
}
