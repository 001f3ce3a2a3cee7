import { expect, test } from 'vitest';
import { JobDesk } from '../../../source/tui/model/job-desk.ts';
import { SnapshotDesk } from '../../../source/tui/model/snapshot-desk.ts';
import { MemoryHarvester } from '../memory/memory-harvester.ts';
import { sampleNow } from '../memory/sample.ts';
import { sampleArchive } from '../retention-sample.ts';

const deskOn = (archive = sampleArchive()) =>
  new SnapshotDesk(new MemoryHarvester({ now: () => sampleNow, archive }));

test('keys faster than answers ask for the first and the last plan only', async () => {
  const archive = sampleArchive();
  const { plan } = archive.retention;
  const asked: number[] = [];
  archive.retention.plan = async (policy) => {
    asked.push(policy.keepLast);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return plan(policy);
  };
  const desk = deskOn(archive);
  await desk.visit();
  for (let key = 0; key < 6; key += 1) desk.turn(1);
  expect(desk.read().policy?.keepLast).toBe(7);
  expect(desk.planned).toBe(false);
  await desk.settled();
  expect(desk.planned).toBe(true);
  expect(asked).toEqual([1, 2, 7]);
  expect(desk.read().plan?.removing).toBe(0);
});

test('a rule that is turned while the list is read has its plan in the end', async () => {
  const desk = deskOn();
  await desk.visit();
  const visit = desk.visit();
  desk.turn(1);
  await visit;
  await desk.settled();
  expect(desk.planned).toBe(true);
  expect(desk.read().plan?.policy.keepLast).toBe(2);
});

test('the cursor stays on its snapshot when others come and go', async () => {
  const archive = sampleArchive();
  const desk = deskOn(archive);
  await desk.visit();
  desk.move(2);
  const id = desk.row?.id;
  await archive.snapshots.create({});
  await desk.visit();
  expect(desk.row?.id).toBe(id);
  expect(desk.read().cursor.index).toBe(3);
  await archive.snapshots.remove(id ?? '');
  await desk.visit();
  expect(desk.read().cursor.index).toBe(3);
});

test('the rules go round in a circle and come back to the configuration', async () => {
  const desk = deskOn();
  await desk.visit();
  desk.chooseKnob(-1);
  desk.turn(1);
  desk.chooseKnob(1);
  expect(desk.read().knob).toBe(0);
  expect(desk.read().policy?.keepMin).toBe(2);
  desk.asConfigured();
  expect(desk.read().policy).toBe(desk.read().configured);
  await desk.settled();
});

test('a job tells how it ended and never rejects', async () => {
  const jobs = new JobDesk();
  const done = await jobs.run('counting', async ({ onProgress }) => {
    onProgress?.({ step: 'one', done: 1, total: 2 });
    expect(jobs.read().job).toMatchObject({ title: 'counting', step: 'one', done: 1, total: 2 });
    return 7;
  });
  expect(done).toEqual({ kind: 'done', result: 7 });
  expect(jobs.cancel()).toBe(false);

  const failed = await jobs.run('failing', async () => {
    throw new Error('no');
  });
  expect(failed.kind).toBe('failed');

  const stopped = jobs.run('waiting', ({ signal }) => {
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  });
  expect(jobs.cancel()).toBe(true);
  expect(jobs.cancel()).toBe(false);
  expect(await stopped).toEqual({ kind: 'cancelled' });
  await jobs.settled();
  expect(jobs.read().job).toBeNull();
});
