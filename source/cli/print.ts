import { once } from 'node:events';
import { styleText } from 'node:util';
import { cleanLine } from '../domain/clean.ts';
import type { Output } from './command.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  /** Takes what width is left and is cut to it. One column of a table at most. */
  readonly flexible?: boolean;
  text(row: Row): string;
}

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
  const { alignTable } = await import('./table.ts');
  const [header = '', ...lines] = alignTable(columns, cells, output.columns);
  await printText(output, [emphasize(output, header), ...lines].join('\n'));
}

/** Text on one line, with nothing in it that a terminal would obey. */
export function visible(text: string): string {
  return cleanLine(text);
}

export function emphasize(output: Output, text: string): string {
  return output.color ? styleText('bold', text, { validateStream: false }) : text;
}
