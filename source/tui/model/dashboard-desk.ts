import { dashboardWindows, endOfNext, spanOfWindow } from '../../domain/dashboard-window.ts';
import type { ErrorSummary } from '../../domain/failure.ts';
import type { Insight } from '../../domain/insight.ts';
import { narrowSearch } from '../../domain/insight-search.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester, SourceHealth } from '../../harvester/harvester.ts';
import type { Size } from '../layout.ts';
import { besideTime, layPanes, type PaneColumn } from './dashboard-layout.ts';
import type { Pane, PaneId, PaneRow } from './dashboard-pane.ts';
import { panesOf } from './dashboard-panes.ts';
import { columnAt, type TimeColumn, type TimeScale, timeScale } from './dashboard-time.ts';
import { type DashboardTimings, noTimings, readTimings } from './dashboard-timings.ts';
import { Observed } from './observed.ts';

/** Whose signals are shown: a view, a search, or all of them when both are empty. */
export interface DashboardChoice {
  readonly view: string | null;
  readonly search: string;
}

export interface DashboardSelection {
  readonly pane: PaneId;
  readonly row: number;
  /** Within the chosen column of time; null is the whole row. Milliseconds, UTC. */
  readonly at: number | null;
}

export interface DashboardState extends DashboardChoice {
  readonly phase: 'unread' | 'loading' | 'ready' | 'failed';
  readonly error: ErrorSummary | null;
  readonly insight: Insight | null;
  /** The search that the insight was asked with. */
  readonly insightSearch: string;
  readonly sources: readonly SourceHealth[];
  readonly timings: DashboardTimings;
  /** Index into the windows. */
  readonly window: number;
  /** When the window ends; null is now. */
  readonly endsAt: number | null;
  readonly selection: DashboardSelection;
  /** When the newest signal was written; null when unknown or there is none. */
  readonly newestAt: number | null;
}

const oldAfterMs = 60_000;
const agesRenewedMs = 10_000;

/** What was said in a window of time, and what of it is selected. */
export class DashboardDesk extends Observed<DashboardState> {
  readonly #harvester: Harvester;
  readonly #now: () => number;
  readonly timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  #size: Size = { columns: 80, rows: 24 };
  #visible = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading = 0;
  #made: { readonly insight: Insight; readonly now: number; readonly panes: readonly Pane[] } | null = null;

  constructor(harvester: Harvester, now: () => number) {
    super({
      phase: 'unread',
      error: null,
      insight: null,
      insightSearch: '',
      sources: [],
      timings: noTimings,
      window: 1,
      endsAt: null,
      view: null,
      search: '',
      selection: { pane: 'volume', row: 0, at: null },
      newestAt: null,
    });
    this.#harvester = harvester;
    this.#now = now;
  }

  /** Whether the screen can be seen: nothing is read while it cannot. */
  show(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.tick();
  }

  /** Reads again what has become old, when anybody looks. */
  tick(): void {
    if (this.#visible && this.#now() - this.#readAt >= oldAfterMs && this.read().phase !== 'loading') {
      void this.renew();
    }
  }

  /** A run has ended: what was read is old. */
  noteRun(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.tick();
  }

  resize(size: Size): void {
    this.#size = size;
    this.set({});
  }

  /** Reads everything; an answer to an earlier question is left aside. */
  async renew(): Promise<void> {
    this.#reading += 1;
    const mine = this.#reading;
    this.#readAt = this.#now();
    const { window, endsAt, search } = this.read();
    const chosen = dashboardWindows[window] ?? dashboardWindows[0];
    const span = spanOfWindow(chosen, endsAt ?? this.#now(), this.timeZone);
    this.set({ phase: 'loading' });
    try {
      const { insight: subject, sources: health, signals } = this.#harvester;
      const [insight, sources, newest, timings] = await Promise.all([
        subject.read({ ...span, bucket: chosen.bucket, timeZone: this.timeZone, search }),
        health.list(),
        signals.page({ order: 'newest', limit: 1 }),
        readTimings(this.#harvester),
      ]);
      if (mine !== this.#reading) return;
      const newestAt = newest.rows[0]?.createdAt ?? null;
      this.set({ phase: 'ready', error: null, insight, insightSearch: search, sources, timings, newestAt });
      this.#keepSelection();
    } catch (error) {
      if (mine === this.#reading) this.set({ phase: 'failed', error: summarizeError(error) });
    }
  }

  choose(choice: DashboardChoice): Promise<void> {
    this.set(choice);
    return this.renew();
  }

  changeWindow(step: number): void {
    const { window } = this.read();
    const next = (window + step + dashboardWindows.length) % dashboardWindows.length;
    this.set({ window: next });
    void this.renew();
  }

  /** Ends the window at a time; null is now, and stays now. */
  endAt(endsAt: number | null): void {
    this.set({ endsAt: endsAt !== null && endsAt >= this.#now() ? null : endsAt });
    void this.renew();
  }

  shiftWindow(direction: 1 | -1): void {
    const { insight, window, endsAt } = this.read();
    const chosen = dashboardWindows[window] ?? dashboardWindows[0];
    const span = insight?.span ?? spanOfWindow(chosen, endsAt ?? this.#now(), this.timeZone);
    if (direction < 0) this.endAt(span.since);
    else if (endsAt !== null) this.endAt(endOfNext(chosen, span, this.timeZone));
  }

  get panes(): readonly Pane[] {
    const { insight, sources, timings, insightSearch: search } = this.read();
    if (insight === null) return [];
    const now = Math.floor(this.#now() / agesRenewedMs) * agesRenewedMs;
    if (this.#made?.insight !== insight || this.#made.now !== now) {
      this.#made = { insight, now, panes: panesOf({ insight, sources, timings, search, now }) };
    }
    return this.#made.panes;
  }

  get columns(): readonly PaneColumn[] {
    return layPanes(this.panes, this.#size, this.read().selection.pane);
  }

  /** The columns of time in a pane of this width. */
  scaleFor(width: number): TimeScale | null {
    const { insight } = this.read();
    return insight === null ? null : timeScale(insight, Math.max(4, width - besideTime(width)));
  }

  /** Rows that a page moves by. */
  get height(): number {
    return Math.max(2, this.#size.rows - 8);
  }

  get row(): PaneRow | null {
    const { pane, row } = this.read().selection;
    return this.panes.find(({ id }) => id === pane)?.rows[row] ?? null;
  }

  /** The column of time that is selected; null for the whole row. */
  get column(): TimeColumn | null {
    const { at } = this.read().selection;
    const scale = this.#scaleOfSelected();
    const index = at === null || scale === null ? null : columnAt(scale, at);
    return index === null ? null : (scale?.columns[index] ?? null);
  }

  /** The search for the signals behind what is selected; null when nothing is. */
  get behind(): string | null {
    const { row, column } = this;
    if (row === null) return null;
    if (row.kind !== 'time' || column === null) return row.search;
    return narrowSearch(this.read().insightSearch, row.terms, column);
  }

  /** Down or up the rows of a pane, and on into the next one. */
  move(step: number): void {
    const order = this.panes;
    const { pane, row, at } = this.read().selection;
    const flat = order.flatMap((each) =>
      Array.from({ length: Math.max(1, each.rows.length) }, (_, index) => ({ pane: each.id, row: index })),
    );
    const now = flat.findIndex((each) => each.pane === pane && each.row === row);
    const next = flat[Math.min(flat.length - 1, Math.max(0, now + step))];
    if (next !== undefined) this.#select({ ...next, at });
  }

  movePane(step: 1 | -1): void {
    const order = this.panes;
    const index = order.findIndex(({ id }) => id === this.read().selection.pane);
    const next = order[(index + step + order.length) % order.length];
    if (next !== undefined) this.#select({ pane: next.id, row: 0, at: this.read().selection.at });
  }

  /** Along the columns of time; left of the first is the whole row. In a list, to the next pane. */
  moveColumn(step: 1 | -1): void {
    const scale = this.#scaleOfSelected();
    if (this.row?.kind !== 'time' || scale === null) {
      this.movePane(step);
      return;
    }
    const { selection } = this.read();
    const now = selection.at === null ? -1 : (columnAt(scale, selection.at) ?? -1);
    // From the whole row, left is the newest.
    const next = now < 0 && step < 0 ? scale.columns.length - 1 : now + step;
    this.#select({ ...selection, at: scale.columns[next]?.since ?? null });
  }

  #select(selection: DashboardSelection): void {
    this.set({ selection });
  }

  #keepSelection(): void {
    const { selection, insight } = this.read();
    const rows = this.panes.find(({ id }) => id === selection.pane)?.rows.length ?? 0;
    const { at } = selection;
    const within = at !== null && insight !== null && at >= insight.span.since && at < insight.span.until;
    this.#select({
      ...selection,
      row: Math.max(0, Math.min(selection.row, rows - 1)),
      at: within ? at : null,
    });
  }

  #scaleOfSelected(): TimeScale | null {
    const { pane } = this.read().selection;
    const column = this.columns.find(({ panes }) => panes.some((each) => each.pane.id === pane));
    return column === undefined ? null : this.scaleFor(column.width);
  }
}
