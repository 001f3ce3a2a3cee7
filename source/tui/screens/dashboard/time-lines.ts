import type { Span as Time } from '../../../domain/insight.ts';
import { shortDay, shortTime } from '../../model/dashboard-panes.ts';
import { byColumn, columnAt, type TimeScale } from '../../model/dashboard-time.ts';
import { type Line, type Span, span } from '../../text/spans.ts';
import { barOf, shadeOf, sparkOf } from '../../text/spark.ts';
import type { Tone } from '../../theme.ts';

/** Hours stand under a window that is no longer than this. */
const longestByHour = 2 * 86_400_000;

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
  for (const index of markedColumns(marks, scale)) characters[index * wide] = '!';
  const [first] = columns;
  const byHour = first !== undefined && (columns.at(-1)?.until ?? 0) - first.since <= longestByHour;
  let free = 0;
  for (const [index, { since }] of columns.entries()) {
    const label = byHour ? hourLabel(since) : dayLabel(since, columns[index - 1]?.since ?? null);
    const at = index * wide;
    if (label === null || at < free || at + label.length > characters.length) continue;
    if (characters.slice(at, at + label.length).includes('!')) continue;
    for (const [offset, character] of [...label].entries()) characters[at + offset] = character;
    free = at + label.length + 1;
  }
  return grouped(
    characters.map((text) => ({ text, tone: text === '!' ? ('bad' as const) : ('quiet' as const) })),
  );
}

function hourLabel(at: number): string | null {
  return new Date(at).getHours() % 6 === 0 ? shortTime(at) : null;
}

/** Where a day begins. */
function dayLabel(at: number, before: number | null): string | null {
  const begins = before === null || new Date(at).toDateString() !== new Date(before).toDateString();
  return begins ? shortDay(at).slice(4).replace('  ', ' ') : null;
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
