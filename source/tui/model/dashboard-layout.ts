import { bodyRows, fitOf, type Size } from '../layout.ts';
import type { Pane, PaneId } from './dashboard-pane.ts';

/** A pane in its place. */
export interface PlacedPane {
  readonly pane: Pane;
  /** Lines without the title. */
  readonly rows: number;
}

export interface PaneColumn {
  readonly width: number;
  readonly panes: readonly PlacedPane[];
}

const three: readonly (readonly PaneId[])[] = [
  ['volume', 'categories', 'sentiment', 'days'],
  ['terms', 'spikes', 'sources', 'authors', 'tags'],
  ['triage', 'health', 'spend', 'timings'],
];
const two: readonly (readonly PaneId[])[] = [
  ['volume', 'categories', 'sentiment', 'spikes', 'days'],
  ['terms', 'sources', 'authors', 'tags', 'triage', 'health', 'spend', 'timings'],
];
const one: readonly (readonly PaneId[])[] = [[...(two[0] ?? []), ...(two[1] ?? [])]];

/** Lines that a pane needs to say anything; 0 where it may be left out. */
const least: Readonly<Record<PaneId, number>> = {
  volume: 3,
  days: 0,
  categories: 8,
  sentiment: 3,
  spikes: 1,
  terms: 2,
  sources: 1,
  authors: 2,
  tags: 2,
  triage: 3,
  health: 1,
  spend: 1,
  timings: 0,
};

/** Lines that make an axis or a chart of a pane more than its rows. */
const extra: Partial<Readonly<Record<PaneId, number>>> = { volume: 11 };
/** Columns between panes. */
export const paneGap = 2;

/** From here on a row of time has its change beside it. */
export const roomForChange = 32;

/** Columns of a mark, a label, a count and a change beside a row of time. */
export function besideTime(width: number): number {
  return width < roomForChange ? 17 : 23;
}

/** The summary above the panes, and the line about what is selected under them. */
export const dashboardFrameRows = 2;

/**
 * Panes in columns, each as high as there is room for; what finds none is left
 * out. Where not even the least fits, a column begins with the pane that is
 * selected, so that tab reaches all of them.
 */
export function layPanes(panes: readonly Pane[], size: Size, selected: PaneId): readonly PaneColumn[] {
  const height = Math.max(1, bodyRows(size) - dashboardFrameRows);
  const columns = fitOf(size) === 'compact' ? one : size.columns >= 150 ? three : two;
  const widths = widthsOf(columns.length, size.columns);
  return columns.map((ids, index) => {
    const own = ids.flatMap((id) => panes.filter((pane) => pane.id === id));
    return { width: widths[index] ?? 0, panes: fill(own, height, selected) };
  });
}

function widthsOf(count: number, columns: number): readonly number[] {
  if (count === 1) return [columns];
  const left = count === 2 ? Math.floor(columns * 0.6) : Math.floor(columns * 0.42);
  if (count === 2) return [left, columns - left - paneGap];
  const middle = Math.floor((columns - left) / 2);
  return [left, middle - paneGap, columns - left - middle - paneGap];
}

function fill(panes: readonly Pane[], height: number, selected: PaneId): readonly PlacedPane[] {
  let shown = panes.filter(({ id }) => least[id] > 0 || id === selected);
  const needed = () => shown.reduce((sum, pane) => sum + 1 + leastRows(pane), 0);
  // The selected pane stays; those before it go first, then those at the end.
  while (needed() > height && shown.length > 1) {
    shown = shown[0]?.id === selected ? shown.slice(0, -1) : shown.slice(1);
  }
  const rows = new Map(shown.map((pane) => [pane.id, Math.min(leastRows(pane), height - 1)]));
  let left = height - shown.reduce((sum, { id }) => sum + 1 + (rows.get(id) ?? 0), 0);
  const optional = panes.filter((pane) => !shown.includes(pane));
  for (const pane of optional) {
    if (least[pane.id] > 0 || left < 4) continue;
    shown = panes.filter((each) => shown.includes(each) || each === pane);
    rows.set(pane.id, 3);
    left -= 4;
  }
  // A line each in turn, until all have what they want.
  for (let grew = true; grew && left > 0; ) {
    grew = false;
    for (const pane of shown) {
      const has = rows.get(pane.id) ?? 0;
      if (left === 0 || has >= wantedRows(pane)) continue;
      rows.set(pane.id, has + 1);
      left -= 1;
      grew = true;
    }
  }
  return shown.map((pane) => ({ pane, rows: rows.get(pane.id) ?? 0 }));
}

function leastRows(pane: Pane): number {
  return Math.max(1, Math.min(least[pane.id] || 3, Math.max(1, wantedRows(pane))));
}

function wantedRows({ id, rows }: Pane): number {
  return Math.max(1, rows.length + (extra[id] ?? 0) + (id === 'categories' ? 1 : 0));
}
