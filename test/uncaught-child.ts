import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { recorder, recordUncaught } from '../source/error-recorder.ts';

/** Dies of what nobody catches: `node uncaught-child.ts SPOOL throw|reject|thread`. */
const [path = '', how = ''] = isMainThread ? process.argv.slice(2) : (workerData as string[]);
recorder.aim({ path, version: '1.0.0', scrub: (text) => text });
recordUncaught();
recorder.crumb('start', isMainThread ? 'main' : 'thread');
if (how === 'thread') {
  const worker = new Worker(new URL(import.meta.url), { workerData: [path, 'throw'] });
  worker.on('error', () => {});
} else if (how === 'reject') void Promise.reject(new RangeError('nobody handles this'));
else
  setTimeout(() => {
    throw new TypeError('nobody catches this');
  }, 1);
