import type { Clock } from '../ports/clock.ts';

/** Not longer, so that a machine that slept notices what it missed soon after it woke. */
const longestNapMs = 15_000;

/** Work that goes on in the background until it is stopped. */
export class Routine {
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #working: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** `onFailure` is told of whatever ends the work but `stop`. */
  start(work: () => Promise<void>, onFailure: (error: unknown) => void): void {
    this.#working = work().catch((error: unknown) => {
      if (!this.signal.aborted) onFailure(error);
    });
  }

  /** Resolves when the work has ended. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.#working;
  }

  /** Resolves at a time (for null never), at once when it is over; rejects when stopped. */
  async sleepUntil(at: number | null): Promise<void> {
    for (;;) {
      this.signal.throwIfAborted();
      const waitMs = at === null ? longestNapMs : at - this.#clock.now();
      if (waitMs <= 0) return;
      await this.#clock.sleep(Math.min(waitMs, longestNapMs), this.signal);
    }
  }
}
