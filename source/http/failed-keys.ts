const windowMs = 60_000;
const maxAddresses = 10_000;

/**
 * Counts failed attempts to get in, by address and minute. A key that is right
 * is never held up by it: nobody can lock out the others behind an address.
 */
export class FailedKeys {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; endsAt: number }>();

  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Seconds to wait when there were too many already, null otherwise; counts nothing. */
  waitSeconds(address: string): number | null {
    const entry = this.#failures.get(address);
    const now = this.#now();
    return entry === undefined || entry.endsAt <= now || entry.count < this.#limit
      ? null
      : secondsUntil(entry.endsAt, now);
  }

  /** Counts one more. Seconds to wait when there were too many, null otherwise. */
  add(address: string): number | null {
    const now = this.#now();
    let entry = this.#failures.get(address);
    if (entry === undefined || entry.endsAt <= now) {
      entry = { count: 0, endsAt: now + windowMs };
      this.#failures.delete(address);
      this.#failures.set(address, entry);
      // The oldest goes: memory stays bounded, however many addresses try.
      if (this.#failures.size > maxAddresses) {
        this.#failures.delete(this.#failures.keys().next().value ?? '');
      }
    }
    entry.count += 1;
    return entry.count > this.#limit ? secondsUntil(entry.endsAt, now) : null;
  }
}

function secondsUntil(endsAt: number, now: number): number {
  return Math.max(1, Math.ceil((endsAt - now) / 1000));
}
