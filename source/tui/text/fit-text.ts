import stringWidth from '../cached-string-width.ts';
import { cleanLine } from './clean-line.ts';

export type Align = 'left' | 'right';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ascii = /^[\x20-\x7e]*$/;

/** The user-perceived characters of a text. */
export function graphemes(text: string): string[] {
  if (ascii.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * `text` in exactly `columns` columns on one line: cleaned, cut with "…" when
 * too long, padded when too short. Never throws, whatever the text.
 */
export function fitText(text: string, columns: number, align: Align = 'left'): string {
  if (columns <= 0) return '';
  const cut = cutText(text, columns);
  const padding = ' '.repeat(Math.max(0, columns - stringWidth(cut)));
  return align === 'right' ? padding + cut : cut + padding;
}

/** `text`, cleaned, in at most `columns` columns; ends with "…" when something was cut off. */
export function cutText(text: string, columns: number): string {
  if (columns <= 0) return '';
  // A post may hold a megabyte; what cannot fit need not be cleaned or measured.
  const within = columns * 16 + 256;
  const head = cleanLine(text.length > within ? text.slice(0, within) : text);
  const whole = text.length <= within;
  if (whole && ascii.test(head)) return head.length <= columns ? head : `${head.slice(0, columns - 1)}…`;
  if (whole && stringWidth(head) <= columns) return head;
  return `${takeColumns(head, columns - 1)}…`;
}

/** The longest beginning of a clean text that fits into `columns`. */
export function takeColumns(text: string, columns: number): string {
  if (ascii.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = '';
  let used = 0;
  for (const grapheme of graphemes(text)) {
    const width = stringWidth(grapheme);
    if (used + width > columns) break;
    taken += grapheme;
    used += width;
  }
  return taken;
}
