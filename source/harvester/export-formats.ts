import { extname } from 'node:path';
import { atomEntry, atomHead, atomTail } from '../domain/atom.ts';
import { formatCsvRecord } from '../domain/csv.ts';
import { tableColumns } from './export-columns.ts';
import { markdownHead, markdownSignal } from './export-markdown.ts';
import type { ExportedSignal } from './transfer.ts';

export const exportFormats = ['json', 'ndjson', 'csv', 'parquet', 'xlsx', 'atom', 'md'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Other endings of file names that mean a format. */
const endings: Readonly<Record<string, ExportFormat>> = { jsonl: 'ndjson', markdown: 'md' };

/** The format that the name of a file asks for; null when its ending is none that is known. */
export function formatOf(path: string): ExportFormat | null {
  const ending = extname(path).slice(1).toLowerCase();
  return exportFormats.find((format) => format === ending) ?? endings[ending] ?? null;
}

/** What an export is of: formats that people read say so. */
export interface ExportAbout {
  /** When it was made. Milliseconds, UTC. */
  readonly at: number;
  /** What was asked for, in words; empty for all. */
  readonly topic: string;
}

type Pages = AsyncIterable<readonly ExportedSignal[]>;
type Chunks = AsyncIterable<string | Uint8Array>;

export interface ExportWriter {
  readonly mediaType: string;
  /** No text: nothing for a terminal. */
  readonly binary: boolean;
  /** Holds one page at a time, however many there are. */
  write(pages: Pages, about: ExportAbout): Chunks;
}

export const exportWriters: Readonly<Record<ExportFormat, ExportWriter>> = {
  json: textWriter('application/json', {
    head: () => '[',
    row: ({ document }, index) => `${index === 0 ? '' : ','}\n  ${JSON.stringify(document)}`,
    tail: (rows) => (rows === 0 ? ']\n' : '\n]\n'),
  }),
  ndjson: textWriter('application/x-ndjson', { row: ({ document }) => `${JSON.stringify(document)}\n` }),
  csv: textWriter('text/csv; charset=utf-8', {
    head: () => formatCsvRecord(tableColumns.map(({ name }) => name)),
    row: csvRow,
  }),
  parquet: {
    mediaType: 'application/vnd.apache.parquet',
    binary: true,
    write: async function* (pages) {
      yield* (await import('./export-parquet.ts')).writeParquet(pages);
    },
  },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    binary: true,
    write: async function* (pages) {
      yield* (await import('./export-xlsx.ts')).writeXlsx(pages);
    },
  },
  atom: textWriter('application/atom+xml; charset=utf-8', {
    head: ({ topic, at }) => atomHead(topic, at),
    row: ({ document }) => atomEntry(faceOf(document)),
    tail: () => atomTail,
  }),
  md: textWriter('text/markdown; charset=utf-8', {
    head: markdownHead,
    row: markdownSignal,
    tail: (rows) => (rows === 0 ? '\nNo signal matches.\n' : ''),
  }),
};

/** The record of a table that a signal is; an import compares it with what stands in the file. */
export function csvRow(signal: ExportedSignal): string {
  return formatCsvRecord(
    tableColumns.map(({ read }) => {
      const cell = read(signal);
      return cell instanceof Date ? cell.toISOString() : cell;
    }),
  );
}

function faceOf(document: ExportedSignal['document']) {
  const [lead] = document.posts;
  if (lead === undefined) throw new Error('a signal has a post');
  const { title, text, author, source, url, createdAt } = lead;
  const lastSeenAt = document.posts.reduce((last, post) => Math.max(last, post.createdAt), 0);
  return { ...document, title, text, author, source, url, createdAt, lastSeenAt };
}

function textWriter(
  mediaType: string,
  {
    head = () => '',
    row,
    tail = () => '',
  }: {
    head?(about: ExportAbout): string;
    row(signal: ExportedSignal, index: number): string;
    tail?(rows: number): string;
  },
): ExportWriter {
  return {
    mediaType,
    binary: false,
    async *write(pages, about) {
      let rows = 0;
      // With the first rows: whoever reads a pipe knows by its first piece what it is.
      let before = head(about);
      for await (const page of pages) {
        yield before + page.map((signal) => row(signal, rows++)).join('');
        before = '';
      }
      yield before + tail(rows);
    },
  };
}
