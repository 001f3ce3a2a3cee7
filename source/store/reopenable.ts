import type { Store } from '../ports/store.ts';

/** A store whose file can be exchanged while it is in use. */
export interface ReopenableStore {
  readonly store: Store;
  /** Closes the store, acts on its file and opens it again, also when acting fails. Calls meanwhile wait. */
  exchange<Result>(act: () => Promise<Result>): Promise<Result>;
}

/**
 * Holds one open store and hands calls on to whichever it is. Methods added to
 * the port come along by themselves; every one of them but `path` is a promise.
 */
export function reopenableStore(first: Store, reopen: () => Promise<Store>): ReopenableStore {
  let current: Promise<Store> = Promise.resolve(first);
  const store = new Proxy(first, {
    get: (_, name: keyof Store & string) => {
      if (name === 'path') return first.path;
      return async (...args: never[]) => {
        const method = (await current)[name] as unknown as (...given: never[]) => Promise<unknown>;
        return method(...args);
      };
    },
  });
  return {
    store,
    exchange: async (act) => {
      const before = await current;
      const { promise, resolve, reject } = Promise.withResolvers<Store>();
      // Whoever calls meanwhile is told; without a call there is nobody to tell.
      promise.catch(() => undefined);
      current = promise;
      await before.close();
      try {
        return await act();
      } finally {
        await reopen().then(resolve, reject);
      }
    },
  };
}
