import { mergeTimings, type TimingSet } from '../domain/timings.ts';

/** A thread that copies or checks a store answers nobody for seconds; its last answer stands for it. */
const usualPatienceMs = 500;

/** Figures of a thread that comes and goes: what ended ones said is kept. */
export class ThreadTimings {
  readonly #patienceMs: number;
  #ended: TimingSet = { stages: [], queries: [] };
  #latest: TimingSet = { stages: [], queries: [] };

  constructor(patienceMs = usualPatienceMs) {
    this.#patienceMs = patienceMs;
  }

  /** Everything so far. `ask` reaches the thread as it is now; null when there is none. */
  async read(ask: (() => Promise<TimingSet>) | null): Promise<TimingSet> {
    if (ask !== null) this.#latest = (await this.#inTime(ask)) ?? this.#latest;
    return mergeTimings([this.#ended, this.#latest]);
  }

  /** The thread is about to end. */
  async end(ask: () => Promise<TimingSet>): Promise<void> {
    const last = (await this.#inTime(ask)) ?? this.#latest;
    this.#ended = mergeTimings([this.#ended, last]);
    this.#latest = { stages: [], queries: [] };
  }

  /** Null when it does not answer in time, or has died. */
  async #inTime(ask: () => Promise<TimingSet>): Promise<TimingSet | null> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, this.#patienceMs, null);
    });
    try {
      return await Promise.race([ask().catch(() => null), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
