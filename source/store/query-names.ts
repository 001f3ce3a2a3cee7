import { AsyncLocalStorage } from 'node:async_hooks';
import type { Store } from '../ports/store.ts';

const names = new AsyncLocalStorage<string>();

/** What is asking at present, in one word of few. */
export function currentQueryName(): string {
  return names.getStore() ?? 'other';
}

/** Whatever `act` asks of the store goes by this name. */
export function underName<Result>(name: string, act: () => Result): Result {
  return names.run(name, act);
}

/** The same store, of which every query goes by the name of the method that makes it. */
export function nameQueries(store: Store): Store {
  const named = Object.entries(store).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member];
    return [name, (...args: unknown[]) => underName(name, () => member(...args))];
  });
  return Object.fromEntries(named) as Store;
}
