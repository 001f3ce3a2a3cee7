import type { ErrorSummary } from '../../domain/failure.ts';
import type { EntryLevel, LogEntry } from '../../domain/log-entry.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { LogPage, LogRequest } from '../../harvester/logs.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import { Observed } from './observed.ts';

/** Least levels that a key goes through. */
const levels = ['trace', 'info', 'warn', 'error'] as const satisfies readonly EntryLevel[];

export interface LogDeskState {
  readonly phase: 'unread' | 'loading' | 'ready' | 'failed';
  readonly error: ErrorSummary | null;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  /** Where older entries are; null when there are none. */
  readonly before: string | null;
  /** Up to where the log was read. */
  readonly end: string | null;
  readonly path: string;
  readonly exists: boolean;
  readonly level: (typeof levels)[number];
  /** Only entries that say this; empty for all. */
  readonly text: string;
  readonly cursor: ListCursor;
  readonly wrap: boolean;
}

const pageEntries = 200;
const mostEntries = 5_000;
/** A rare text is looked for in so many pieces before a key has to ask for more. */
const mostPieces = 8;
/** Older entries are read when the cursor comes so near to the first. */
const nearTop = 20;

/** The log of the program: its newest entries, and older ones as one goes up. Follows while the cursor is on the last. */
export class LogDesk extends Observed<LogDeskState> {
  readonly #logs: Harvester['logs'];
  #height = 10;
  #reading = 0;
  #busy = false;

  constructor({ logs }: Pick<Harvester, 'logs'>) {
    super({
      phase: 'unread',
      error: null,
      entries: [],
      before: null,
      end: null,
      path: '',
      exists: true,
      level: 'trace',
      text: '',
      cursor: { index: 0, top: 0 },
      wrap: false,
    });
    this.#logs = logs;
  }

  get height(): number {
    return this.#height;
  }

  get entry(): LogEntry | null {
    const { entries, cursor } = this.read();
    return entries[cursor.index] ?? null;
  }

  /** Whether new entries move the cursor along. */
  get following(): boolean {
    const { entries, cursor } = this.read();
    return cursor.index >= entries.length - 1;
  }

  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.#moveTo(this.read().cursor.index);
  }

  move(step: number): void {
    const { cursor, before } = this.read();
    this.#moveTo(cursor.index + step);
    if (step < 0 && before !== null && this.read().cursor.index < nearTop) void this.#readOlder(1);
  }

  nextLevel(): void {
    const { level } = this.read();
    this.set({ level: levels[(levels.indexOf(level) + 1) % levels.length] ?? 'trace' });
    void this.visit();
  }

  find(text: string): void {
    this.set({ text });
    void this.visit();
  }

  toggleWrap(): void {
    this.set({ wrap: !this.read().wrap });
  }

  /** Reads the newest entries anew. */
  async visit(): Promise<void> {
    this.#reading += 1;
    const mine = this.#reading;
    this.set({ phase: this.read().phase === 'ready' ? 'ready' : 'loading' });
    try {
      const page = await this.#tail();
      if (mine !== this.#reading) return;
      const { entries, before, end, path, exists } = page;
      this.set({ phase: 'ready', error: null, entries, before, end, path, exists });
      this.#moveTo(Number.POSITIVE_INFINITY);
      if (entries.length < this.#height && before !== null) await this.#readOlder(mostPieces);
    } catch (error) {
      if (mine === this.#reading) this.set({ phase: 'failed', error: summarizeError(error) });
    }
  }

  /** Adds what was written since; the cursor stays on its entry unless it follows. */
  async poll(): Promise<void> {
    if (this.#busy || this.read().phase !== 'ready') return;
    const mine = this.#reading;
    this.#busy = true;
    try {
      const { end } = this.read();
      const page = await this.#tail(end === null ? {} : { after: end });
      if (mine === this.#reading) this.#append(page);
    } catch {
      // The next look tells.
    } finally {
      this.#busy = false;
    }
  }

  #append({ entries: fresh, before, end, exists }: LogPage): void {
    if (end !== null) this.set({ end });
    if (fresh.length === 0) return;
    const { entries: old, cursor } = this.read();
    const { following } = this;
    // More came at once than a page holds: what lies between is found by going up from here.
    const gap = before !== null;
    const whole = gap ? fresh : [...old, ...fresh];
    const entries = whole.slice(-mostEntries);
    const dropped = whole.length - entries.length;
    const first = entries[0]?.id ?? null;
    this.set({ entries, exists, ...(gap ? { before } : dropped > 0 ? { before: first } : {}) });
    this.#moveTo(following || gap ? Number.POSITIVE_INFINITY : cursor.index - dropped);
  }

  async #readOlder(pieces: number): Promise<void> {
    const mine = this.#reading;
    for (let piece = 0; piece < pieces; piece += 1) {
      const { before, entries, cursor } = this.read();
      if (before === null || this.#busy || entries.length >= mostEntries) return;
      if (piece > 0 && entries.length >= this.#height) return;
      this.#busy = true;
      try {
        const page = await this.#tail({ before });
        if (mine !== this.#reading) return;
        const added = page.entries.length;
        const atEnd = this.following;
        this.set({
          entries: [...page.entries, ...this.read().entries],
          before: page.before,
          cursor: { index: cursor.index + added, top: cursor.top + added },
        });
        this.#moveTo(atEnd ? Number.POSITIVE_INFINITY : this.read().cursor.index);
      } catch {
        return;
      } finally {
        this.#busy = false;
      }
    }
  }

  #tail(place: Pick<LogRequest, 'before' | 'after'> = {}): Promise<LogPage> {
    const { level, text } = this.read();
    return this.#logs.tail({ level, text, limit: pageEntries, ...place });
  }

  #moveTo(index: number): void {
    const { cursor: old, entries } = this.read();
    const cursor = moveTo(old, index, entries.length, this.#height);
    if (cursor !== old) this.set({ cursor });
  }
}
