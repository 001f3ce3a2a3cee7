import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { SignalLists } from './signal-lists.ts';

const wakeEveryMs = 1000;

/** Lists in which snoozed signals that are due have woken. */
export function wakingLists(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  lists: SignalLists,
): SignalLists & { version(): Promise<string> } {
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** Whoever turns pages quickly does not ask for each of them who is to wake. */
  const wakeDue = (): Promise<unknown> | null => {
    const now = clock.now();
    if (Math.abs(now - lookedAt) < wakeEveryMs) return null;
    lookedAt = now;
    return store.wake(now);
  };
  return {
    ...lists,
    page: async (request) => {
      const waking = wakeDue();
      if (waking !== null) await waking;
      return lists.page(request);
    },
    version: async () => {
      const waking = wakeDue();
      if (waking !== null) await waking;
      return store.version();
    },
  };
}
