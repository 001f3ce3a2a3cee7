import type { Harvester } from '../../harvester/harvester.ts';

/** Long enough that nobody decides on. */
const idleMs = 5_000;

/** Has relevance learned anew when a person has stopped deciding for a moment; the list shows it when it is read again. */
export class IdleLearning {
  readonly #harvester: Harvester;
  readonly #waitMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(harvester: Harvester, waitMs = idleMs) {
    this.#harvester = harvester;
    this.#waitMs = waitMs;
  }

  decided(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // A refresh that fails is made up for by the next run, which learns too.
      this.#harvester.learning.refresh().catch(() => undefined);
    }, this.#waitMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
