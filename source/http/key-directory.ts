import { timingSafeEqual } from 'node:crypto';
import { keyFault } from '../domain/access.ts';
import { digestToken, type KeyVerifier, keyIdOf } from '../harvester/access.ts';
import type { Harvester } from '../harvester/harvester.ts';

export type TokenVerdict =
  | { readonly fault: null; readonly key: KeyVerifier }
  | { readonly fault: 'unknown' | 'revoked' | 'expired' };

/** A key that was revoked elsewhere (by the command line) still works for this long. */
const freshMs = 1000;
const flushEveryMs = 30_000;
const nothing = Buffer.alloc(32);

interface KnownKey {
  readonly key: KeyVerifier;
  /** SHA-256 of the token. */
  readonly digest: Buffer;
}

/**
 * The keys of the store, remembered for a second, and when each was last used.
 * A token is compared in constant time, with nothing when its key is unknown.
 */
export class KeyDirectory {
  readonly #keys: Harvester['keys'];
  readonly #now: () => number;
  readonly #used = new Map<string, number>();
  readonly #flushing: NodeJS.Timeout;
  #known: ReadonlyMap<string, KnownKey> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(keys: Harvester['keys'], now: () => number) {
    this.#keys = keys;
    this.#now = now;
    this.#flushing = setInterval(() => void this.flush().catch(() => undefined), flushEveryMs).unref();
  }

  /** At once while its key is remembered, which is what most requests find. */
  verdictOn(token: string): TokenVerdict | Promise<TokenVerdict> {
    const id = keyIdOf(token);
    const isKnown = id === null || this.#known.has(id);
    return isKnown && this.#isFresh() ? this.#judge(token, id) : this.#readAndJudge(token, id);
  }

  async #readAndJudge(token: string, id: string | null): Promise<TokenVerdict> {
    await this.#refresh();
    // Made a moment ago, perhaps by the command line.
    if (id !== null && !this.#known.has(id)) await this.#readAgain();
    return this.#judge(token, id);
  }

  #judge(token: string, id: string | null): TokenVerdict {
    const known = id === null ? undefined : this.#known.get(id);
    const same = timingSafeEqual(digestToken(token), known?.digest ?? nothing);
    if (known === undefined || !same) return { fault: 'unknown' };
    const fault = keyFault(known.key, this.#now());
    if (fault !== null) return { fault };
    this.#used.set(known.key.id, this.#now());
    return { fault: null, key: known.key };
  }

  /** Whether a key that was let in would be let in again; for what lasts longer than a request. */
  async stillWorks(id: string): Promise<boolean> {
    await this.#refresh();
    const known = this.#known.get(id);
    return known !== undefined && keyFault(known.key, this.#now()) === null;
  }

  /** Whether any key works now. */
  async hasKeys(): Promise<boolean> {
    await this.#refresh();
    return [...this.#known.values()].some(({ key }) => keyFault(key, this.#now()) === null);
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

  #isFresh(): boolean {
    return performance.now() - this.#readAt < freshMs;
  }

  async #refresh(): Promise<void> {
    if (!this.#isFresh()) await this.#readAgain();
  }

  async #readAgain(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const verifiers = await this.#keys.verifiers();
    this.#known = new Map(verifiers.map((key) => [key.id, { key, digest: Buffer.from(key.hash, 'hex') }]));
    this.#readAt = performance.now();
  }
}
