import type { SearchError } from './search.ts';

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const widest = 70;

/**
 * Two lines: the search, and below it what is wrong, under the characters that
 * are meant. A long search is cut to the part around them.
 */
export function pointAtError(text: string, { message, fix, start, end }: SearchError): string {
  const from = Math.max(0, Math.min(start, text.length) - 30);
  const cut = from > 0 ? '…' : '';
  const before = oneLine(text.slice(from, start));
  const meant = oneLine(text.slice(start, Math.max(start, Math.min(end, from + widest))));
  const after = oneLine(text.slice(start, from + widest)).slice(meant.length);
  const margin = ' '.repeat(widthOf(cut + before));
  const carets = '^'.repeat(Math.max(1, widthOf(meant)));
  return `${cut}${before}${meant}${after}\n${margin}${carets} ${message}; ${fix}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
