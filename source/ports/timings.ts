import type { TimingKind, TimingSet } from '../domain/timings.ts';

/** Where the pipeline and the store say how long something took. Never fails, and costs next to nothing. */
export interface Timings {
  /** `name` is one of few: a stage, or the method of the store that asks. */
  record(kind: TimingKind, name: string, ms: number): void;
  /** Of this thread, since it began. */
  read(): TimingSet;
}

/** A statement that took longer than it may. */
export interface SlowQuery {
  /** The method of the store that asked; `begin` waited for another program's lock, `commit` wrote to the disk. */
  readonly query: string;
  /** Of a `begin` or `commit`, the method whose transaction it was; null otherwise. */
  readonly during: string | null;
  readonly ms: number;
  /** Rows that were read, or changed. */
  readonly rows: number;
  /** How SQLite goes about it, a line a step. Never a value that was asked for. */
  readonly plan: readonly string[];
  /** Slow ones of the same name that were not told since the last that was. */
  readonly skipped: number;
}

/** Who follows what a store does. */
export interface StoreWatch {
  readonly timings: Timings;
  /** Absent: slow queries are nobody's business. */
  readonly slow?: { readonly fromMs: number; tell(slow: SlowQuery): void } | undefined;
}
