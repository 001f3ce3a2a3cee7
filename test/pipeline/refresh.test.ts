import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { noEngagement } from '../../source/domain/post.ts';
import { SpendMeter } from '../../source/domain/spend.ts';
import { refreshSource } from '../../source/pipeline/refresh.ts';
import type { EngagementUpdate, FetchOptions, Source } from '../../source/ports/source.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { harvestScripted, listSource, stoppedClock, syntheticPosts } from './scripted.ts';

type Refresh = NonNullable<Source['refresh']>;

/** Three known posts, and a source that tells their counts as `refresh` does. */
async function refreshing(refresh?: Refresh, pricePerRead?: number) {
  const store = await temporaryStore(undefined, 1);
  const source: Source = {
    ...listSource('one', syntheticPosts('p', 3)),
    ...(pricePerRead !== undefined && { pricePerRead }),
    ...(refresh !== undefined && { refresh }),
  };
  await harvestScripted(store, [source]);
  const spend = new SpendMeter(
    { perRunUsd: 1, perDayUsd: null, perMonthUsd: null },
    { todayUsd: 0, monthUsd: 0 },
  );
  const controller = new AbortController();
  const notices: string[] = [];
  const read = () =>
    refreshSource(source, ['p-0', 'p-1', 'p-2'], {
      store,
      clock: stoppedClock,
      spend,
      signal: controller.signal,
      onNotice: (notice) => void notices.push(notice),
    });
  return { store, spend, controller, notices, read };
}

const liked = (externalId: string, likes: number): EngagementUpdate => ({
  externalId,
  engagement: { ...noEngagement, likes },
});

test('a source that cannot tell the counts of known posts says so, and nothing is asked', async () => {
  const { read } = await refreshing();
  expect(await read()).toEqual({
    asked: 0,
    changed: 0,
    costUsd: 0,
    note: 'one: list cannot tell the counts of known posts',
    failure: null,
  });
});

test('counts that are read again are stored, cleaned, and due for scoring', async () => {
  const asked: string[] = [];
  const { read, store, notices } = await refreshing(async function* (externalIds, { onNotice }) {
    asked.push(...externalIds);
    onNotice?.('waiting 1 s');
    // The second is as it was.
    yield [liked('p-0', 500), { externalId: 'p-1', engagement: { ...noEngagement, likes: 1, reposts: 1 } }];
    yield [liked('p-2', Number.NaN)];
  });
  expect(await read()).toEqual({ asked: 3, changed: 2, costUsd: 0, note: null, failure: null });
  expect(asked).toEqual(['p-0', 'p-1', 'p-2']);
  expect(notices).toEqual(['waiting 1 s']);
  expect((await store.signal(1))?.posts[0]?.engagement.likes).toBe(500);
  expect((await store.signal(3))?.posts[0]?.engagement.likes).toBe(0);
  expect((await store.pending()).unscored).toBe(2);
});

test('what a service returned is paid for, and the rest of what was set aside goes back', async () => {
  const granted: (number | undefined)[] = [];
  const { read, store, spend } = await refreshing(async function* (_ids, { reserveReads }) {
    granted.push(reserveReads?.(60), reserveReads?.(60));
    yield [liked('p-0', 5)];
    granted.push(reserveReads?.(200));
    yield [liked('p-1', 6)];
    reserveReads?.(50);
  }, 0.01);
  expect(await read()).toMatchObject({ asked: 2, changed: 2, costUsd: 0.02 });
  expect(granted).toEqual([60, 40, 99]);
  expect(spend.leftUsd).toBeCloseTo(0.98, 9);
  expect((await store.spent(stoppedClock.now())).todayUsd).toBeCloseTo(0.02, 9);
});

test('a service that fails half-way is told in words; what came before stays', async () => {
  const { read, store, spend } = await refreshing(async function* (_ids, { reserveReads }) {
    reserveReads?.(10);
    yield [liked('p-0', 5)];
    reserveReads?.(10);
    throw new Error('the line was cut');
  }, 0.01);
  expect(await read()).toEqual({
    asked: 1,
    changed: 1,
    costUsd: 0.01,
    note: null,
    failure: 'one: the line was cut',
  });
  expect((await store.signal(1))?.posts[0]?.engagement.likes).toBe(5);
  expect(spend.leftUsd).toBeCloseTo(0.99, 9);
});

test('a refresh that is cancelled, or whose store fails, ends as an error', async () => {
  const cancelled = await refreshing(async function* (_ids, { signal }: Pick<FetchOptions, 'signal'>) {
    yield [liked('p-0', 5)];
    cancelled.controller.abort(new Error('no more'));
    signal.throwIfAborted();
  });
  await expect(cancelled.read()).rejects.toThrow('no more');
  const locked = await refreshing(async function* () {
    const other = new Database((locked.store as unknown as { readonly path: string }).path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    yield [liked('p-0', 5)];
  });
  await expect(locked.read()).rejects.toMatchObject({ code: 'store-locked' });
});
