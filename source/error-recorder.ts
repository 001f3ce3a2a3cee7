import { fingerprintOf } from './domain/error-fingerprint.ts';
import type { Breadcrumb, BreadcrumbKind, ErrorOccurrence, ErrorOrigin } from './domain/error-group.ts';
import { type Redaction, redactMessage, redactStack, typeOf } from './domain/redact-error.ts';
import { spoolError } from './error-spool.ts';
import { UserError } from './errors.ts';

const mostCrumbs = 30;
const longestCrumb = 80;
/** So many errors of one fingerprint are written each on its own in a minute; the rest is added up. */
const eachPerMinute = 5;
const minuteMs = 60_000;
const framesKept = 30;

interface RecorderTarget extends Redaction {
  /** The spool; see error-spool.ts. */
  readonly path: string;
  readonly version: string;
}

/** What one thread remembers of what it did, and where it writes its unexpected errors down. */
export class ErrorRecorder {
  readonly #now: () => number;
  #target: RecorderTarget | null = null;
  readonly #crumbs: Breadcrumb[] = [];
  /** Every error once: it may be caught in several places on its way up. */
  readonly #seen = new WeakSet<object>();
  readonly #storms = new Map<
    string,
    { minute: number; written: number; held: number; last: ErrorOccurrence }
  >();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Says where errors go; until then they go nowhere. */
  aim(target: RecorderTarget): void {
    this.#target = target;
  }

  get aimed(): boolean {
    return this.#target !== null;
  }

  /** Remembers a step by a name of the program's own: never what somebody wrote, searched for or typed. */
  crumb(kind: BreadcrumbKind, text: string): void {
    const last = this.#crumbs.at(-1);
    if (last?.kind === kind && last.text === text) return;
    this.#crumbs.push({ at: this.#now(), kind, text: text.slice(0, longestCrumb) });
    if (this.#crumbs.length > mostCrumbs) this.#crumbs.shift();
  }

  /** An error that was recorded in another thread before it came here. */
  ignore(error: unknown): void {
    if (typeof error === 'object' && error !== null) this.#seen.add(error);
  }

  /**
   * Writes an unexpected error down. What a person can mend, and what a person
   * asked for by cancelling, is none. Never throws and never fails the caller.
   */
  capture(error: unknown, origin: ErrorOrigin): void {
    try {
      if (this.#target === null || isExpected(error) || this.#isSeen(error)) return;
      this.#write(this.#occurrenceOf(error, origin, this.#target));
    } catch {
      // Whatever is wrong with the error itself must not hide it from its caller.
    }
  }

  /** Writes down what was only counted so far. */
  flush(): void {
    for (const storm of this.#storms.values()) this.#release(storm);
  }

  #isSeen(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    if (this.#seen.has(error)) return true;
    this.#seen.add(error);
    return false;
  }

  #occurrenceOf(error: unknown, origin: ErrorOrigin, target: RecorderTarget): ErrorOccurrence {
    const thrown = error instanceof Error ? error : null;
    const code = thrown !== null && 'code' in thrown ? String(thrown.code) : null;
    const described = {
      type: thrown === null ? 'NoError' : typeOf(thrown),
      code: code !== null && /^[\w.-]{1,60}$/.test(code) ? code : null,
      message: redactMessage(thrown === null ? String(error) : thrown.message, target),
      stack: thrown === null ? '' : redactStack(thrown, target),
    };
    return {
      fingerprint: fingerprintOf(described),
      ...described,
      breadcrumbs: [...this.#crumbs],
      origin,
      version: target.version,
      at: this.#now(),
      count: 1,
    };
  }

  #write(occurrence: ErrorOccurrence): void {
    const minute = Math.floor(occurrence.at / minuteMs);
    const storm = this.#storms.get(occurrence.fingerprint);
    if (storm === undefined || storm.minute !== minute) {
      if (storm !== undefined) this.#release(storm);
      const fresh = { minute, written: 1, held: 0, last: occurrence };
      this.#storms.set(occurrence.fingerprint, fresh);
    } else if (storm.written >= eachPerMinute) {
      storm.held += 1;
      storm.last = occurrence;
      return;
    } else storm.written += 1;
    if (this.#target !== null) spoolError(this.#target.path, occurrence);
  }

  #release(storm: { held: number; last: ErrorOccurrence }): void {
    if (storm.held === 0 || this.#target === null) return;
    spoolError(this.#target.path, { ...storm.last, count: storm.held });
    storm.held = 0;
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof UserError || (error instanceof Error && error.name === 'AbortError');
}

/** That of this thread: an error that nobody catches belongs to no object. */
export const recorder = new ErrorRecorder();

/**
 * Writes down what nobody catches in this thread; what Node does then is left
 * as it is. A rejected promise that nobody handles comes here too.
 */
export function recordUncaught(): void {
  // Ten frames end within the drivers of the store.
  Error.stackTraceLimit = framesKept;
  process.on('uncaughtExceptionMonitor', (error) => recorder.capture(error, 'process'));
  process.once('exit', () => recorder.flush());
}
