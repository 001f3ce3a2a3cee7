import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from './scripted.ts';

/** One run over fixed sources on the store named by the first argument; the parent may kill it at any moment. */
const store = await openStore(process.argv[2] ?? '');
// The parent counts its delay from here: loading the program is not what it wants to kill.
process.stdout.write('started\n');
await harvestScripted(store, [
  listSource('one', syntheticPosts('alpha', 600), 20),
  listSource('two', syntheticPosts('beta', 300, 5), 15),
  // Says the same as the first, so that echoes join across sources and pages.
  listSource('three', syntheticPosts('alpha', 200), 10),
]);
await store.close();
