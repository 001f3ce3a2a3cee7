import { once } from 'node:events';
import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { cleanLine } from '../domain/clean.ts';
import type { Output } from './command.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  /** Takes what width is left and is cut to it. One column of a table at most. */
  readonly flexible?: boolean;
  text(row: Row): string;
}

const gap = 2;
const leastFlexible = 12;

/** Writes text as it is and waits when the reader is slower than the writer. */
export async function writeText(stream: NodeJS.WritableStream, text: string | Uint8Array): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

export async function printText({ stdout }: Output, text: string): Promise<void> {
  await writeText(stdout, text.endsWith('\n') ? text : `${text}\n`);
}

export async function printJson({ stdout }: Output, value: unknown): Promise<void> {
  await writeText(stdout, `${JSON.stringify(value, null, 2)}\n`);
}

/** A remark for the person beside the result. */
export async function printNote({ stderr }: Output, text: string): Promise<void> {
  await writeText(stderr, `${text}\n`);
}

/**
 * Rows for a person on a terminal, aligned and cut to its width; in a pipe one
 * line a row, whole, tabs between the cells and no header, for cut and awk.
 */
export async function printRows<Row>(
  output: Output,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (output.isTerminal) return printTable(output, columns, rows);
  const lines = rows.map((row) => `${columns.map((column) => visible(column.text(row))).join('\t')}\n`);
  await writeText(output.stdout, lines.join(''));
}

/** Rows for a person, wherever they are read. */
export async function printTable<Row>(
  output: Output,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const cells = rows.map((row) => columns.map((column) => visible(column.text(row))));
  const widths = fitWidths(columns, cells, output.columns);
  const header = formatLine(
    columns,
    columns.map(({ title }) => title),
    widths,
  );
  const lines = cells.map((line) => formatLine(columns, line, widths));
  await printText(output, [emphasize(output, header), ...lines].join('\n'));
}

/** Text on one line, with nothing in it that a terminal would obey. */
export function visible(text: string): string {
  return cleanLine(text);
}

export function emphasize(output: Output, text: string): string {
  return output.color ? styleText('bold', text, { validateStream: false }) : text;
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

function fitWidths<Row>(
  columns: readonly Column<Row>[],
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

function formatLine<Row>(
  columns: readonly Column<Row>[],
  cells: readonly string[],
  widths: readonly number[],
): string {
  const padded = columns.map((column, index) => {
    const width = widths[index] ?? 0;
    const cell = cutToWidth(cells[index] ?? '', width);
    const space = ' '.repeat(Math.max(0, width - stringWidth(cell)));
    return column.align === 'right' ? space + cell : cell + space;
  });
  return padded.join(' '.repeat(gap)).trimEnd();
}
