import { timingSafeEqual } from 'node:crypto';
import { keyFault } from '../domain/access.ts';
import { hashToken, type KeyVerifier, keyIdOf } from '../harvester/access.ts';
import type { Harvester } from '../harvester/harvester.ts';

export type TokenVerdict =
  | { readonly fault: null; readonly key: KeyVerifier }
  | { readonly fault: 'unknown' | 'revoked' | 'expired' };

/** A key that was revoked elsewhere (by the command line) still works for this long. */
const freshMs = 1000;
const flushEveryMs = 30_000;
const nothing = Buffer.alloc(32);

/**
 * The keys of the store, remembered for a second, and when each was last used.
 * A token is compared in constant time, with nothing when its key is unknown.
 */
export class KeyDirectory {
  readonly #keys: Harvester['keys'];
  readonly #now: () => number;
  readonly #used = new Map<string, number>();
  readonly #flushing: NodeJS.Timeout;
  #known: ReadonlyMap<string, KeyVerifier> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(keys: Harvester['keys'], now: () => number) {
    this.#keys = keys;
    this.#now = now;
    this.#flushing = setInterval(() => void this.flush().catch(() => undefined), flushEveryMs).unref();
  }

  async verdictOn(token: string): Promise<TokenVerdict> {
    await this.#refresh();
    const id = keyIdOf(token);
    // Made a moment ago, perhaps by the command line.
    if (id !== null && !this.#known.has(id)) await this.#readAgain();
    const key = id === null ? undefined : this.#known.get(id);
    const same = timingSafeEqual(
      Buffer.from(hashToken(token), 'hex'),
      key === undefined ? nothing : Buffer.from(key.hash, 'hex'),
    );
    if (key === undefined || !same) return { fault: 'unknown' };
    const fault = keyFault(key, this.#now());
    if (fault !== null) return { fault };
    this.#used.set(key.id, this.#now());
    return { fault: null, key };
  }

  /** Whether a key that was let in would be let in again; for what lasts longer than a request. */
  async stillWorks(id: string): Promise<boolean> {
    await this.#refresh();
    const key = this.#known.get(id);
    return key !== undefined && keyFault(key, this.#now()) === null;
  }

  /** Whether any key works now. */
  async hasKeys(): Promise<boolean> {
    await this.#refresh();
    return [...this.#known.values()].some((key) => keyFault(key, this.#now()) === null);
  }

  /** What was changed here counts at once. */
  forget(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** Writes down when keys were last used. */
  async flush(): Promise<void> {
    if (this.#used.size === 0) return;
    const uses = [...this.#used].map(([id, at]) => ({ id, at }));
    this.#used.clear();
    await this.#keys.markUsed(uses);
  }

  async close(): Promise<void> {
    clearInterval(this.#flushing);
    await this.flush();
  }

  async #refresh(): Promise<void> {
    if (performance.now() - this.#readAt < freshMs) return;
    await this.#readAgain();
  }

  async #readAgain(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const verifiers = await this.#keys.verifiers();
    this.#known = new Map(verifiers.map((key) => [key.id, key]));
    this.#readAt = performance.now();
  }
}
