import type { SignalRow, SignalStatus } from '../../../domain/signal.ts';
import { describeSnooze } from '../../../domain/snooze-words.ts';
import type { Filter } from '../../model/signal-filter.ts';
import { standsOut } from '../../model/signal-filter.ts';
import { cleanLine } from '../../text/clean-line.ts';
import { fitText } from '../../text/fit-text.ts';
import { formatAge, formatEchoes, formatScore } from '../../text/format.ts';
import { cell, type Line, span } from '../../text/spans.ts';
import type { Tone } from '../../theme.ts';

/** Columns of each cell of the list; 0 leaves the cell out. The text takes the rest. */
export interface RowLayout {
  readonly columns: number;
  readonly category: number;
  readonly source: number;
  /** The source is a short mark of its kind. */
  readonly marksSource: boolean;
  readonly echoes: number;
  readonly author: number;
  readonly tags: number;
  readonly text: number;
}

const cursorColumns = 2;
const glyphColumns = 2;
const scoreColumns = 5;
const ageColumns = 4;

/**
 * What a list of this width has room for, most needed first.
 * `longestSource` is that of the configuration, so that columns stay where
 * they are while the list is scrolled.
 */
export function rowLayout(columns: number, longestSource = 12): RowLayout {
  const category = columns >= 56 ? 8 : 0;
  const echoes = columns >= 46 ? 5 : 0;
  const marksSource = columns >= 60 && columns < 76;
  const roomy = Math.min(columns >= 100 ? 16 : 10, Math.max(6, longestSource));
  const source = columns >= 76 ? roomy : marksSource ? 3 : 0;
  const author = columns >= 90 ? 12 : 0;
  const tags = columns >= 110 ? 12 : 0;
  const cells = [scoreColumns, category, source, ageColumns, echoes, author, tags].filter(
    (width) => width > 0,
  );
  const used = cells.reduce((sum, width) => sum + width + 1, cursorColumns + glyphColumns);
  return { columns, category, source, marksSource, echoes, author, tags, text: Math.max(1, columns - used) };
}

/** Two or three letters for a kind of source, where its name has no room. */
const sourceMarks: Readonly<Record<string, string>> = {
  hackernews: 'hn',
  reddit: 'rd',
  github: 'gh',
  stackexchange: 'se',
  appstore: 'app',
  lemmy: 'lem',
  discourse: 'dis',
  lobsters: 'lob',
  youtube: 'yt',
  mastodon: 'mas',
  bluesky: 'bsk',
  command: 'cmd',
};

function sourceOf({ source, kind }: Pick<SignalRow, 'source' | 'kind'>, { marksSource }: RowLayout): string {
  return marksSource ? (sourceMarks[kind] ?? kind.slice(0, 3)) : source;
}

const glyphs: Readonly<Record<SignalStatus, string>> = {
  inbox: '·',
  escalated: '▲',
  resolved: '✓',
  dismissed: '✕',
  snoozed: 'z',
};

export function glyphOf(status: SignalStatus): string {
  return glyphs[status];
}

const statusTones: Readonly<Record<SignalStatus, Tone>> = {
  inbox: 'quiet',
  escalated: 'bad',
  resolved: 'good',
  dismissed: 'quiet',
  snoozed: 'quiet',
};

export function toneOfStatus(status: SignalStatus): Tone {
  return statusTones[status];
}

const categoryTones: Readonly<Record<string, Tone>> = {
  outage: 'bad',
  security: 'demo',
  churn: 'warning',
  bug: 'warning',
  praise: 'good',
};

export function toneOfCategory(category: string | null): Tone {
  return (category !== null && categoryTones[category]) || 'plain';
}

export function headingLine(layout: RowLayout): Line {
  return [
    span(' '.repeat(cursorColumns + glyphColumns)),
    cell('SCORE', scoreColumns, 'heading', 'right'),
    cell('CATEGORY', layout.category, 'heading'),
    cell(layout.marksSource ? 'SRC' : 'SOURCE', layout.source, 'heading'),
    cell('AGE', ageColumns, 'heading', 'right'),
    cell('ECHO', layout.echoes, 'heading', 'right'),
    cell('AUTHOR', layout.author, 'heading'),
    cell('TAGS', layout.tags, 'heading'),
    span('SIGNAL', 'heading'),
  ];
}

/** What the text cell says: the title, and the text where it says more. */
export function textOf(row: Pick<SignalRow, 'title' | 'text'>): string {
  // A post may hold a megabyte; a row shows a few hundred characters.
  const text = fold(row.text.slice(0, 1200));
  if (row.title === null || row.title === '') return text;
  const title = fold(row.title.slice(0, 600));
  return text === '' || title.startsWith(text) ? title : text.startsWith(title) ? text : `${title} · ${text}`;
}

function fold(text: string): string {
  return cleanLine(text).replace(/ {2,}/g, ' ').trim();
}

/** What a person should know of a row before its text, in words: its status, that it came back, whose it is. */
function remarksOf(row: SignalRow, filter: Filter): string {
  const status =
    row.status === 'snoozed' && row.snooze !== null
      ? `snoozed ${describeSnooze(row.snooze, row.echoes)}`
      : standsOut(row.status, filter)
        ? row.status
        : '';
  const parts = [row.regressed ? 'regressed' : '', status, row.assignee === null ? '' : `@${row.assignee}`];
  return parts.filter((part) => part !== '').join(' · ');
}

/** One row of the list. Cut and formatted here and nowhere else. */
export function rowLine(row: SignalRow, layout: RowLayout, filter: Filter, now: number): Line {
  const decided = standsOut(row.status, filter);
  const tone: Tone = decided ? 'quiet' : 'plain';
  const remarks = remarksOf(row, filter);
  const text = remarks === '' ? textOf(row) : `${remarks} · ${textOf(row)}`;
  return [
    span(' '.repeat(cursorColumns)),
    span(
      `${row.regressed ? '↺' : glyphOf(row.status)} `,
      row.regressed ? 'warning' : toneOfStatus(row.status),
    ),
    cell(formatScore(row.salience), scoreColumns, decided ? 'quiet' : 'strong', 'right'),
    cell(row.category ?? '…', layout.category, decided ? 'quiet' : toneOfCategory(row.category)),
    cell(sourceOf(row, layout), layout.source, tone),
    cell(formatAge(row.createdAt, now), ageColumns, tone, 'right'),
    cell(formatEchoes(row.echoes), layout.echoes, tone, 'right'),
    cell(row.author ?? '', layout.author, tone),
    cell(row.tags.join(' '), layout.tags, 'quiet'),
    span(fitText(text, layout.text), tone),
  ];
}

/** The row with a "*" before it: it is marked for the next decision. */
export function markedLine(line: Line): Line {
  return [span(' '), span('*', 'accent'), ...line.slice(1)];
}

/** The row under the cursor: a ">" and one even stripe, readable without colours. */
export function selectedLine(line: Line): Line {
  const text = line.map((piece) => piece.text).join('');
  return [span(`>${text.slice(1)}`, 'selected')];
}

interface Formatted {
  readonly key: string;
  readonly line: Line;
}

const formatted = new WeakMap<SignalRow, Formatted>();

/** `rowLine`, remembered per row until the width, the filter or the minute changes. */
export function rowLineOnce(row: SignalRow, layout: RowLayout, filter: Filter, now: number): Line {
  const key = `${layout.columns} ${layout.source} ${filter} ${Math.floor(now / 60_000)}`;
  const known = formatted.get(row);
  if (known?.key === key) return known.line;
  const line = rowLine(row, layout, filter, now);
  formatted.set(row, { key, line });
  return line;
}
