import { cleanText } from '../domain/clean.ts';
import type { ExportedSignal } from './transfer.ts';

export type Cell = string | number | Date | null;

/** One column of a table of signals. */
export interface ExportColumn {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'number' | 'time';
  /** Columns of text that is read, rather than compared. */
  readonly wide?: boolean;
  read(signal: ExportedSignal): Cell;
}

const lead = ({ document }: ExportedSignal) => {
  const [post] = document.posts;
  if (post === undefined) throw new Error('a signal has a post');
  return post;
};

const text = (name: string, read: (signal: ExportedSignal) => string | null): ExportColumn => ({
  name,
  type: 'text',
  // Texts were cleaned when they came in; here they leave, and a spreadsheet is no place to find out that one was not.
  read: (signal) => {
    const cell = read(signal);
    return cell === null ? null : cleanText(cell);
  },
});
const wideText = (name: string, read: (signal: ExportedSignal) => string | null): ExportColumn => ({
  ...text(name, read),
  wide: true,
});

/** Columns of tables, in an order that is a promise: new ones come last. */
const columns: readonly ExportColumn[] = [
  { name: 'id', type: 'integer', read: ({ document }) => document.id },
  text('status', ({ document }) => document.status),
  { name: 'rank', type: 'number', read: ({ document }) => document.rank },
  text('category', ({ document }) => document.category),
  text('sentiment', ({ document }) => document.sentiment),
  { name: 'urgency', type: 'integer', read: ({ document }) => document.urgency },
  { name: 'echoes', type: 'integer', read: ({ document }) => document.posts.length - 1 },
  text('source', (signal) => lead(signal).source),
  text('kind', (signal) => lead(signal).kind),
  text('author', (signal) => lead(signal).author),
  wideText('title', (signal) => lead(signal).title),
  wideText('text', (signal) => lead(signal).text),
  text('url', (signal) => lead(signal).url),
  { name: 'createdAt', type: 'time', read: (signal) => new Date(lead(signal).createdAt) },
  {
    name: 'lastSeenAt',
    type: 'time',
    read: ({ document }) =>
      new Date(document.posts.reduce((last, { createdAt }) => Math.max(last, createdAt), 0)),
  },
  text('tags', ({ document }) => document.tags.join(', ')),
  text('assignee', ({ document }) => document.assignee),
  wideText(
    'notes',
    ({ document }) => document.notes.map(({ author, text: said }) => `${author}: ${said}`).join('\n') || null,
  ),
];

/** For a person who looks at it now: with the salience of this moment. */
export const sheetColumns: readonly ExportColumn[] = columns.flatMap((column) =>
  column.name === 'rank'
    ? [
        {
          name: 'salience',
          type: 'number',
          read: ({ salience }: ExportedSignal) => (salience === null ? null : Number(salience.toFixed(4))),
        },
      ]
    : [column],
);

/** For programs, and to be imported again: the whole signal as JSON in the last column, and nothing that time changes. */
export const tableColumns: readonly ExportColumn[] = [
  ...columns,
  { name: 'document', type: 'text', read: ({ document }) => JSON.stringify(document) },
];

/** Whether the first line of a file is that of a table of signals. */
export function isTableHead(line: string): boolean {
  const names = line
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/[,;\t]/)
    .map((name) => name.replaceAll('"', ''));
  return names[0] === 'id' && names[1] === 'status' && names.includes('document');
}
