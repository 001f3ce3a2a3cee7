import { cleanText } from '../domain/clean.ts';
import { formatCsvRecord } from '../domain/csv.ts';
import type { SignalRow } from '../domain/signal.ts';

export const exportFormats = ['json', 'ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How rows become a file: what comes first, each row, and what comes last. */
export interface ExportWriter {
  readonly head: string;
  row(row: SignalRow, index: number): string;
  tail(rows: number): string;
}

/** Columns of the CSV. Their order is a promise: new ones come last. */
const csvColumns: Readonly<Record<string, (row: SignalRow) => string | number | null>> = {
  id: ({ id }) => id,
  status: ({ status }) => status,
  salience: ({ salience }) => (salience === null ? null : Number(salience.toFixed(4))),
  category: ({ category }) => category,
  sentiment: ({ sentiment }) => sentiment,
  urgency: ({ urgency }) => urgency,
  echoes: ({ echoes }) => echoes,
  source: ({ source }) => source,
  kind: ({ kind }) => kind,
  author: ({ author }) => clean(author),
  title: ({ title }) => clean(title),
  text: ({ text }) => clean(text),
  url: ({ url }) => url,
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
  lastSeenAt: ({ lastSeenAt }) => new Date(lastSeenAt).toISOString(),
};

export const exportWriters: Readonly<Record<ExportFormat, ExportWriter>> = {
  json: {
    head: '[',
    row: (row, index) => `${index === 0 ? '' : ','}\n  ${JSON.stringify(row)}`,
    tail: (rows) => (rows === 0 ? ']\n' : '\n]\n'),
  },
  ndjson: { head: '', row: (row) => `${JSON.stringify(row)}\n`, tail: () => '' },
  csv: {
    head: formatCsvRecord(Object.keys(csvColumns)),
    row: (row) => formatCsvRecord(Object.values(csvColumns).map((read) => read(row))),
    tail: () => '',
  },
};

/** Texts were cleaned when they came in; here they leave, and a spreadsheet is no place to find out that one was not. */
function clean(text: string | null): string | null {
  return text === null ? null : cleanText(text);
}
