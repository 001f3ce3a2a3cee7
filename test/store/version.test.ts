import { expect, test } from 'vitest';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from './temporary-store.ts';

test('the version of a store is another one after every change, whoever made it, and else the same', async () => {
  const store = await temporaryStore();
  const other = await temporaryStore(store.path);
  const empty = await store.version();
  expect(await store.version()).toBe(empty);
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', 5))]);
  const filled = await store.version();
  expect(filled).not.toBe(empty);
  await store.signalWindow({ sort: 'rank', direction: 'forward', limit: 5 });
  expect(await store.version()).toBe(filled);
  await other.saveView({ name: 'mine', query: 'acme' }, 1);
  expect(await store.version()).not.toBe(filled);
});
