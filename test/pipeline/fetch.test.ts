import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { draftPost } from '../../source/domain/post.ts';
import { type SpendCaps, SpendMeter } from '../../source/domain/spend.ts';
import { TimingBook } from '../../source/domain/timings.ts';
import { RateLimited } from '../../source/errors.ts';
import { fetchSource } from '../../source/pipeline/fetch.ts';
import type { FetchOptions, Page, Source } from '../../source/ports/source.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { failingSource, harvestScripted, listSource, stoppedClock, syntheticPosts } from './scripted.ts';

const noCaps: SpendCaps = { perRunUsd: null, perDayUsd: null, perMonthUsd: null };
const fix = { fix: 'Run again later.' };

/** A source that does as `fetch` says. */
function sourceOf(name: string, fetch: (options: FetchOptions) => AsyncIterable<Page>): Source {
  return { name, kind: 'list', fetch };
}

/** Reads one source alone and writes down everything that it is told. */
async function fetchAlone(
  source: Source,
  {
    maxPosts = 1_000,
    since = undefined as number | undefined,
    caps = noCaps,
    timings = new TimingBook(),
  } = {},
) {
  const store = await temporaryStore();
  const told: string[] = [];
  const spend = new SpendMeter(caps, { todayUsd: 0, monthUsd: 0 });
  const parts = { store, clock: stoppedClock, maxPosts, exclude: () => null, spend, since, timings };
  const failure = await fetchSource(source, parts, {
    signal: new AbortController().signal,
    onPage: ({ fetched, costUsd }) => void told.push(`page ${fetched} $${costUsd}`),
    onWarning: (warning) => void told.push(`warning ${warning}`),
    onNotice: (notice) => void told.push(`notice ${notice}`),
    onQuota: ({ remaining }) => void told.push(`quota ${remaining}`),
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return { store, told, spend, failure, timings };
}

describe('one source', () => {
  test.each([
    [20, 20, false],
    [21, 21, true],
    [60, 21, true],
  ])('of %i broken items warns %i times at most, whatever page they are on', async (broken, lines, ends) => {
    const half = Math.floor(broken / 2);
    const warnings = Array.from({ length: broken }, (_, line) => `line ${line}: not JSON`);
    const { told } = await fetchAlone(
      sourceOf('file', async function* () {
        yield { posts: [], cursor: { page: 1 }, warnings: warnings.slice(0, half) };
        yield { posts: [], cursor: { page: 2 }, warnings: warnings.slice(half) };
      }),
    );
    const heard = told.filter((line) => line.startsWith('warning'));
    expect(heard).toHaveLength(lines);
    expect(heard[19]).toBe('warning line 19: not JSON');
    expect(heard.includes('warning further warnings of this source are not shown')).toBe(ends);
  });

  test('ends at the most posts of a run, which the next one goes on from', async () => {
    const posts = syntheticPosts('acme', 30);
    const { told, store } = await fetchAlone(listSource('one', posts, 10), { maxPosts: 20 });
    expect(told.filter((line) => !line.startsWith('notice'))).toEqual([
      'page 10 $0',
      'page 10 $0',
      'warning stopped at 20 posts (run.maxPostsPerSource); the next run goes on from there',
    ]);
    expect(await store.cursor('one')).toEqual({ given: 20 });
  });

  test('is stored with its oldest post first, so that an original leads its copies', async () => {
    const store = await temporaryStore();
    const copies = [3, 1, 2].map((hour) =>
      draftPost({
        externalId: `at ${hour}`,
        text: 'the export is broken for everybody here',
        createdAt: Date.UTC(2026, 10, 21, hour),
      }),
    );
    await harvestScripted(store, [listSource('one', copies)]);
    // The lead comes first.
    expect((await store.signal(1))?.posts.map(({ externalId }) => externalId)).toEqual([
      'at 1',
      'at 2',
      'at 3',
    ]);
  });

  test('goes on from its cursor, but from no cursor when it is to reach back to a time', async () => {
    const asked: Pick<FetchOptions, 'cursor' | 'since'>[] = [];
    const source = sourceOf('one', async function* ({ signal: _signal, ...options }) {
      asked.push({ cursor: options.cursor, ...('since' in options && { since: options.since }) });
      yield { posts: [], cursor: { page: asked.length }, warnings: [] };
    });
    const store = await temporaryStore();
    await harvestScripted(store, [source]);
    await harvestScripted(store, [source]);
    await harvestScripted(store, [source], { since: 5 });
    expect(asked).toEqual([{ cursor: null }, { cursor: { page: 1 } }, { cursor: null, since: 5 }]);
  });

  test('says what it waits for until the page that it waited for is there', async () => {
    const { told, timings } = await fetchAlone(
      sourceOf('busy', async function* ({ onNotice, onQuota }) {
        onNotice?.('waiting 12 s: rate limit');
        onQuota?.({ remaining: 9, limit: null, resetsAt: null });
        yield { posts: syntheticPosts('busy', 2), cursor: {}, warnings: [] };
      }),
    );
    expect(told).toEqual(['notice waiting 12 s: rate limit', 'quota 9', 'notice null', 'page 2 $0']);
    expect(timings.read().stages).toMatchObject([{ name: 'fetch', count: 1 }]);
    // No page takes longer than the process has lived.
    expect(timings.read().stages[0]?.sumMs).toBeLessThan(performance.now());
  });

  test('that does not listen is left after the page at which the run was cancelled', async () => {
    const store = await temporaryStore();
    const controller = new AbortController();
    const posts = syntheticPosts('deaf', 9);
    const deaf = sourceOf('deaf', async function* () {
      for (const [index, post] of posts.entries()) {
        if (index === 2) controller.abort();
        yield { posts: [post], cursor: { index }, warnings: [] };
      }
    });
    const run = await harvestScripted(store, [deaf], { signal: controller.signal });
    expect(run).toMatchObject({ state: 'interrupted', sources: [{ state: 'cancelled', added: 3 }] });
    expect(await store.cursor('deaf')).toEqual({ index: 2 });
  });

  test('pays for what it was charged, and gives back what it did not use, also when it fails', async () => {
    const paid: Source = {
      ...listSource('paid', []),
      pricePerRead: 0.01,
      async *fetch({ reserveReads }) {
        reserveReads?.(30);
        yield { posts: syntheticPosts('paid', 10), cursor: {}, warnings: [], reads: 10 };
        reserveReads?.(50);
        throw new Error('the line was cut');
      },
    };
    const { told, spend, failure } = await fetchAlone(paid, { caps: { ...noCaps, perRunUsd: 1 } });
    expect(failure).toMatchObject({ message: 'the line was cut' });
    expect(told).toEqual(['notice null', 'page 10 $0.1']);
    expect(spend.leftUsd).toBeCloseTo(0.9, 9);
  });

  test('that is granted all that it wanted is not warned of a cap', async () => {
    const paid: Source = {
      ...listSource('paid', []),
      pricePerRead: 0.01,
      async *fetch({ reserveReads }) {
        reserveReads?.(100);
        reserveReads?.(1);
        yield { posts: [], cursor: {}, warnings: [] };
      },
    };
    const { told } = await fetchAlone(paid, { caps: { ...noCaps, perRunUsd: 1 } });
    expect(told).toEqual([
      'warning the cap of a run ($1.00) leaves 0 of 1 paid reads',
      'notice null',
      'page 0 $0',
    ]);
  });
});

describe('all sources of a run', () => {
  test('are fetched so many at a time, and each is waiting until its turn', async () => {
    const store = await temporaryStore();
    let atOnce = 0;
    let most = 0;
    const slow = (name: string) =>
      sourceOf(name, async function* () {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atOnce -= 1;
        yield { posts: [], cursor: {}, warnings: [] };
      });
    const states = new Set<string>();
    await harvestScripted(store, ['a', 'b', 'c', 'd', 'e'].map(slow), {
      concurrency: 2,
      onProgress: ({ sources }) => {
        for (const { state } of sources) states.add(state);
      },
    });
    expect(most).toBe(2);
    expect(states).toContain('waiting');
  });

  test('keep what a service said may still be asked, with how they ended', async () => {
    const store = await temporaryStore();
    const resetsAt = stoppedClock.now() + 60_000;
    const telling = (name: string, error: unknown) =>
      sourceOf(name, async function* ({ onQuota, onNotice }) {
        onQuota?.({ remaining: 3, limit: 60, resetsAt });
        onNotice?.('waiting');
        yield { posts: [], cursor: {}, warnings: [] };
        onNotice?.('waiting again');
        if (error !== null) throw error;
      });
    const run = await harvestScripted(store, [
      telling('done', null),
      telling('limited', new RateLimited('later', null, fix)),
      telling('failed', new Error('no')),
      failingSource('unknown end', new RateLimited('later', null, fix)),
      failingSource('known end', new RateLimited('later', resetsAt + 5, fix)),
    ]);
    expect(run.state).toBe('partial');
    expect(
      run.sources.map(({ name, state, quota, limitedUntil, notice }) => [
        name,
        state,
        quota?.remaining ?? null,
        limitedUntil,
        notice,
      ]),
    ).toEqual([
      ['done', 'done', 3, null, null],
      ['limited', 'limited', 3, resetsAt, null],
      ['failed', 'failed', 3, null, null],
      ['unknown end', 'limited', null, null, null],
      ['known end', 'limited', null, resetsAt + 5, null],
    ]);
    const records = await store.sources(stoppedClock.now());
    const record = (wanted: string) => records.find(({ name }) => name === wanted);
    expect(record('done')).toMatchObject({ quota: { remaining: 3 }, lastSuccessAt: stoppedClock.now() });
    expect(record('limited')).toMatchObject({ limitedUntil: resetsAt, lastError: null });
    expect(record('failed')).toMatchObject({ quota: { remaining: 3 }, lastError: 'no' });
  });

  test('end when the store cannot be used, also those that could go on', async () => {
    const store = await temporaryStore(undefined, 1);
    const path = (store as unknown as { readonly path: string }).path;
    const other = new Database(path);
    onTestFinished(() => void other.close());
    let turns = 0;
    let isStopped = false;
    const locking = sourceOf('locking', async function* () {
      other.exec('BEGIN IMMEDIATE');
      yield { posts: syntheticPosts('locking', 1), cursor: {}, warnings: [] };
    });
    const endless = sourceOf('endless', async function* ({ signal }) {
      for (; turns < 10_000 && !signal.aborted; turns += 1) await new Promise(setImmediate);
      isStopped = signal.aborted;
      // What was wrong with the store is over: the run has failed all the same.
      other.exec('ROLLBACK');
      signal.throwIfAborted();
      yield { posts: [], cursor: {}, warnings: [] };
    });
    const last = sourceOf('last', async function* () {
      turns = Number.POSITIVE_INFINITY;
      yield { posts: [], cursor: {}, warnings: [] };
    });
    await expect(harvestScripted(store, [locking, endless, last], { concurrency: 2 })).rejects.toMatchObject({
      code: 'store-locked',
    });
    expect(isStopped).toBe(true);
    expect(await store.runs(1)).toMatchObject([
      { state: 'failed', sources: [{}, { state: 'cancelled' }, {}] },
    ]);
    // The third, whose turn came after, was not begun at all.
    expect(turns).toBeLessThan(10_000);
  });
});
