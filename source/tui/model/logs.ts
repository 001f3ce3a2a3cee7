import type { ErrorGroup } from '../../domain/error-group.ts';
import type { Place } from '../../domain/key-places.ts';
import type { LogEntry } from '../../domain/log-entry.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import { ErrorDesk } from './error-desk.ts';
import { LogDesk } from './log-desk.ts';
import type { Say } from './messages.ts';
import { Observed } from './observed.ts';

/** One entry or error, as it is shown whole. */
export type LogRecord =
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  | { readonly kind: 'error'; readonly group: ErrorGroup };

export interface LogsState {
  readonly pane: 'logs' | 'errors';
  readonly record: LogRecord | null;
  readonly recordTop: number;
}

/** Screen 5: two panes, and one record of either over them. */
export class Logs extends Observed<LogsState> {
  readonly log: LogDesk;
  readonly errors: ErrorDesk;
  /** How far the record can be scrolled; set by what draws it. */
  scrollLimit = 0;

  constructor(harvester: Pick<Harvester, 'logs' | 'errors'>, say: Say) {
    super({ pane: 'logs', record: null, recordTop: 0 });
    this.log = new LogDesk(harvester);
    this.errors = new ErrorDesk(harvester, say);
  }

  place(): Place {
    const { pane, record } = this.read();
    return record === null ? pane : 'record';
  }

  /** The pane that keys move in. */
  get list(): LogDesk | ErrorDesk {
    return this.read().pane === 'errors' ? this.errors : this.log;
  }

  resize(rows: number): void {
    // A title over both, and a heading over the errors.
    this.log.resize(rows - 1);
    this.errors.resize(rows - 2);
  }

  switchPane(): void {
    this.set({ pane: this.read().pane === 'logs' ? 'errors' : 'logs' });
  }

  current(): LogRecord | null {
    const { entry } = this.log;
    const { group } = this.errors;
    if (this.read().pane === 'errors') return group === null ? null : { kind: 'error', group };
    return entry === null ? null : { kind: 'entry', entry };
  }

  open(record: LogRecord | null): void {
    this.set({ record, recordTop: 0 });
  }

  scroll(top: number): void {
    this.set({ recordTop: Math.min(this.scrollLimit, Math.max(0, top)) });
  }
}
