import type { CappedCount, SignalQuery } from '../../harvester/harvester.ts';
import { Observed } from './observed.ts';

export interface MarksState {
  readonly ids: ReadonlySet<number>;
  /** Where a range begins; it reaches to the cursor until it is closed. */
  readonly anchor: number | null;
  /** All that match, also those that are not in memory; null when single signals are marked. */
  readonly all: { readonly query: SignalQuery; readonly count: CappedCount } | null;
}

const none: MarksState = { ids: new Set(), anchor: null, all: null };

/** Which signals are marked for the next decision. */
export class Marks extends Observed<MarksState> {
  constructor() {
    super(none);
  }

  get any(): boolean {
    const { ids, anchor, all } = this.read();
    return ids.size > 0 || anchor !== null || all !== null;
  }

  toggle(id: number): void {
    const ids = new Set(this.read().ids);
    if (!ids.delete(id)) ids.add(id);
    this.set({ ids, all: null });
  }

  /** Begins a range. */
  anchorAt(id: number): void {
    this.set({ anchor: id, all: null });
  }

  /** Closes the range: what it holds is marked from now on. */
  add(ids: readonly number[]): void {
    this.set({ ids: new Set([...this.read().ids, ...ids]), anchor: null, all: null });
  }

  markAll(query: SignalQuery, count: CappedCount): void {
    this.set({ ...none, all: { query, count } });
  }

  clear(): void {
    if (this.any) this.set(none);
  }
}

/** The ids from one row to another, both with, whichever comes first; empty when either is out of reach. */
export function rangeOf(
  rows: readonly { readonly id: number }[],
  from: number | null,
  to: number,
): readonly number[] {
  const start = from === null ? -1 : rows.findIndex(({ id }) => id === from);
  if (start < 0 || to < 0) return [];
  return rows.slice(Math.min(start, to), Math.max(start, to) + 1).map(({ id }) => id);
}
