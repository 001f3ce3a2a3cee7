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
  const wakeDue = async () => {
    const now = clock.now();
    if (Math.abs(now - lookedAt) < wakeEveryMs) return;
    lookedAt = now;
    await store.wake(now);
  };
  return {
    ...lists,
    page: async (request) => {
      await wakeDue();
      return lists.page(request);
    },
    version: async () => {
      await wakeDue();
      return store.version();
    },
  };
}
