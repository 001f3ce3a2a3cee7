import { expect, test } from 'vitest';
import { type Job, Jobs } from '../../source/http/jobs.ts';

function workOf(count: number, step: (ids: readonly number[]) => Promise<number>) {
  const ended = Promise.withResolvers<Job>();
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  return {
    work: { action: 'noted', ids, step, end: async (job: Job) => ended.resolve(job) },
    ended: ended.promise,
  };
}

test('a cancelled job ends after the part that it is at', async () => {
  const jobs = new Jobs(() => 0);
  let id = '';
  const { work, ended } = workOf(5000, async (part) => {
    jobs.cancel(id);
    return part.length;
  });
  id = jobs.start(work)?.id ?? '';
  expect(await ended).toMatchObject({ state: 'cancelled', done: 500, changed: 500, total: 5000 });
  expect(jobs.cancel(id)).toBe(false);
});

test('a job that fails says why, and what was done before stays counted', async () => {
  const jobs = new Jobs(() => 0);
  let parts = 0;
  const { work, ended } = workOf(1200, async (part) => {
    parts += 1;
    if (parts === 2) throw new Error('the disk is full');
    return part.length;
  });
  jobs.start(work);
  expect(await ended).toMatchObject({ state: 'failed', error: 'the disk is full', done: 500 });
});

test('four jobs work at once, and a fifth is told to wait', async () => {
  const jobs = new Jobs(() => 0);
  const gate = Promise.withResolvers<void>();
  const waiting = async (part: readonly number[]) => {
    await gate.promise;
    return part.length;
  };
  const started = Array.from({ length: 5 }, () => jobs.start(workOf(10, waiting).work));
  expect(started.map((job) => job !== null)).toEqual([true, true, true, true, false]);
  gate.resolve();
  await jobs.close();
});
