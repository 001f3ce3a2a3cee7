import { expect, test } from 'vitest';
import { TimingBook } from '../../source/domain/timings.ts';
import { createTimings } from '../../source/harvester/timings.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

test('runs are summed up as they were timed, and those that were not are left out', async () => {
  const timings = new TimingBook();
  const store = await temporaryStore(undefined, undefined, { timings });
  const subject = createTimings({ store });
  expect(await subject.ofRuns(5)).toEqual({ runs: 0, from: null, to: null, stages: [], queries: [] });

  // As a version wrote it that knew of no timings.
  const old = await harvestScripted(store, [listSource('one', syntheticPosts('old', 5))]);
  expect(old.timings).toBeUndefined();
  const first = await harvestScripted(store, [listSource('two', syntheticPosts('two', 300))], { timings });
  const second = await harvestScripted(store, [listSource('three', syntheticPosts('three', 20))], {
    timings,
  });
  const nothing = await harvestScripted(store, [], { timings });
  expect(nothing.timings?.stages).toEqual([]);

  const told = await subject.ofRuns(10);
  expect(told).toMatchObject({ runs: 3, from: first.startedAt, to: nothing.startedAt });
  expect(told.stages.map(({ name }) => name)).toEqual(['fetch', 'group', 'analyze', 'score']);
  const group = told.stages.find(({ name }) => name === 'group');
  const grouped = [first, second].map(({ timings: of }) => of?.stages.find(({ name }) => name === 'group'));
  const busyMs = grouped.map((timing) => timing?.sumMs ?? Number.NaN);
  expect(group?.count).toBe(grouped.reduce((sum, timing) => sum + (timing?.count ?? 0), 0));
  expect(group?.sumMs).toBeCloseTo(
    busyMs.reduce((sum, ms) => sum + ms, 0),
    2,
  );
  const each = [(busyMs[0] ?? 0) / 300, (busyMs[1] ?? 0) / 20].sort((a, b) => a - b);
  expect(group?.perItemMs?.p50).toBeCloseTo(each[0] ?? 0, 2);
  expect(group?.perItemMs?.p95).toBeCloseTo(each[1] ?? 0, 2);
  expect(first.timings?.queries.length).toBeLessThanOrEqual(8);
  expect(told.queries.map(({ name }) => name)).toContain('group');
  // The newest alone.
  expect((await subject.ofRuns(2)).stages.find(({ name }) => name === 'group')?.count).toBe(
    grouped[1]?.count,
  );
});
