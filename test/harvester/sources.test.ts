import { describe, expect, test } from 'vitest';
import { compileExcludes } from '../../source/domain/exclude.ts';
import { draftPost, noEngagement } from '../../source/domain/post.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { UserError } from '../../source/errors.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import type { HarvesterParts } from '../../source/harvester/harvester-parts.ts';
import type { EngagementUpdate, Source } from '../../source/ports/source.ts';
import { listSource, scriptedParts, stoppedClock, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { untaughtParts } from './untaught.ts';

const day = 86_400_000;

async function harvesterOf(sources: readonly Source[], change: Partial<HarvesterParts> = {}) {
  const store = await temporaryStore();
  const parts: HarvesterParts = {
    ...scriptedParts(store),
    ...untaughtParts(store),
    store,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sources: sources.map((source) => ({
      name: source.name,
      kind: source.kind,
      enabled: true,
      target: 'a list',
      open: () => source,
    })),
    categories: categoryIds,
    openAdHoc: () => {
      throw new Error('none');
    },
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    doctor: { configPath: 'config.yaml', nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
    ...change,
  };
  return { harvester: createHarvester(parts), store, parts };
}

/** At a later time, on the same store. */
function later(parts: HarvesterParts, days: number) {
  const clock = { ...stoppedClock, now: () => stoppedClock.now() + days * day };
  return createHarvester({ ...parts, clock });
}

/** Yields `perDay` new posts each time it is fetched, until it falls silent. */
function dailySource(name: string, perDay: number, pricePerRead = 0): Source & { silent: boolean } {
  let given = 0;
  return {
    name,
    kind: 'list',
    pricePerRead,
    silent: false,
    async *fetch() {
      if (this.silent) return;
      const posts = syntheticPosts(name, given + perDay, 1_000_000).slice(given);
      given += perDay;
      yield { posts, cursor: { given }, warnings: [], reads: pricePerRead > 0 ? posts.length : 0 };
    },
  };
}

describe('the health of a source', () => {
  test('tells silence from success', async () => {
    const source = dailySource('feed', 12);
    const { parts } = await harvesterOf([source]);
    for (const days of [0, 1, 2, 3]) await later(parts, days).run({});
    const well = await later(parts, 3.5).sources.list();
    expect(well).toMatchObject([{ posts: 48, usualPerDay: 12, silence: null }]);
    source.silent = true;
    const run = await later(parts, 5).run({});
    expect(run.state).toBe('done');
    expect(await later(parts, 5).sources.list()).toMatchObject([
      { silence: 'silent for 48 h, usually 12 posts a day', lastError: null },
    ]);
  });
});

describe('an estimate', () => {
  test('knows only the most that a new source can cost, and nothing of free ones', async () => {
    const { harvester } = await harvesterOf([dailySource('paid', 40, 0.005), dailySource('free', 40)], {
      maxPostsPerSource: 1000,
    });
    expect(await harvester.estimate({})).toMatchObject({
      sources: [{ name: 'paid', reads: 1000, usd: 5, basis: expect.stringContaining('at most') }],
      totalUsd: 5,
      leftUsd: null,
    });
  });

  test('goes by what the source used to yield since it was last read', async () => {
    const { parts } = await harvesterOf([dailySource('paid', 40, 0.005)], {
      spendCaps: { perRunUsd: 1, perDayUsd: null, perMonthUsd: null },
    });
    for (const days of [0, 1, 2, 3]) await later(parts, days).run({});
    const { sources, leftUsd } = await later(parts, 5).estimate({});
    expect(sources).toMatchObject([
      { reads: 120, basis: '40 posts a day for 2 days, and half as much again' },
    ]);
    expect(sources[0]?.usd).toBeCloseTo(0.6, 9);
    expect(leftUsd).toBeCloseTo(1, 9);
  });

  test('asks nobody and writes nothing', async () => {
    let fetched = 0;
    const source: Source = {
      ...listSource('paid', syntheticPosts('a', 10)),
      pricePerRead: 1,
      // biome-ignore lint/correctness/useYield: it must not even be asked
      async *fetch() {
        fetched += 1;
      },
    };
    const { harvester, store } = await harvesterOf([source]);
    await harvester.estimate({});
    expect(fetched).toBe(0);
    expect(await store.sources(0)).toEqual([]);
  });
});

describe('a trial of a source', () => {
  test('shows what would be kept, what dropped and why, and writes nothing', async () => {
    const posts = [
      draftPost({ externalId: '1', text: 'we are hiring' }),
      draftPost({ externalId: '2', text: 'the login is broken' }),
      draftPost({ externalId: '3', text: '\u001b[2J' }),
    ];
    const exclude = compileExcludes([
      { words: ['hiring'], patterns: [], authors: [], domains: [], languages: [] },
    ]);
    const { harvester, store } = await harvesterOf([listSource('one', posts)], { excludeFor: () => exclude });
    expect(await harvester.sources.test('one')).toMatchObject({
      kept: [{ externalId: '2' }],
      dropped: [{ post: { externalId: '1' }, reason: '“hiring”' }],
      warnings: ['post 3 has no readable text and was left out'],
      error: null,
    });
    expect((await store.size()).posts).toBe(0);
    expect(await store.cursor('one')).toBeNull();
  });

  test('of a paid source reads little, within the caps, and its bill is kept', async () => {
    const source: Source = {
      ...listSource('paid', []),
      pricePerRead: 0.01,
      async *fetch({ reserveReads }) {
        const granted = reserveReads?.(100) ?? 100;
        if (granted === 0) return;
        const posts = syntheticPosts('acme', granted, 1_000_000);
        yield { posts, cursor: { given: granted }, warnings: [], reads: granted };
      },
    };
    const { harvester, store } = await harvesterOf([source], {
      spendCaps: { perRunUsd: null, perDayUsd: 0.25, perMonthUsd: null },
    });
    expect((await harvester.sources.test('paid')).kept).toHaveLength(10);
    expect((await store.spent(stoppedClock.now())).todayUsd).toBeCloseTo(0.1, 6);
    expect((await harvester.doctor()).find(({ name }) => name === 'source paid')?.finding).toContain(
      '10 posts',
    );
    expect((await harvester.sources.test('paid')).kept).toHaveLength(5);
    expect((await harvester.sources.test('paid')).kept).toHaveLength(0);
    expect((await store.spent(stoppedClock.now())).todayUsd).toBeCloseTo(0.25, 6);
    expect(await store.cursor('paid')).toBeNull();
  });

  test('of a source that fails says why', async () => {
    const failing: Source = {
      ...listSource('one', []),
      // biome-ignore lint/correctness/useYield: it fails before its first page
      async *fetch() {
        throw new UserError('bad-key', 'The token has expired.', { fix: 'Make a new one.' });
      },
    };
    const { harvester } = await harvesterOf([failing]);
    expect(await harvester.sources.test('one')).toMatchObject({
      error: { code: 'bad-key', fix: 'Make a new one.' },
    });
  });

  test('of an unknown source names the known ones', async () => {
    const { harvester } = await harvesterOf([listSource('one', [])]);
    await expect(async () => harvester.sources.test('two')).rejects.toMatchObject({
      code: 'unknown-source',
      fix: 'The configuration has: one.',
    });
  });
});

describe('a refresh', () => {
  test('reads the counts of salient posts again, within the purse, and scores what changed', async () => {
    const asked: string[] = [];
    const source: Source = {
      ...listSource('paid', syntheticPosts('acme', 20, 1_000_000)),
      pricePerRead: 0.01,
      async *refresh(externalIds, { reserveReads }) {
        const granted = reserveReads?.(externalIds.length) ?? externalIds.length;
        const ids = externalIds.slice(0, granted);
        asked.push(...ids);
        yield ids.map(
          (externalId): EngagementUpdate => ({ externalId, engagement: { ...noEngagement, likes: 9_000 } }),
        );
      },
    };
    const mute = listSource('mute', syntheticPosts('other', 5, 1_000_000));
    const { harvester, store } = await harvesterOf([source, mute], {
      spendCaps: { perRunUsd: 0.07, perDayUsd: null, perMonthUsd: null },
    });
    await harvester.run({});
    const before = await harvester.signals.page({ limit: 1 });
    const report = await harvester.refresh({ minSalience: 0.01, limit: 100 });
    expect(report).toMatchObject({ asked: 7, changed: 7 });
    expect(report.costUsd).toBeCloseTo(0.07, 9);
    expect(report.notes).toEqual(['mute: list cannot tell the counts of known posts']);
    expect(report.failures).toEqual([]);
    const after = await harvester.signals.page({ limit: 1 });
    expect(after.rows[0]?.rank).toBeGreaterThan(before.rows[0]?.rank ?? 0);
    expect((await store.pending()).unscored).toBe(0);
    expect((await store.spent(stoppedClock.now())).todayUsd).toBeCloseTo(0.07, 6);
    expect(new Set(asked).size).toBe(7);
  });

  test('that fails for one source tells so and keeps the rest', async () => {
    const failing: Source = {
      ...listSource('broken', syntheticPosts('acme', 5, 1_000_000)),
      // biome-ignore lint/correctness/useYield: it fails before its first answer
      async *refresh() {
        throw new UserError('bad-key', 'The token has expired.', { fix: 'Make a new one.' });
      },
    };
    const { harvester } = await harvesterOf([failing]);
    await harvester.run({});
    expect(await harvester.refresh({ minSalience: 0.01, limit: 10 })).toMatchObject({
      asked: 0,
      failures: ['broken: The token has expired.'],
    });
  });
});
