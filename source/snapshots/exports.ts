import { cleanText } from '../domain/clean.ts';
import { formatCsvRecord } from '../domain/csv.ts';
import type { SignalImage, StoredRow, StoreImage } from '../ports/store-files.ts';

/** Bytes gathered before they are handed on: a stream is slow with small pieces. */
const chunkBytes = 64 * 1024;

/** One signal a line: its row, and under the name of each table the rows that belong to it. */
export function* ndjsonOf(image: StoreImage): Generator<Buffer> {
  yield* gather(
    image.signals(),
    ({ signal, belongings }) => `${JSON.stringify({ ...signal, ...belongings })}\n`,
  );
}

/** What a spreadsheet wants first; every other column of the signals follows, whatever the schema. */
const firstColumns = [
  'id',
  'status',
  'category',
  'sentiment',
  'urgency',
  'echoes',
  'source',
  'author',
  'title',
  'text',
  'url',
];

export function* csvOf(image: StoreImage): Generator<Buffer> {
  const own =
    image
      .tables()
      .find(({ name }) => name === 'signals')
      ?.columns.map(({ name }) => name) ?? [];
  const columns = [
    ...firstColumns,
    ...own.filter((name) => !firstColumns.includes(name) && name !== 'factors'),
  ];
  yield Buffer.from(formatCsvRecord(columns));
  yield* gather(image.signals(), (each) => {
    const row = flatten(each);
    return formatCsvRecord(columns.map((name) => cellOf(name, row[name] ?? null)));
  });
}

/** The signal, its analysis and the words of its lead post as one row; the signal's own columns win. */
function flatten({ signal, belongings }: SignalImage): StoredRow {
  const lead = belongings.posts?.find(({ id }) => id === signal.leadPostId) ?? {};
  return { ...lead, ...belongings.analyses?.[0], ...signal };
}

function cellOf(name: string, value: string | number | null): string | number | null {
  if (typeof value === 'string') return cleanText(value);
  return typeof value === 'number' && name.endsWith('At') ? timeText(value) : value;
}

function timeText(at: number): string | number {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toISOString();
}

function* gather<Item>(items: Iterable<Item>, format: (item: Item) => string): Generator<Buffer> {
  let parts: string[] = [];
  let length = 0;
  for (const item of items) {
    const text = format(item);
    parts.push(text);
    length += text.length;
    if (length < chunkBytes) continue;
    yield Buffer.from(parts.join(''));
    parts = [];
    length = 0;
  }
  if (parts.length > 0) yield Buffer.from(parts.join(''));
}
