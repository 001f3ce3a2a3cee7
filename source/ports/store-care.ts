import type { SignalFilter } from './desk-store.ts';

/** Signals whose newest post was written before a time (ms UTC). */
export interface ExpiredFilter extends SignalFilter {
  readonly lastSeenBefore: number;
}

/** How the store grows; bytes on disk. */
export interface StoreGrowth {
  readonly bytes: number;
  /** Of the write-ahead log. */
  readonly logBytes: number;
  /** Posts that are stored, and those that came on the day (UTC) and the day before. */
  readonly posts: number;
  readonly addedToday: number;
  readonly addedYesterday: number;
}

/** What keeps the store in shape. */
export interface CareStore {
  /** Ids of the signals that a filter names, oldest arrival first. Takes no lock. */
  expiredSignals(filter: ExpiredFilter): Promise<readonly number[]>;
  /**
   * Removes those of `ids` that the filter still names, with their posts and
   * all that belongs to them; one transaction. Their posts will not be stored
   * again. Journal entries without a signal go too. `heldMs` is how long
   * nobody else could write.
   */
  removeSignals(
    ids: readonly number[],
    filter: ExpiredFilter,
    at: number,
  ): Promise<{ readonly signals: number; readonly posts: number; readonly heldMs: number }>;
  /** Gives up to `pages` free pages back to the disk; returns the bytes that are still free inside the file. */
  reclaim(pages: number): Promise<{ readonly leftBytes: number; readonly inSteps: boolean }>;
  /** Rewrites the whole file without its free space. Holds up writers meanwhile. */
  compact(): Promise<void>;
  growth(now: number): Promise<StoreGrowth>;
}
