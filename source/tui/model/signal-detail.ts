import type { Delivery } from '../../domain/delivery.ts';
import type { ErrorSummary } from '../../domain/failure.ts';
import type { SignalDetail } from '../../domain/signal.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import { Observed } from './observed.ts';

/** Details remembered, so that going back and forth does not flicker. */
const remembered = 40;
const mostDeliveries = 20;

export interface DetailState {
  /** The signal that is wanted. */
  readonly id: number | null;
  /** It, once read; null while it is not there. */
  readonly detail: SignalDetail | null;
  /** Who was told of it, newest first. */
  readonly deliveries: readonly Delivery[];
  readonly error: ErrorSummary | null;
}

type Known = Pick<DetailState, 'detail' | 'deliveries'>;

const nothingKnown: Known = { detail: null, deliveries: [] };

/**
 * Everything about the signal under the cursor. One question at a time: while
 * j is held down the store is asked about the row where the cursor is when the
 * last answer comes, not about every row in between.
 */
export class SignalDetailReader extends Observed<DetailState> {
  readonly #harvester: Harvester;
  readonly #known = new Map<number, Known>();
  #asking = false;
  #generation = 0;

  constructor(harvester: Harvester) {
    super({ id: null, ...nothingKnown, error: null });
    this.#harvester = harvester;
  }

  /** Shows a signal; null shows nothing. */
  show(id: number | null): void {
    if (id === this.read().id) return;
    this.set({ id, ...((id === null ? undefined : this.#known.get(id)) ?? nothingKnown), error: null });
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
      const [detail, deliveries] = await Promise.all([
        this.#harvester.signals.get(id),
        this.#harvester.notifications.list({ signalId: id, limit: mostDeliveries }),
      ]);
      if (detail !== null && generation === this.#generation) this.#remember({ detail, deliveries });
      if (this.read().id === id) this.set({ detail, deliveries, error: null });
    } catch (error) {
      if (this.read().id === id) this.set({ error: summarizeError(error) });
    } finally {
      this.#asking = false;
    }
    if (this.read().id !== id || generation !== this.#generation) void this.#ask();
  }

  #remember(known: Known & { readonly detail: SignalDetail }): void {
    this.#known.set(known.detail.id, known);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}
