import { dashboardWindows } from '../../../domain/dashboard-window.ts';
import type { DashboardDesk } from '../../model/dashboard-desk.ts';
import { shortDay, shortTime } from '../../model/dashboard-panes.ts';
import { byColumn } from '../../model/dashboard-time.ts';
import { formatCount, formatDate, plural } from '../../text/format.ts';
import { type Line, span, spread } from '../../text/spans.ts';
import { formatChange } from '../../text/spark.ts';

const dayMs = 86_400_000;

/** Which window of whose signals is shown, and how much there is in it. */
export function summaryLine(desk: DashboardDesk, columns: number): Line {
  const { insight, phase, window, endsAt, view, search } = desk.read();
  const name = dashboardWindows[window]?.name ?? '';
  const whose = view !== null ? `view ${view}` : search === '' ? 'all signals' : search;
  const left: Line = [
    span(` ${name}`, 'strong'),
    span(endsAt === null ? ' to now' : ` to ${endOf(endsAt)}`),
    span(' · ', 'quiet'),
    span(whose, search === '' ? 'quiet' : 'accent'),
  ];
  if (insight === null) return left;
  const { signals, capped, sampled } = insight;
  const right: Line = [
    ...(phase === 'loading' ? [span('  reading …', 'quiet')] : []),
    ...(sampled ? [span(columns < 110 ? '  sampled' : '  authors and terms by sample', 'quiet')] : []),
    span(`  ${capped ? 'at least ' : ''}${plural(signals.total, 'signal')}`, 'strong'),
    span(` ${formatChange(signals.total, signals.before)} `),
  ];
  return spread(left, right, columns);
}

/** The last day of a window that ends at midnight is the one before. */
function endOf(endsAt: number): string {
  const text = formatDate(endsAt);
  return text.endsWith(' 00:00') ? formatDate(endsAt - 1).slice(0, 10) : text;
}

/** What is selected, in words. */
export function describeSelected(desk: DashboardDesk): string {
  const { row, column } = desk;
  const { selection } = desk.read();
  const pane = desk.panes.find(({ id }) => id === selection.pane);
  if (pane === undefined) return '';
  if (row === null) return `${pane.title}: ${pane.empty}`;
  switch (row.kind) {
    case 'words':
      return `${row.label.replace('! ', 'spike of ')}: ${row.value}`;
    case 'count': {
      const past = row.before === null ? '' : `, before ${formatCount(row.before)}`;
      return `${row.label}: ${plural(row.count, 'signal')}${past}`;
    }
    case 'time': {
      const what = row.label === 'posts' ? 'post' : 'signal';
      if (column === null) {
        const { total, before } = row.trend;
        return `${row.label}: ${plural(total, what)}, before ${formatCount(before)}`;
      }
      const scale = { columns: [column], cells: 1 };
      const count = byColumn(row.trend.buckets, scale)[0] ?? 0;
      const marked = row.marks.some(({ since }) => since >= column.since && since < column.until);
      return `${row.label}, ${describeTime(column)}: ${plural(count, what)}${marked ? ', a spike' : ''}`;
    }
  }
}

export function describeTime({ since, until }: { readonly since: number; readonly until: number }): string {
  if (until - since >= dayMs - 3_600_000) {
    const last = shortDay(until - 1);
    const first = shortDay(since);
    return first === last ? first : `${first} to ${last}`;
  }
  return `${shortDay(since)} ${shortTime(since)}–${shortTime(until)}`;
}

export function aboutLine(desk: DashboardDesk): Line {
  return [
    span(' ', 'plain'),
    span(describeSelected(desk)),
    ...(desk.behind === null ? [] : [span(' · enter shows the signals', 'quiet')]),
  ];
}
