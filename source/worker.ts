import { parentPort, workerData } from 'node:worker_threads';
import { aimRecorder } from './compose/errors.ts';
import type { WorkerData } from './compose/threads.ts';
import { composeHarvester } from './compose.ts';
import { recordUncaught } from './error-recorder.ts';
import { serveHarvester } from './harvester/remote.ts';

/**
 * The thread behind the terminal app: the whole application on its own
 * connection, so that neither a harvest nor a slow query can delay a key.
 */
const port = parentPort;
if (port === null) throw new Error('source/worker.ts runs as a worker thread only');
const { loaded, stdout } = workerData as WorkerData;
aimRecorder(loaded);
recordUncaught();
serveHarvester(composeHarvester(loaded, { stdout: null, log: stdout }), port);
