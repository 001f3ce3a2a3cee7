import * as nodeModule from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerData } from './compose/threads.ts';

/**
 * The thread behind the terminal app: the whole application on its own
 * connection, so that neither a harvest nor a slow query can delay a key.
 *
 * A thread has no compile cache until it asks for one, which is too late for
 * what is imported statically.
 */
nodeModule.enableCompileCache?.();
const port = parentPort;
if (port === null) throw new Error('source/worker.ts runs as a worker thread only');
const { loaded, stdout } = workerData as WorkerData;
const { aimRecorder } = await import('./compose/recorder.ts');
const { recordUncaught } = await import('./error-recorder.ts');
const { composeHarvester } = await import('./compose.ts');
const { serveHarvester } = await import('./harvester/remote.ts');
aimRecorder(loaded);
recordUncaught();
serveHarvester(composeHarvester(loaded, { stdout: null, log: stdout }), port);
