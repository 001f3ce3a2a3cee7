import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countUpTo,
  heaviest,
  mergeTimings,
  quantileMs,
  summarizeTiming,
  TimingBook,
  type TimingSet,
  timingsSince,
} from '../../source/domain/timings.ts';

const times = fc.array(fc.double({ min: 0.01, max: 800_000, noNaN: true }), { minLength: 1, maxLength: 300 });

function bookOf(all: readonly number[], name = 'savePage'): TimingBook {
  const book = new TimingBook();
  for (const ms of all) book.record('queries', name, ms);
  return book;
}

function only({ queries }: TimingSet) {
  const [timing] = queries;
  if (timing === undefined) throw new Error('nothing was timed');
  return timing;
}

describe('a timing', () => {
  test('tells shares as the sorted times do, but for the width of a bucket', () => {
    fc.assert(
      fc.property(times, fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 1), (all, share) => {
        const told = quantileMs(only(bookOf(all).read()), share);
        const sorted = all.toSorted((a, b) => a - b);
        const real = sorted[Math.max(1, Math.ceil(share * all.length)) - 1] ?? 0;
        // A thousandth of a millisecond is rounded away, and the first bucket begins at nothing.
        expect(told).toBeLessThanOrEqual(real * 1.281 + 0.001);
        expect(told).toBeGreaterThanOrEqual(real <= 0.01 ? 0 : real / 1.281 - 0.001);
      }),
    );
  });

  test('loses nothing beyond the last bound, and nothing at zero', () => {
    const timing = only(bookOf([0, 5_000_000]).read());
    expect(timing).toMatchObject({ count: 2, sumMs: 5_000_000, maxMs: 5_000_000 });
    expect(quantileMs(timing, 0.99)).toBe(5_000_000);
    expect(quantileMs(timing, 0.5)).toBeLessThanOrEqual(0.01);
    expect(JSON.parse(JSON.stringify(timing))).toEqual(timing);
  });

  test('of parts adds up to that of the whole, in any order', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const [a, b] = [bookOf(some).read(), bookOf(others).read()];
        const whole = only(bookOf([...some, ...others]).read());
        for (const sum of [only(mergeTimings([a, b])), only(mergeTimings([b, a]))]) {
          expect(sum.buckets).toEqual(whole.buckets);
          expect(sum).toMatchObject({ count: whole.count, maxMs: whole.maxMs });
          expect(sum.sumMs).toBeCloseTo(whole.sumMs, 1);
        }
      }),
    );
  });

  test('since an earlier reading has what came after it', () => {
    fc.assert(
      fc.property(times, times, (before, after) => {
        const book = bookOf(before);
        const earlier = book.read();
        for (const ms of after) book.record('queries', 'savePage', ms);
        const since = only(timingsSince(book.read(), earlier));
        const fresh = only(bookOf(after).read());
        expect(since.buckets).toEqual(fresh.buckets);
        expect(since.maxMs).toBeGreaterThanOrEqual(fresh.maxMs);
      }),
    );
    const same = bookOf([1, 2]).read();
    expect(timingsSince(same, same)).toEqual({ stages: [], queries: [] });
  });

  test('since an earlier reading is as long as what came after it, and its longest as exact as is known', () => {
    const book = bookOf([900, 0.3]);
    const earlier = book.read();
    book.record('queries', 'savePage', 7);
    book.record('queries', 'savePage', 3);
    book.record('queries', 'group', 1.1);
    const [saved, grouped] = timingsSince(book.read(), earlier).queries;
    // 900 was longer, and 8 is the bound below which the longest of these lies.
    expect(saved).toEqual({
      name: 'savePage',
      count: 2,
      sumMs: 10,
      maxMs: 8,
      buckets: [
        [3.15, 1],
        [8, 1],
      ],
    });
    expect(grouped).toEqual({ name: 'group', count: 1, sumMs: 1.1, maxMs: 1.1, buckets: [[1.25, 1]] });
    book.record('queries', 'group', 5_000_000);
    const long = timingsSince(book.read(), earlier).queries[1];
    expect(long).toMatchObject({
      maxMs: 5_000_000,
      buckets: [
        [1.25, 1],
        [null, 1],
      ],
    });
    book.record('queries', 'savePage', 950);
    expect(timingsSince(book.read(), earlier).queries[0]?.maxMs).toBe(950);
  });

  test('of several books is added up by name, in the order in which each came first', () => {
    const sum = mergeTimings([bookOf([1], 'b').read(), bookOf([2, 3], 'a').read(), bookOf([4], 'b').read()]);
    expect(sum.queries.map(({ name, count, sumMs, maxMs }) => [name, count, sumMs, maxMs])).toEqual([
      ['b', 2, 5, 4],
      ['a', 2, 5, 3],
    ]);
  });

  test('counts what took at most a bound, as Prometheus asks', () => {
    const timing = only(bookOf([0.5, 1, 1.1, 100, 101]).read());
    expect([0.5, 1, 2.5, 100, 250].map((bound) => countUpTo(timing, bound))).toEqual([1, 2, 3, 4, 5]);
    expect(countUpTo(only(bookOf([1, 5_000_000]).read()), 800_000)).toBe(1);
  });

  test('is told heaviest first', () => {
    const book = bookOf([1, 1, 1], 'signal');
    book.record('queries', 'group', 2);
    book.record('queries', 'savePage', 9);
    expect(heaviest(book.read().queries, 2).map(({ name }) => name)).toEqual(['savePage', 'signal']);
    expect(summarizeTiming(only(bookOf([4]).read()))).toMatchObject({ count: 1, maxMs: 4, p50Ms: 4 });
  });
});
