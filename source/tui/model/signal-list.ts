import type { ErrorSummary } from '../../domain/failure.ts';
import type { SignalRow } from '../../domain/signal.ts';
import { summarizeError } from '../../errors.ts';
import type { CappedCount, Harvester, SignalOrder, SignalQuery } from '../../harvester/harvester.ts';
import { followCursor } from './follow-cursor.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import { type Marks, rangeOf } from './marks.ts';
import { Observed } from './observed.ts';
import { type Filter, queryOf, type Selection } from './signal-filter.ts';
import { readAfter, readAround, readBefore, readEnd, readTop } from './signal-reader.ts';
import { SignalWindow } from './signal-window.ts';

/** Pages without a match that are turned before the person has to ask for more. */
const mostEmptyPages = 100;

/** Reading goes on when fewer rows than this lie between the cursor and the edge of the window. */
const margin = 60;

export interface SignalListState {
  readonly filter: Filter;
  readonly order: SignalOrder;
  readonly search: string;
  readonly view: string | null;
  /** `idle` until first shown; `failed` only when there is nothing else to show. */
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: ErrorSummary | null;
  readonly window: SignalWindow;
  readonly cursor: ListCursor;
  /** Signals of the filter; null until counted. */
  readonly count: CappedCount | null;
  /** Signals that a harvest opened since the list was read. */
  readonly fresh: number;
}

/**
 * The ranked list. What is on screen moves only by a key: new signals are
 * counted, decided ones stay where they are until the list is read again.
 */
export class SignalList extends Observed<SignalListState> {
  readonly #harvester: Harvester;
  /** Counts readings of the whole list: the answer to an older one is dropped. */
  #reading = 0;
  #extending = { up: false, down: false };
  /** Rows that the cursor is still to go once more of the list is there. */
  #owed = 0;
  #height = 10;
  /** Signals beyond this one came after the list was read; null until it is known. */
  #mark: number | null = null;
  #counting: 'no' | 'yes' | 'again' = 'no';

  readonly #marks: Marks;

  constructor(harvester: Harvester, marks: Marks) {
    super({
      filter: 'inbox',
      order: 'rank',
      search: '',
      view: null,
      phase: 'idle',
      error: null,
      window: SignalWindow.empty,
      cursor: { index: 0, top: 0 },
      count: null,
      fresh: 0,
    });
    this.#harvester = harvester;
    this.#marks = marks;
  }

  get selection(): Selection {
    const { filter, order, search, view } = this.read();
    return { filter, order, search, view };
  }

  /** What the list shows, as a query. */
  get query(): SignalQuery {
    return queryOf(this.selection);
  }

  get row(): SignalRow | null {
    const { window, cursor } = this.read();
    return window.rows[cursor.index] ?? null;
  }

  /** Rows that the screen shows. */
  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.#place(this.read().cursor.index);
  }

  get height(): number {
    return this.#height;
  }

  /**
   * What a visit of the screen shows: the list as it is now, from the top or,
   * when the person had moved on, around the row where they were.
   */
  async visit(after: Promise<void>): Promise<void> {
    const { selection } = this;
    if (this.read().cursor.index > 0) return this.refresh(after);
    this.set({ window: SignalWindow.empty });
    await this.#replace(() => after.then(() => readTop(this.#harvester, selection)));
  }

  /**
   * Reads the list again around the row under the cursor; the row keeps its
   * line on screen. Reading starts when `after` has resolved: decisions that
   * are on their way to the store come first.
   */
  async refresh(after: Promise<void> = Promise.resolve()): Promise<void> {
    const { selection } = this;
    const { window, cursor } = this.read();
    await this.#replace(() => after.then(() => readAround(this.#harvester, selection, window, cursor.index)));
  }

  /** Shows other signals, or the same in another order, from the top. */
  async choose(selection: Partial<Selection>, after: Promise<void>): Promise<void> {
    this.#marks.clear();
    this.set({
      ...selection,
      window: SignalWindow.empty,
      cursor: { index: 0, top: 0 },
      count: null,
      phase: 'loading',
    });
    const chosen = this.selection;
    await this.#replace(() => after.then(() => readTop(this.#harvester, chosen)));
  }

  /**
   * Shows what a search finds while it is being typed: what is on screen stays
   * until the answer is there. Resolves with the error of a search that cannot
   * be read; null also when something newer was asked for meanwhile.
   */
  async look(search: string): Promise<unknown> {
    if (search === this.read().search && this.read().phase === 'ready') return null;
    this.#reading += 1;
    const mine = this.#reading;
    const selection = { ...this.selection, search, view: null };
    try {
      const [window, mark] = await Promise.all([readTop(this.#harvester, selection), this.#markNow()]);
      if (mine !== this.#reading) return null;
      this.#mark = mark;
      this.#marks.clear();
      this.set({
        search,
        view: null,
        window,
        cursor: { index: 0, top: 0 },
        count: null,
        phase: 'ready',
        error: null,
      });
      void this.#count(mine);
      await this.#readAhead();
      return null;
    } catch (error) {
      return mine === this.#reading ? error : null;
    }
  }

  /** The search that is shown has been given a name. */
  nameView(view: string): void {
    this.set({ view });
  }

  /** Moves by rows; far beyond the window it reads as far as is needed. */
  async move(step: number): Promise<void> {
    const { selection } = this;
    const { window, cursor } = this.read();
    if (step === Number.POSITIVE_INFINITY && window.moreAfter) {
      await this.#replace(
        () => readEnd(this.#harvester, selection),
        (found) => found.rows.length - 1,
      );
      return;
    }
    if (step === Number.NEGATIVE_INFINITY && window.moreBefore) {
      await this.#replace(
        () => readTop(this.#harvester, selection),
        () => 0,
      );
      return;
    }
    const target = cursor.index + step;
    this.#place(target);
    const missing = target - this.read().cursor.index;
    // Rows that are still on their way: the keys that asked for them are not lost.
    const comes = missing < 0 ? window.moreBefore : missing > 0 && window.moreAfter;
    this.#owed = comes && Number.isFinite(missing) ? this.#owed + missing : 0;
    await this.#readAhead();
  }

  /** Goes on with a motion that the edge of the window had stopped. */
  async #payOwed(): Promise<void> {
    const owed = this.#owed;
    this.#owed = 0;
    if (owed !== 0) await this.move(owed);
  }

  /** Moves to the nearest row for which `wanted` is true; false when there is none in the window. */
  seek(direction: 1 | -1, wanted: (row: SignalRow) => boolean): boolean {
    const { window, cursor } = this.read();
    for (let index = cursor.index + direction; index >= 0 && index < window.rows.length; index += direction) {
      const row = window.rows[index];
      if (row && wanted(row)) {
        void this.move(index - cursor.index);
        return true;
      }
    }
    return false;
  }

  /** Puts the cursor on a signal; false when the window does not hold it. */
  goTo(id: number): boolean {
    const index = this.read().window.indexOf(id);
    if (index >= 0) this.#place(index);
    return index >= 0;
  }

  /** Ids of the marked signals, those of an open range among them. */
  markedIds(): readonly number[] {
    const { ids, anchor } = this.#marks.read();
    const { window, cursor } = this.read();
    return anchor === null ? [...ids] : [...new Set([...ids, ...rangeOf(window.rows, anchor, cursor.index)])];
  }

  /** Those of the signals that are in memory. */
  rowsOf(ids: readonly number[]): readonly SignalRow[] {
    const wanted = new Set(ids);
    return this.read().window.rows.filter(({ id }) => wanted.has(id));
  }

  /** Changes rows in their places. */
  change(ids: readonly number[], change: (row: SignalRow) => Partial<SignalRow>): void {
    const window = this.read().window.patch(new Set(ids), change);
    if (window !== this.read().window) this.set({ window });
  }

  /** Counts what a harvest has added; reads the list only while it is empty. */
  noteRun(): void {
    if (this.read().phase === 'ready') void this.#countFresh();
  }

  /** One question at a time: a harvest reports more often than the count is worth. */
  async #countFresh(): Promise<void> {
    if (this.#mark === null) return;
    if (this.#counting !== 'no') {
      this.#counting = 'again';
      return;
    }
    this.#counting = 'yes';
    const mine = this.#reading;
    try {
      const { count: fresh } = await this.#harvester.signals.newSince(this.#mark, this.query);
      if (mine === this.#reading && fresh !== this.read().fresh) this.set({ fresh });
    } catch {
      // The list is still good; the next report of the harvest asks again.
    }
    const again = (this.#counting as string) === 'again';
    this.#counting = 'no';
    if (mine === this.#reading && this.read().window.rows.length === 0 && this.read().fresh > 0)
      void this.refresh();
    else if (again) void this.#countFresh();
  }

  async #markNow(): Promise<number | null> {
    try {
      return (await this.#harvester.signals.newSince(null, this.query)).mark;
    } catch {
      return null;
    }
  }

  /**
   * Replaces the window by what `read` finds, unless something newer was asked
   * for meanwhile. The cursor follows its row, or goes where `land` says.
   */
  async #replace(read: () => Promise<SignalWindow>, land?: (found: SignalWindow) => number): Promise<void> {
    this.#reading += 1;
    this.#owed = 0;
    const mine = this.#reading;
    this.set({ phase: 'loading' });
    try {
      const [window, mark] = await Promise.all([read(), this.#markNow()]);
      if (mine !== this.#reading) return;
      this.#mark = mark;
      const { window: old, cursor } = this.read();
      const landed = land === undefined ? followCursor(old, cursor, window, this.#height) : null;
      const target = moveTo({ index: 0, top: 0 }, land?.(window) ?? 0, window.rows.length, this.#height);
      this.set({ window, cursor: landed ?? target, phase: 'ready', error: null, fresh: 0 });
      void this.#count(mine);
      await this.#readAhead();
      // Of what came while it was being read.
      if (mine === this.#reading) void this.#countFresh();
    } catch (error) {
      if (mine === this.#reading) this.set({ phase: 'failed', error: summarizeError(error) });
    }
  }

  async #count(mine: number): Promise<void> {
    try {
      const count = await this.#harvester.signals.count(this.query);
      if (mine === this.#reading) this.set({ count });
    } catch {
      // The list is still good without its count; the screen keeps saying "~".
    }
  }

  async #readAhead(): Promise<void> {
    const mine = this.#reading;
    // Where matches are rare, a page may be empty and yet have more behind it.
    for (let turned = 0; turned < mostEmptyPages && mine === this.#reading; turned += 1) {
      const { window, cursor } = this.read();
      if (!window.moreAfter || window.rows.length - cursor.index >= margin || this.#extending.down) break;
      await this.#extendDown();
      if (this.read().window.rows.length > window.rows.length) break;
    }
    const { window, cursor } = this.read();
    if (window.moreBefore && cursor.index < margin) await this.#extendUp();
  }

  async #extendDown(): Promise<void> {
    if (this.#extending.down) return;
    this.#extending.down = true;
    const mine = this.#reading;
    try {
      const page = await readAfter(this.#harvester, this.selection, this.read().window);
      if (mine !== this.#reading) return;
      const { window: old, cursor } = this.read();
      const { window, dropped } = old.extendDown(page, cursor.index);
      this.set({ window, cursor: { index: cursor.index - dropped, top: Math.max(0, cursor.top - dropped) } });
    } catch (error) {
      if (mine === this.#reading) this.set({ error: summarizeError(error) });
    } finally {
      this.#extending.down = false;
    }
    if (mine === this.#reading) await this.#payOwed();
  }

  async #extendUp(): Promise<void> {
    if (this.#extending.up) return;
    this.#extending.up = true;
    const mine = this.#reading;
    try {
      const page = await readBefore(this.#harvester, this.selection, this.read().window);
      if (mine !== this.#reading) return;
      const { window: old, cursor } = this.read();
      const { window, added } = old.extendUp(page, cursor.index);
      this.set({ window, cursor: { index: cursor.index + added, top: cursor.top + added } });
    } catch (error) {
      if (mine === this.#reading) this.set({ error: summarizeError(error) });
    } finally {
      this.#extending.up = false;
    }
    if (mine === this.#reading) await this.#payOwed();
  }

  #place(index: number): void {
    const { cursor: old, window } = this.read();
    const cursor = moveTo(old, index, window.rows.length, this.#height);
    if (cursor !== old) this.set({ cursor });
  }
}
