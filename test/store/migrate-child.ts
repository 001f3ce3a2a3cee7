import { openStore } from '../../source/store/store.ts';

/** Opens the store named by the first argument, which migrates it; the parent may kill it meanwhile. */
process.stdout.write('started\n');
const store = await openStore(process.argv[2] ?? '');
await store.close();
