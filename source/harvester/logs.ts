import type { EntryLevel, LogEntry } from '../domain/log-entry.ts';

export interface LogRequest {
  /** Entries before this place, as a page gave it; the newest when absent. */
  readonly before?: string;
  /** Only what was written after this place: the `end` of an earlier page. */
  readonly after?: string;
  /** This level and those above it; all when absent. */
  readonly level?: EntryLevel;
  /** Only entries that say this, in whatever case. */
  readonly text?: string;
  /** Entries at most. */
  readonly limit: number;
}

export interface LogPage {
  /** Oldest first, as in the file. */
  readonly entries: readonly LogEntry[];
  /** Where to go on towards older ones; null at the beginning of the oldest file. */
  readonly before: string | null;
  /** The end of what is written now; null when there is nothing. */
  readonly end: string | null;
  /** Where the log is, rotated files beside it. */
  readonly path: string;
  /** False when there is no file at all: the program writes to standard output, or has not begun. */
  readonly exists: boolean;
}

/** The program's own log, as the terminal app and commands write it. */
export interface Logs {
  /** Reads backwards, a bounded piece a call: a page may have fewer entries than asked for, and `before` to go on. */
  tail(request: LogRequest): Promise<LogPage>;
}
