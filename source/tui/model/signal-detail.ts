import type { ErrorSummary } from '../../domain/failure.ts';
import type { SignalDetail } from '../../domain/signal.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import { Observed } from './observed.ts';

/** Details remembered, so that going back and forth does not flicker. */
const remembered = 40;

export interface DetailState {
  /** The signal that is wanted. */
  readonly id: number | null;
  /** It, once read; null while it is not there. */
  readonly detail: SignalDetail | null;
  readonly error: ErrorSummary | null;
}

/**
 * Everything about the signal under the cursor. One question at a time: while
 * j is held down the store is asked about the row where the cursor is when the
 * last answer comes, not about every row in between.
 */
export class SignalDetailReader extends Observed<DetailState> {
  readonly #harvester: Harvester;
  readonly #known = new Map<number, SignalDetail>();
  #asking = false;
  #generation = 0;

  constructor(harvester: Harvester) {
    super({ id: null, detail: null, error: null });
    this.#harvester = harvester;
  }

  /** Shows a signal; null shows nothing. */
  show(id: number | null): void {
    if (id === this.read().id) return;
    this.set({ id, detail: id === null ? null : (this.#known.get(id) ?? null), error: null });
    void this.#ask();
  }

  /** Forgets what is known: something in the store has changed. */
  forget(id?: number): void {
    this.#generation += 1;
    if (id === undefined) this.#known.clear();
    else this.#known.delete(id);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { id } = this.read();
    if (this.#asking || id === null || this.#known.has(id)) return;
    this.#asking = true;
    const generation = this.#generation;
    try {
      const detail = await this.#harvester.signals.get(id);
      if (detail !== null && generation === this.#generation) this.#remember(detail);
      if (this.read().id === id) this.set({ detail, error: null });
    } catch (error) {
      if (this.read().id === id) this.set({ error: summarizeError(error) });
    } finally {
      this.#asking = false;
    }
    if (this.read().id !== id || generation !== this.#generation) void this.#ask();
  }

  #remember(detail: SignalDetail): void {
    this.#known.set(detail.id, detail);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}
