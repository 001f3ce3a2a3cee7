import { csvCell } from '../domain/csv.ts';
import { documentForm } from '../domain/document-form.ts';
import { readDocument } from '../domain/signal-document.ts';
import { UserError } from '../errors.ts';
import { isTableHead, tableColumns } from './export-columns.ts';
import { jsonElements } from './json-elements.ts';

/** Formats that an import takes back. */
export const returningFormats = ['json', 'ndjson', 'csv', 'parquet'] as const;
export type ReturningFormat = (typeof returningFormats)[number];

/** One signal of a file, or why there is none. */
export type FileRow = { readonly line: number; readonly length: number } & (
  | { readonly value: unknown; readonly warning?: string }
  | { readonly problem: string }
);

/** Characters of one signal. A signal of thousands of long posts has fewer. */
const longestDocument = 134_217_728;

/**
 * Which kind of export begins so; null for anything else: a file of posts.
 *
 * @param head some kilobytes from the beginning of the file
 */
export function recognizeExport(head: Buffer): ReturningFormat | null {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (isTableHead(text.split('\n', 1)[0] ?? '')) return 'csv';
  // Quotes inside of a text have a backslash before them.
  if (!/^(?:\[\s*)?\{/.test(text) || !/(?<!\\)"document"\s*:\s*"signal\/\d/.test(text)) return null;
  if (text.startsWith('[')) return 'json';
  return 'ndjson';
}

/** The signals of a file in one of the formats that are text. */
export function readRows(
  format: Exclude<ReturningFormat, 'parquet'>,
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<FileRow> {
  const text = decoded(bytes);
  if (format === 'csv') return csvRows(text);
  return format === 'json' ? jsonRows(text) : ndjsonRows(text);
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* ndjsonRows(chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  let line = 0;
  for await (const text of lines(chunks)) {
    line += 1;
    if (text.trim() !== '') yield parsedRow(line, text);
  }
}

async function* lines(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...rest] = chunk.split('\n');
    begun.push(first);
    length += first.length;
    if (length > longestDocument) throw tooLong();
    for (const next of rest) {
      yield begun.join('');
      begun = [next];
      length = next.length;
    }
  }
  yield begun.join('');
}

async function* jsonRows(chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  for await (const element of jsonElements(chunks, longestDocument, tooLong)) {
    if ('problem' in element) yield { ...element, length: 0 };
    else yield parsedRow(element.line, element.text);
  }
}

function parsedRow(line: number, text: string): FileRow {
  try {
    return { line, length: text.length, value: JSON.parse(text) as unknown };
  } catch {
    return {
      line,
      length: text.length,
      problem: 'is no JSON: it was cut, or edited by hand; export it again',
    };
  }
}

async function* csvRows(chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  const { parse } = await import('csv-parse');
  const pieces = chunks[Symbol.asyncIterator]();
  let head = '';
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    head += next.value;
    if (head.length > 16) break;
  }
  const { Readable } = await import('node:stream');
  const parser = parse({
    bom: true,
    info: true,
    delimiter: delimiterOf(head),
    relax_column_count: true,
    max_record_size: longestDocument,
  });
  const input = Readable.from(
    (async function* () {
      yield head;
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
    })(),
  );
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  let header: readonly string[] | null = null;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (header === null) header = record;
      else yield csvRow(line, header, record);
      line = info.lines + 1;
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !String(cause.code).startsWith('CSV_'))
      throw cause;
    yield { line, length: 0, problem: 'is no CSV (is a quote never closed?); what follows was not read' };
  } finally {
    input.destroy();
    parser.destroy();
  }
}

/** A spreadsheet may have saved it with another separator. */
function delimiterOf(head: string): string {
  return /^\ufeff?"?id"?([,;\t])/.exec(head)?.[1] ?? ',';
}

/** The column `document` counts. Whoever has changed another one is told that it does not. */
function csvRow(line: number, header: readonly string[], record: readonly string[]): FileRow {
  const text = record[header.indexOf('document')] ?? '';
  if (text.trim() === '') return { line, length: 0, problem: 'its column "document" is empty' };
  const row = parsedRow(line, text);
  if ('problem' in row) return row;
  const read = readDocument(row.value, Date.now());
  if ('problem' in read) return row;
  const signal = { document: read.document, salience: null };
  const changed = tableColumns
    .filter(({ name, read: cellOf }) => {
      const at = header.indexOf(name);
      const cell = cellOf(signal);
      const expected = csvCell(cell instanceof Date ? cell.toISOString() : cell);
      return name !== 'document' && at !== -1 && record[at] !== expected;
    })
    .map(({ name }) => name);
  if (changed.length === 0) return row;
  return {
    ...row,
    warning: `${changed.join(', ')}: not as in "document", which is the column that is read; edits of other columns change nothing`,
  };
}

function tooLong(): UserError {
  return new UserError('too-large', `One signal of the file is longer than ${longestDocument} characters.`, {
    fix: `This is no export of this program: each signal begins with {"document":"${documentForm}"`,
  });
}
