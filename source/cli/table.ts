import stringWidth from 'string-width';
import type { Column } from './print.ts';

const gap = 2;
const leastFlexible = 12;

type Shape = Pick<Column<never>, 'title' | 'align' | 'flexible'>;

/**
 * Header and rows, aligned and cut to the width of a terminal. Loaded by the
 * first table: what knows the width of every character takes longer to load
 * than a list takes to read.
 */
export function alignTable(
  columns: readonly Shape[],
  cells: readonly (readonly string[])[],
  total: number,
): readonly string[] {
  const widths = fitWidths(columns, cells, total);
  const titles = columns.map(({ title }) => title);
  return [titles, ...cells].map((line) => formatLine(columns, line, widths));
}

/** Cuts to a number of columns on screen, never through a character that people see as one. */
export function cutToWidth(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const next = stringWidth(segment);
    if (used + next > width - 1) break;
    kept += segment;
    used += next;
  }
  return `${kept}…`;
}

function fitWidths(
  columns: readonly Shape[],
  cells: readonly (readonly string[])[],
  total: number,
): readonly number[] {
  const natural = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...cells.map((line) => stringWidth(line[index] ?? ''))),
  );
  const fixed = natural.reduce(
    (sum, width, index) => sum + (columns[index]?.flexible ? 0 : width) + (index > 0 ? gap : 0),
    0,
  );
  return natural.map((width, index) =>
    columns[index]?.flexible ? Math.min(width, Math.max(leastFlexible, total - fixed)) : width,
  );
}

function formatLine(columns: readonly Shape[], cells: readonly string[], widths: readonly number[]): string {
  const padded = columns.map((column, index) => {
    const width = widths[index] ?? 0;
    const cell = cutToWidth(cells[index] ?? '', width);
    const space = ' '.repeat(Math.max(0, width - stringWidth(cell)));
    return column.align === 'right' ? space + cell : cell + space;
  });
  return padded.join(' '.repeat(gap)).trimEnd();
}
