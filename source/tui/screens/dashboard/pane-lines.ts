import { besideTime, type PlacedPane } from '../../model/dashboard-layout.ts';
import type { PaneRow } from '../../model/dashboard-panes.ts';
import { byColumn, type TimeScale } from '../../model/dashboard-time.ts';
import { drawBar } from '../../text/bar.ts';
import { formatShort } from '../../text/format.ts';
import { cell, type Line, rule, span } from '../../text/spans.ts';
import { formatChange } from '../../text/spark.ts';
import { axisLine, chartLines, heatLine, sparkLine } from './time-lines.ts';

export interface PaneLook {
  readonly width: number;
  readonly scale: TimeScale;
  /** The row that is selected in this pane; null when it is in another. */
  readonly row: number | null;
  /** The column of time that is selected; null for the whole row. */
  readonly column: number | null;
}

const labelColumns = 9;
const countColumns = 4;
const changeColumns = 5;
/** From here on counts have bars. */
const roomForBars = 46;
const longestChart = 12;

/** A pane with its title, in exactly its rows and one. */
export function paneLines({ pane, rows }: PlacedPane, look: PaneLook): readonly Line[] {
  const top = firstShown(pane.rows.length, rows, look.row);
  const hidden = pane.rows.length > rows && pane.rows.some(({ kind }) => kind !== 'time');
  const part = hidden ? ` ${top + 1}–${Math.min(pane.rows.length, top + rows)} of ${pane.rows.length}` : '';
  const mark = look.row === null ? '' : '> ';
  const title = rule(`${mark}${pane.title}${part}`, look.width);
  const heading =
    look.row === null
      ? title
      : title.map(({ text, tone }) => span(text, tone === 'heading' ? 'title' : tone));
  if (pane.rows.length === 0) return [heading, ...blank([[span(`  ${pane.empty}`, 'quiet')]], rows)];
  if (pane.id === 'volume') return [heading, ...blank(volumeLines(pane.rows, rows, look), rows)];
  const most = Math.max(
    0,
    ...pane.rows.flatMap((row) =>
      row.kind === 'time' && row.shade === 'heat' ? byColumn(row.trend.buckets, look.scale) : [],
    ),
  );
  const lines = pane.rows
    .slice(top, top + rows)
    .map((row, index) =>
      rowLine(row, { ...look, row: look.row === null ? null : look.row - top - index }, most),
    );
  if (pane.id === 'categories' && rows > pane.rows.length) lines.push(axis(look, []));
  return [heading, ...blank(lines, rows)];
}

/** Posts as a chart where there is room, signals as one line, and the days under them. */
function volumeLines(all: readonly PaneRow[], rows: number, look: PaneLook): readonly Line[] {
  const [posts, signals] = all;
  if (posts?.kind !== 'time' || signals?.kind !== 'time') return [];
  const height = Math.min(longestChart, rows - 2);
  const marks = posts.marks;
  const at = (index: number) => ({ ...look, row: look.row === null ? null : look.row - index });
  const second = rowLine(signals, at(1), 0);
  if (height < 2) return [rowLine(posts, at(0), 0), second, axis(look, marks)];
  const { scale } = look;
  const selected = look.row === 0 ? look.column : null;
  const chart = chartLines({ buckets: posts.trend.buckets, scale, selected }, height, 'accent');
  const lines = chart.map((drawn, index) =>
    index === 0 ? timeLine(posts, at(0), drawn) : [cell('', labelColumns + 1), ...drawn],
  );
  return [...lines, second, axis(look, marks)];
}

function axis({ scale }: PaneLook, marks: Parameters<typeof axisLine>[1]): Line {
  return [cell('', labelColumns + 1), ...axisLine(scale, marks)];
}

/** `look.row` is 0 for the row that is selected. */
function rowLine(row: PaneRow, look: PaneLook, most: number): Line {
  const { width, scale } = look;
  const chosen = look.row === 0;
  const mark = span(chosen ? '>' : ' ', 'strong');
  switch (row.kind) {
    case 'time': {
      const selected = chosen ? look.column : null;
      const chart = { buckets: row.trend.buckets, scale, selected };
      return timeLine(
        row,
        look,
        row.shade === 'heat' ? heatLine(chart, most, row.marks) : sparkLine(chart, 'accent'),
      );
    }
    case 'count': {
      const change = row.before === null ? '' : formatChange(row.count, row.before);
      const beside = 1 + countColumns + 1 + (row.before === null ? 0 : changeColumns + 1);
      const bar = width >= roomForBars ? Math.floor((width - beside) * 0.4) : 0;
      const { filled, rest } = drawBar(row.count / row.most, Math.max(1, bar));
      return [
        mark,
        cell(row.label, width - beside - bar - 2, chosen && look.column === null ? 'selected' : 'plain'),
        ...(bar > 0 ? [span(filled, 'accent'), span(' '.repeat(rest.length + 1))] : []),
        cell(formatShort(row.count), countColumns, 'strong', 'right'),
        ...(row.before === null ? [] : [cell(change, changeColumns, toneOf(row.count, row.before), 'right')]),
      ];
    }
    case 'words': {
      const label = Math.min(18, Math.max(9, Math.floor(width * 0.3)));
      return [mark, cell(row.label, label, chosen ? 'selected' : 'plain'), span(row.value, row.tone)];
    }
  }
}

function timeLine(row: Extract<PaneRow, { kind: 'time' }>, look: PaneLook, chart: Line): Line {
  const { scale, width } = look;
  const chosen = look.row === 0;
  const drawn = scale.columns.length * scale.cells;
  const { total, before } = row.trend;
  return [
    span(chosen ? '>' : ' ', 'strong'),
    cell(row.label, labelColumns, chosen && look.column === null ? 'selected' : 'plain'),
    ...chart,
    span(' '.repeat(Math.max(1, Math.min(3, width - besideTime - drawn + 1)))),
    cell(formatShort(total), countColumns, 'strong', 'right'),
    cell(formatChange(total, before), changeColumns, toneOf(total, before), 'right'),
  ];
}

function toneOf(count: number, before: number): 'quiet' | 'plain' {
  return count === before ? 'quiet' : 'plain';
}

/** As much of a list as fits, with the selected row in it. */
function firstShown(count: number, rows: number, selected: number | null): number {
  if (selected === null || count <= rows) return 0;
  return Math.max(0, Math.min(count - rows, selected - rows + 1));
}

function blank(lines: readonly Line[], rows: number): readonly Line[] {
  return Array.from({ length: rows }, (_, index) => lines[index] ?? []);
}
