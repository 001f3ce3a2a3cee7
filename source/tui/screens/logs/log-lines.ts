import { type EntryLevel, fieldsLine, type LogEntry } from '../../../domain/log-entry.ts';
import type { LogDeskState } from '../../model/log-desk.ts';
import { formatCount, formatDate } from '../../text/format.ts';
import { blankLine, cell, type Line, selected, span, spread } from '../../text/spans.ts';
import { wrapText, wrapWords } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';

const tones: Readonly<Record<EntryLevel, Tone>> = {
  trace: 'quiet',
  debug: 'quiet',
  info: 'plain',
  warn: 'warning',
  error: 'bad',
  fatal: 'bad',
};

/** "14:05:09" of the local day, with the date where there is room. */
function timeOf(at: number | null, columns: number): string {
  if (at === null) return '-';
  const seconds = String(new Date(at).getSeconds()).padStart(2, '0');
  const whole = `${formatDate(at)}:${seconds}`;
  return columns >= 100 ? whole : whole.slice(11);
}

const timeColumns = (columns: number) => (columns >= 100 ? 19 : 8);
const levelColumns = 5;

/** What is shown of how much, and whether it follows. */
export function logTitle(state: LogDeskState, following: boolean, columns: number): Line {
  const { entries, before, level, text } = state;
  const shown = `${formatCount(entries.length)}${before === null ? '' : '+'} ${entries.length === 1 ? 'entry' : 'entries'}`;
  const filters = [
    level === 'trace' ? '' : `${level} and above`,
    text === '' ? '' : `that say "${text}"`,
  ].filter((word) => word !== '');
  const left: Line = [
    span(' log', 'heading'),
    span(` · ${shown}`),
    ...(filters.length === 0 ? [] : [span(` · ${filters.join(', ')}`, 'accent')]),
  ];
  const right: Line = [following ? span('following ', 'good') : span('G follows again ', 'quiet')];
  return spread(left, right, columns);
}

/** A row an entry; with `wrap` as many as it takes. Always shows the entry under the cursor. */
export function logRows(
  { entries, cursor, wrap }: Pick<LogDeskState, 'entries' | 'cursor' | 'wrap'>,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Line[] {
  if (!wrap) {
    return entries
      .slice(cursor.top, cursor.top + rows)
      .map((entry, index) => entryRow(entry, columns, cursor.top + index === cursor.index));
  }
  const linesOf = (index: number): Line[] => {
    const entry = entries[index];
    return entry === undefined ? [] : wrappedEntry(entry, columns, index === cursor.index);
  };
  // A third of the screen for what comes after, the rest for the entry and what came before.
  const below: Line[] = [];
  for (let next = cursor.index + 1; next < entries.length && below.length < Math.floor(rows / 3); next += 1)
    below.push(...linesOf(next));
  const above = linesOf(cursor.index);
  const least = Math.min(above.length, rows);
  const after = below.slice(0, Math.max(0, rows - least));
  for (let index = cursor.index - 1; index >= 0 && above.length + after.length < rows; index -= 1)
    above.unshift(...linesOf(index));
  const shown = above.slice(Math.max(0, above.length + after.length - rows));
  return [...shown, ...after].slice(0, rows);
}

function entryRow(entry: LogEntry, columns: number, chosen: boolean): Line {
  const { at, level, message } = entry;
  const line: Line = [
    span(' '),
    cell(timeOf(at, columns), timeColumns(columns), 'quiet'),
    cell(level, levelColumns, tones[level]),
    span(message, level === 'info' ? 'plain' : tones[level]),
    span(`  ${fieldsLine(entry)}`, 'quiet'),
  ];
  return chosen ? selected(line) : line;
}

function wrappedEntry(entry: LogEntry, columns: number, chosen: boolean): Line[] {
  const indent = 1 + timeColumns(columns) + 1 + levelColumns + 1;
  const words = wrapWords(`${entry.message}  ${fieldsLine(entry)}`, Math.max(10, columns - indent));
  return words.map((text, index) => {
    const line: Line =
      index === 0
        ? [
            span(' '),
            cell(timeOf(entry.at, columns), timeColumns(columns), 'quiet'),
            cell(entry.level, levelColumns, tones[entry.level]),
            span(text, entry.level === 'info' ? 'plain' : tones[entry.level]),
          ]
        : [span(`${' '.repeat(indent)}${text}`, 'quiet')];
    return chosen ? selected(line) : line;
  });
}

/** The whole entry, a field a line and a stack as it is. */
export function entryLines({ at, level, message, fields }: LogEntry, columns: number): Line[] {
  const room = Math.max(10, columns - 4);
  const name = Math.min(20, Math.max(0, ...fields.map(([each]) => each.length)));
  return [
    [span(` ${timeOf(at, 200)}  `, 'quiet'), span(level, tones[level])],
    blankLine,
    ...wrapText(message, room).map((line): Line => [span(`  ${line}`, 'strong')]),
    ...(fields.length === 0 ? [] : [blankLine]),
    ...fields.flatMap(([field, value]): Line[] => {
      const lines = wrapText(value, Math.max(10, room - name - 2));
      return lines.map((line, index) => [
        span('  '),
        cell(index === 0 ? field : '', name, 'quiet'),
        span(` ${line}`),
      ]);
    }),
  ];
}
