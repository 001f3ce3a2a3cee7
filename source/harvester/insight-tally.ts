import type { Span, Trend } from '../domain/insight.ts';
import { bucketAt } from '../domain/time-buckets.ts';

/** A count over time in the making. */
export class Tally {
  readonly #starts: readonly number[];
  readonly #buckets: number[];
  #before = 0;

  constructor(starts: readonly number[]) {
    this.#starts = starts;
    this.#buckets = starts.map(() => 0);
  }

  add(at: number, count: number): void {
    if (at < (this.#starts[0] ?? 0)) this.#before += count;
    else {
      const bucket = bucketAt(this.#starts, at);
      this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + count;
    }
  }

  get trend(): Trend {
    const total = this.#buckets.reduce((sum, count) => sum + count, 0);
    return { total, before: this.#before, buckets: [...this.#buckets] };
  }
}

/** Tallies by name, made when first named. */
export class Tallies {
  readonly #starts: readonly number[];
  readonly #tallies = new Map<string, Tally>();

  constructor(starts: readonly number[]) {
    this.#starts = starts;
  }

  of(name: string): Tally {
    const known = this.#tallies.get(name) ?? new Tally(this.#starts);
    this.#tallies.set(name, known);
    return known;
  }
}

/**
 * Where a count by units of time belongs: its beginning, but on the side of the
 * border at which it was read, since a border may cut a unit.
 */
export function placeOfUnit(unit: number, unitMs: number, { since, until }: Span): number {
  return Math.min(Math.max(unit * unitMs, since), until - 1);
}
