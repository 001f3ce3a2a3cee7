import type { UsageMeter } from '../../harvester/usage-meter.ts';

/** How often a screen is visited, and for how long. */
export class ScreenTime {
  readonly #meter: UsageMeter;
  readonly #now: () => number;
  #here: { readonly screen: string; readonly since: number } | null = null;

  constructor(meter: UsageMeter, now: () => number) {
    this.#meter = meter;
    this.#now = now;
  }

  enter(screen: string): void {
    if (this.#here?.screen === screen) return;
    this.leave();
    this.#here = { screen, since: this.#now() };
  }

  /** A visit is counted when it is over. */
  leave(): void {
    if (this.#here !== null) this.#meter.count('screen', this.#here.screen, this.#now() - this.#here.since);
    this.#here = null;
  }
}
