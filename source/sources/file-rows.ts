import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { UserError } from '../errors.ts';
import type { Row } from './file-columns.ts';

export type FileFormat = 'ndjson' | 'json' | 'csv';

/** One row of a file: a value, or why there is none. */
export type FileRow = {
  /** 1-based line of the file, or 1-based position in a JSON array. */
  readonly line: number;
  /** What the row is made of: equal rows have equal `raw`. */
  readonly raw: string;
} & ({ readonly value: Row } | { readonly problem: string });

const longestRow = 8_388_608;
const longestJson = 268_435_456;

/**
 * The text of a file, or of standard input (`-`), piece by piece. An abort
 * ends it with the signal's reason, even while it waits for input.
 */
export async function* readText(path: string, signal: AbortSignal): AsyncIterable<string> {
  signal.throwIfAborted();
  const bytes = addAbortSignal(signal, path === '-' ? process.stdin : createReadStream(path));
  try {
    yield* decodeChunks(bytes as AsyncIterable<Buffer>);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Decodes a stream of bytes: UTF-8, or UTF-16 where a byte order mark says so. */
async function* decodeChunks(bytes: AsyncIterable<Buffer>): AsyncIterable<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of bytes) {
    const wide =
      chunk[0] === 0xff && chunk[1] === 0xfe
        ? 'utf-16le'
        : chunk[0] === 0xfe && chunk[1] === 0xff
          ? 'utf-16be'
          : null;
    decoder ??= new TextDecoder(wide ?? 'utf-8');
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

/** The format by the name of the file, or by how its content begins. */
export function detectFormat(path: string, head: string): FileFormat {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === 'ndjson' || extension === 'jsonl') return 'ndjson';
  if (extension === 'csv' || extension === 'tsv') return 'csv';
  const start = head.trimStart();
  if (start.startsWith('[')) return 'json';
  if (!start.startsWith('{')) return extension === 'json' ? 'json' : 'csv';
  // One object a line, or one object over many lines?
  const firstLine = start.slice(0, start.indexOf('\n') === -1 ? start.length : start.indexOf('\n'));
  const rest = start.slice(firstLine.length).trimStart();
  return parseRow(firstLine) !== null && (rest.startsWith('{') || extension !== 'json') ? 'ndjson' : 'json';
}

export function readRows(format: FileFormat, chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  if (format === 'ndjson') return readNdjson(chunks);
  return format === 'json' ? readJson(chunks) : readCsv(chunks);
}

async function* readNdjson(chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  for await (const { line, text } of readLines(chunks)) {
    if (text === null) yield { line, raw: '', problem: `longer than ${longestRow} characters` };
    else if (text.trim() !== '') {
      const value = parseRow(text);
      yield value === null ? { line, raw: text, problem: 'not a JSON object' } : { line, raw: text, value };
    }
  }
}

/** Lines in order; `text` is null for one that is too long to be held. */
async function* readLines(
  chunks: AsyncIterable<string>,
): AsyncIterable<{ line: number; text: string | null }> {
  let rest = '';
  let line = 0;
  let tooLong = false;
  for await (const chunk of chunks) {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      line += 1;
      yield { line, text: tooLong ? null : piece.replace(/\r$/, '') };
      tooLong = false;
    }
    if (rest.length > longestRow) {
      tooLong = true;
      rest = '';
    }
  }
  if (rest !== '' || tooLong) yield { line: line + 1, text: tooLong ? null : rest };
}

/** An array of objects, or an object that holds one (`{"items": […]}`). */
async function* readJson(chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  const pieces: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > longestJson) {
      throw new UserError('too-large', `the JSON file is larger than ${longestJson / 1_048_576} MiB`, {
        fix: 'Convert it to one object a line (NDJSON), which is read piece by piece',
      });
    }
    pieces.push(chunk);
  }
  const rows = arrayIn(parseJson(pieces.join('')));
  for (const [index, value] of rows.entries()) {
    const row = { line: index + 1, raw: JSON.stringify(value) };
    yield isRow(value) ? { ...row, value } : { ...row, problem: 'not a JSON object' };
  }
}

function arrayIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isRow(value)) {
    const inner = Object.values(value).find((member) => Array.isArray(member) && member.some(isRow));
    return Array.isArray(inner) ? inner : [value];
  }
  throw new UserError('not-json', 'the file is not valid JSON', {
    fix: 'Check the file, or set format to ndjson or csv if it is one of these',
  });
}

async function* readCsv(chunks: AsyncIterable<string>): AsyncIterable<FileRow> {
  const { parse } = await import('csv-parse');
  const [head, whole] = await peek(chunks);
  const parser = parse({
    bom: true,
    info: true,
    delimiter: delimiterOf(head),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRow,
  });
  const skipped: FileRow[] = [];
  parser.on('skip', (error) => {
    skipped.push({
      line: error?.lines ?? 0,
      raw: 'skipped',
      problem: 'not valid CSV (is a quote never closed?)',
    });
  });
  const input = Readable.from(whole);
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  let header: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      yield* skipped.splice(0);
      const raw = record.join('\u0001');
      if (!header) header = record;
      else if (record.length > header.length) {
        yield { line, raw, problem: `${record.length} fields, but the header has ${header.length}` };
      } else
        yield { line, raw, value: Object.fromEntries(header.map((name, at) => [name, record[at] ?? ''])) };
      line = info.lines + 1;
    }
    yield* skipped.splice(0);
  } finally {
    input.destroy();
    parser.destroy();
  }
}

/** The separator that the first line uses most. */
function delimiterOf(head: string): string {
  const firstLine = head.split('\n', 1)[0] ?? '';
  const uses = (separator: string) => firstLine.split(separator).length;
  return [',', ';', '\t', '|'].reduce((best, next) => (uses(next) > uses(best) ? next : best));
}

/** The first chunk that is not empty, and the whole stream again. */
export async function peek(chunks: AsyncIterable<string>): Promise<[string, AsyncIterable<string>]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = '';
  let next = await iterator.next();
  while (!next.done) {
    head += next.value;
    if (head.trim() !== '') break;
    next = await iterator.next();
  }
  async function* whole() {
    try {
      if (head !== '') yield head;
      for (let more = await iterator.next(); !more.done; more = await iterator.next()) yield more.value;
    } finally {
      await iterator.return?.();
    }
  }
  return [head, whole()];
}

function parseRow(text: string): Row | null {
  const value = parseJson(text);
  return isRow(value) ? value : null;
}

/** Undefined for invalid JSON. Whole numbers too large for a double stay as they are written: ids must not merge. */
function parseJson(text: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
      ? context.source
      : value;
  try {
    return /\d{16}/.test(text)
      ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
      : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
