import stringWidth from '../cached-string-width.ts';
import type { Tone } from '../theme.ts';
import { cutText, fitText } from './fit-text.ts';

/** A piece of one line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen, left to right. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone };
}

export const blankLine: Line = [];

/** The same as one even stripe, readable without colours. */
export function selected(line: Line): Line {
  return [span(line.map(({ text }) => text).join(''), 'selected')];
}

/**
 * The line in exactly `columns` columns, every span cleaned. The only door to
 * the screen: components draw lines and nothing else.
 */
export function fitLine(line: Line, columns: number): Span[] {
  const fitted: Span[] = [];
  let left = columns;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    const cut = cutText(text, left);
    if (cut === '') continue;
    fitted.push({ text: cut, tone });
    left -= stringWidth(cut);
  }
  if (left > 0)
    fitted.push({ text: ' '.repeat(left), tone: fitted.at(-1)?.tone === 'selected' ? 'selected' : 'plain' });
  return fitted;
}

/** `left` and `right` at the two ends of a line; when both do not fit, `right` stays whole. */
export function spread(left: Line, right: Line, columns: number): Line {
  const rightColumns = Math.min(columns, widthOf(right));
  return [...fitLine(left, columns - rightColumns), ...right];
}

export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + stringWidth(cutText(text, 10_000)), 0);
}

/** A rule across the screen that carries a title: `── detail ────`. */
export function rule(title: string, columns: number): Line {
  const label = title === '' ? '' : ` ${cutText(title, Math.max(0, columns - 6))} `;
  const after = Math.max(0, columns - 2 - stringWidth(label));
  return [span('──', 'quiet'), span(label, 'heading'), span('─'.repeat(after), 'quiet')];
}

/** A cell of a table row: exactly `columns` columns and one blank after. */
export function cell(
  text: string,
  columns: number,
  tone: Tone = 'plain',
  align: 'left' | 'right' = 'left',
): Span {
  return { text: columns <= 0 ? '' : `${fitText(text, columns, align)} `, tone };
}
