import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftPost } from '../../source/domain/post.ts';
import { SpendMeter } from '../../source/domain/spend.ts';
import { RateLimited } from '../../source/errors.ts';
import type { Source } from '../../source/ports/source.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { harvestScripted, listSource, stoppedClock, syntheticPosts } from './scripted.ts';

const noCaps = { perRunUsd: null, perDayUsd: null, perMonthUsd: null };

/** Charges for every post, asks before each page, and ends when it is refused. */
function meteredSource(name: string, count: number, pricePerRead: number, pageSize = 10): Source {
  const posts = syntheticPosts(name, count, 1_000_000);
  return {
    name,
    kind: 'metered',
    pricePerRead,
    async *fetch({ cursor, reserveReads }) {
      for (let start = Number(cursor?.given ?? 0); start < posts.length; ) {
        const granted = reserveReads?.(pageSize) ?? pageSize;
        if (granted === 0) return;
        const page = posts.slice(start, start + granted);
        start += page.length;
        yield { posts: page, cursor: { given: start }, warnings: [], reads: page.length };
      }
    },
  };
}

describe('the spend meter', () => {
  test('never lets any cap be passed, whoever reads, in whatever order', () => {
    const caps = fc.record({
      perRunUsd: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      perDayUsd: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      perMonthUsd: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
    });
    const reads = fc.array(fc.tuple(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(caps, fc.double({ min: 0, max: 4, noNaN: true }), reads, (limits, spentUsd, wants) => {
        const meter = new SpendMeter(limits, { todayUsd: spentUsd, monthUsd: spentUsd });
        let spent = 0;
        for (const [wanted, used] of wants) {
          const granted = meter.reserve(wanted, 0.005);
          expect(granted).toBeLessThanOrEqual(wanted);
          const charged = Math.floor(granted * used);
          meter.settle(granted, charged, 0.005);
          spent += charged * 0.005;
        }
        const slack = 1e-6;
        expect(spent).toBeLessThanOrEqual((limits.perRunUsd ?? Infinity) + slack);
        if (spent > 0) {
          expect(spent + spentUsd).toBeLessThanOrEqual((limits.perDayUsd ?? Infinity) + slack);
          expect(spent + spentUsd).toBeLessThanOrEqual((limits.perMonthUsd ?? Infinity) + slack);
        }
      }),
    );
  });

  test('allows exactly what the cap pays for', () => {
    const meter = new SpendMeter({ ...noCaps, perRunUsd: 1 }, { todayUsd: 0, monthUsd: 0 });
    expect(meter.reserve(500, 0.005)).toBe(200);
    expect(meter.reserve(1, 0.005)).toBe(0);
    expect(meter.reserve(1000, 0)).toBe(1000);
  });
});

describe('a run with paid sources', () => {
  test('stops at the cap of a day, says so, counts what it cost, and goes on another day', async () => {
    const store = await temporaryStore();
    const source = meteredSource('paid', 100, 0.01);
    const spendCaps = { ...noCaps, perDayUsd: 0.25 };
    const first = await harvestScripted(store, [source], { spendCaps });
    expect(first.sources).toMatchObject([{ state: 'done', fetched: 25, reads: 25 }]);
    expect(first.sources[0]?.costUsd).toBeCloseTo(0.25, 9);
    expect(first.sources[0]?.warnings).toContain('the cap of a day ($0.25) leaves 5 of 10 paid reads');
    expect(await store.spent(stoppedClock.now())).toEqual({ todayUsd: 0.25, monthUsd: 0.25 });
    const second = await harvestScripted(store, [source], { spendCaps });
    expect(second.sources).toMatchObject([{ fetched: 0, reads: 0 }]);
    const tomorrow = { ...stoppedClock, now: () => stoppedClock.now() + 86_400_000 };
    const third = await harvestScripted(store, [source], { spendCaps, clock: tomorrow });
    expect(third.sources).toMatchObject([{ fetched: 25 }]);
    expect((await store.size()).posts).toBe(50);
  });

  test('shares one purse between sources that read side by side', async () => {
    const store = await temporaryStore();
    const sources = ['a', 'b', 'c'].map((name) => meteredSource(name, 100, 0.01));
    const run = await harvestScripted(store, sources, {
      spendCaps: { ...noCaps, perRunUsd: 1 },
      concurrency: 3,
    });
    expect(run.sources.reduce((total, { reads }) => total + reads, 0)).toBe(100);
  });
});

describe('a rate limit that outlasts the run', () => {
  test('is a state with an end, not a failure', async () => {
    const store = await temporaryStore();
    const until = stoppedClock.now() + 600_000;
    const limited: Source = {
      ...listSource('busy', []),
      // biome-ignore lint/correctness/useYield: it is limited before its first page
      async *fetch() {
        throw new RateLimited('busy.example asks for a pause', until, { fix: 'Run again later.' });
      },
    };
    const run = await harvestScripted(store, [limited, listSource('one', syntheticPosts('acme', 10))]);
    expect(run).toMatchObject({ state: 'done', sources: [{ state: 'limited' }, { state: 'done' }] });
    const [record] = await store.sources(stoppedClock.now());
    expect(record).toMatchObject({ name: 'busy', limitedUntil: until, lastError: null });
    expect((await store.sources(until + 1))[0]).toMatchObject({ limitedUntil: null });
  });
});

describe('excludes', () => {
  test('are applied before anything is stored, and counted', async () => {
    const store = await temporaryStore();
    const posts = [
      draftPost({ externalId: '1', text: 'we are hiring ten engineers' }),
      draftPost({ externalId: '2', text: 'the login is broken' }),
    ];
    const run = await harvestScripted(store, [listSource('one', posts)], {
      excludeFor: () => (post) => (post.text.includes('hiring') ? '“hiring”' : null),
    });
    expect(run.sources).toMatchObject([{ fetched: 2, excluded: 1, added: 1 }]);
    expect((await store.size()).posts).toBe(1);
  });
});
