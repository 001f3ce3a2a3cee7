import type { Span as Time } from '../../../domain/insight.ts';
import { shortTime } from '../../model/dashboard-panes.ts';
import { byColumn, columnAt, type TimeScale } from '../../model/dashboard-time.ts';
import { type Line, type Span, span } from '../../text/spans.ts';
import { barOf, shadeOf, sparkOf } from '../../text/spark.ts';
import type { Tone } from '../../theme.ts';

interface Chart {
  readonly buckets: readonly number[];
  readonly scale: TimeScale;
  /** The column that is selected; null for none. */
  readonly selected: number | null;
}

/** A row of bars, one character high. */
export function sparkLine({ buckets, scale, selected }: Chart, tone: Tone): Line {
  const counts = byColumn(buckets, scale);
  const most = Math.max(0, ...counts);
  return cells(
    counts.map((count) => ({ text: sparkOf(count, most), tone: count > 0 ? tone : 'quiet' })),
    scale,
    selected,
  );
}

/** A row of shades against the largest count of all rows; spikes are exclamation marks. */
export function heatLine({ buckets, scale, selected }: Chart, most: number, marks: readonly Time[]): Line {
  const spiked = markedColumns(marks, scale);
  return cells(
    byColumn(buckets, scale).map((count, index) =>
      spiked.has(index)
        ? { text: '!', tone: 'bad' as const }
        : { text: shadeOf(count, most), tone: count > 0 ? ('accent' as const) : ('quiet' as const) },
    ),
    scale,
    selected,
  );
}

/** A bar chart of some lines, top first. */
export function chartLines({ buckets, scale, selected }: Chart, height: number, tone: Tone): readonly Line[] {
  const counts = byColumn(buckets, scale);
  const most = Math.max(0, ...counts);
  return Array.from({ length: height }, (_, line) =>
    cells(
      counts.map((count) => ({ text: barOf(count, most, line, height), tone: count > 0 ? tone : 'quiet' })),
      scale,
      selected,
    ),
  );
}

/** Days or hours under a chart, and an exclamation mark under every spike. */
export function axisLine(scale: TimeScale, marks: readonly Time[]): Line {
  const { columns, cells: wide } = scale;
  const characters: string[] = Array.from({ length: columns.length * wide }, () => ' ');
  const spiked = markedColumns(marks, scale);
  let free = 0;
  for (const [index, column] of columns.entries()) {
    const label = labelOf(column.since, columns[index - 1]?.since ?? null);
    const at = index * wide;
    if (label === null || at < free || at + label.length > characters.length) continue;
    for (const [offset, character] of [...label].entries()) characters[at + offset] = character;
    free = at + label.length + 1;
  }
  for (const index of spiked) characters[index * wide] = '!';
  return grouped(
    characters.map((text) => ({ text, tone: text === '!' ? ('bad' as const) : ('quiet' as const) })),
  );
}

/** The day where one begins, else every sixth hour. */
function labelOf(at: number, before: number | null): string | null {
  const date = new Date(at);
  if (before === null || date.toDateString() !== new Date(before).toDateString()) {
    return `${date.getMonth() + 1}/${date.getDate()}`;
  }
  return date.getHours() % 6 === 0 ? shortTime(at) : null;
}

export function markedColumns(marks: readonly Time[], scale: TimeScale): ReadonlySet<number> {
  return new Set(
    marks.map(({ since }) => columnAt(scale, since)).filter((index): index is number => index !== null),
  );
}

function cells(counts: readonly Span[], { cells: wide }: TimeScale, selected: number | null): Line {
  return grouped(
    counts.map(({ text, tone }, index) => ({
      // A blank cannot be seen to be selected without colours.
      text: text.repeat(wide),
      tone: index === selected ? 'selected' : tone,
    })),
  );
}

/** Neighbours of one tone as one piece: fewer pieces are drawn faster. */
function grouped(pieces: readonly Span[]): Line {
  const line: Span[] = [];
  for (const piece of pieces) {
    const last = line.at(-1);
    if (last !== undefined && last.tone === piece.tone) {
      line[line.length - 1] = span(last.text + piece.text, piece.tone);
    } else line.push(piece);
  }
  return line;
}
