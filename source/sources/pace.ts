import type { FetchOptions, Quota } from '../ports/source.ts';
import { rateLimitedError } from './http-error.ts';
import type { SourceTools } from './kind.ts';

/** At most `calls` within `perMs`, as a service documents its limits. */
export interface CallLimit {
  readonly calls: number;
  readonly perMs: number;
}

/**
 * When a source may call its service next, so that limits are obeyed before
 * they are hit: documented ones, a pause that an answer asked for, and a quota
 * of which nothing is left. One for as long as the source is open.
 */
export class Pace {
  readonly #tools: SourceTools;
  readonly #address: string;
  readonly #limits: readonly CallLimit[];
  #calls: number[] = [];
  #pausedUntil = 0;

  constructor(tools: SourceTools, address: string, limits: readonly CallLimit[] = []) {
    this.#tools = tools;
    this.#address = address;
    this.#limits = limits;
  }

  /** Milliseconds UTC until which the service wants to be left alone; 0 when it said nothing. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  pauseUntil(at: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, at);
  }

  /** Of a quota with nothing left, waits for the window to begin anew. */
  noteQuota({ remaining, resetsAt }: Quota): void {
    if (remaining < 1 && resetsAt !== null) this.pauseUntil(resetsAt);
  }

  /**
   * Resolves when the next call may be made, and counts it.
   * Throws `UserError` `rate-limited` when that is later than `http.maxWaitMs`.
   */
  async turn(request: Pick<FetchOptions, 'signal' | 'onNotice'>): Promise<void> {
    const { clock, http } = this.#tools;
    request.signal.throwIfAborted();
    const now = clock.now();
    const at = this.#nextTurn(now);
    if (at > now) {
      const { host } = new URL(this.#address);
      if (at - now > http.maxWaitMs) throw rateLimitedError(host, at);
      request.onNotice?.(`waiting ${Math.ceil((at - now) / 1000)} s: the limits of ${host}`);
      await clock.sleep(at - now, request.signal);
    }
    this.#calls.push(clock.now());
  }

  #nextTurn(now: number): number {
    const longest = Math.max(0, ...this.#limits.map(({ perMs }) => perMs));
    this.#calls = this.#calls.filter((call) => call > now - longest);
    const free = this.#limits.map(({ calls, perMs }) => {
      const blocking = this.#calls.at(-calls);
      return blocking === undefined ? 0 : blocking + perMs;
    });
    return Math.max(this.#pausedUntil, ...free);
  }
}
