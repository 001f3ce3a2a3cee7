import { lockRuns } from '../../source/store/run-lock.ts';

/** Holds the lock of the store that is named until it is killed. */
lockRuns(process.argv[2] ?? '', Date.now());
process.stdout.write('held\n');
setInterval(() => undefined, 1000);
