import { describe, expect, test } from 'vitest';
import { narrowSearch } from '../../source/domain/insight-search.ts';
import { findSpikes } from '../../source/domain/insight-spikes.ts';
import { parseSearch } from '../../source/domain/search-parser.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 1);
const first = start / hourMs;

describe('the search for what was counted', () => {
  test.each([
    ['', [], ''],
    ['login', [{ field: 'category', value: 'bug' }], 'login category:bug'],
    ['a OR b', [{ word: 'two words' }], '(a OR b) "two words"'],
    ['a b', [{ field: 'is', value: 'answered', not: true }], 'a b -is:answered'],
    ['a sort:newest', [{ field: 'tag', value: 'two words' }], 'a tag:"two words"'],
    ['', [{ field: 'author', value: ':a' }], 'author:":a"'],
    ['a (', [{ word: 'b' }], 'b'],
  ] as const)('%j with %j', (search, terms, expected) => {
    expect(narrowSearch(search, terms)).toBe(expected);
    expect(parseSearch(expected)).toMatchObject({ ok: true });
  });

  test('is bounded by times that are as short as they are exact', () => {
    const span = { since: start, until: start + 90_000 };
    expect(narrowSearch('a', [], span)).toBe('a since:2026-11-01T00:00Z before:2026-11-01T00:01:30Z');
    expect(narrowSearch('', [], { since: start + 1 })).toBe('since:2026-11-01T00:00:00.001Z');
    expect(narrowSearch('', [], { until: start })).toBe('before:2026-11-01T00:00Z');
  });
});

describe('spikes of a span', () => {
  /** Two an hour for five days but for some hours. */
  const counts = (others: Readonly<Record<number, number>>, usual = 2) =>
    new Map(Array.from({ length: 120 }, (_, hour) => [first + hour, others[hour] ?? usual]));
  const span = { since: start + 48 * hourMs, until: start + 120 * hourMs };
  const found = (hourly: ReadonlyMap<string | null, ReadonlyMap<number, number>>, of = span) =>
    findSpikes(hourly, of, start).map(({ since, until, category, count }) => [
      category,
      (since - start) / hourMs,
      (until - start) / hourMs,
      count,
    ]);

  test('are hours far above what is usual, those in a row as one, newest first', () => {
    expect(found(new Map([['outage', counts({ 50: 30, 51: 40, 53: 35, 110: 20 })]]))).toEqual([
      ['outage', 110, 111, 20],
      ['outage', 53, 54, 35],
      ['outage', 50, 52, 70],
    ]);
    const [spike] = findSpikes(new Map([['outage', counts({ 50: 30, 51: 40 })]]), span, start);
    expect(spike?.usual).toBeGreaterThan(3.9);
  });

  test('lie in the span, to its end and not beyond', () => {
    const hourly = new Map([['outage', counts({ 47: 30, 48: 30, 100: 30 })]]);
    const half = { since: start + 48 * hourMs, until: start + 100.5 * hourMs };
    expect(found(hourly, half)).toEqual([
      ['outage', 100, 100.5, 30],
      ['outage', 48, 49, 30],
    ]);
    expect(found(hourly, { ...half, until: start + 100 * hourMs })).toHaveLength(1);
  });

  test('need five, and a day that is known', () => {
    expect(found(new Map([['outage', counts({ 60: 4 }, 0)]]))).toEqual([]);
    expect(found(new Map([['outage', counts({ 60: 5 }, 0)]]))).toEqual([['outage', 60, 61, 5]]);
    const whole = { since: start, until: start + 60 * hourMs };
    expect(found(new Map([['outage', counts({ 23: 50, 30: 50 })]]), whole)).toEqual([['outage', 30, 31, 50]]);
  });

  test('of the whole are said only where no category says the same', () => {
    const hourly = new Map([
      [null, counts({ 60: 50, 61: 50, 80: 50 })],
      ['outage', counts({ 61: 40 })],
    ]);
    expect(found(hourly)).toEqual([
      [null, 80, 81, 50],
      ['outage', 61, 62, 40],
    ]);
    const beside = new Map([
      [null, counts({ 60: 50 })],
      ['outage', counts({ 61: 40 })],
    ]);
    expect(found(beside)).toHaveLength(2);
  });

  test('are the twelve strongest', () => {
    const others = Object.fromEntries(Array.from({ length: 14 }, (_, each) => [50 + each * 3, 100 - each]));
    const hours = found(new Map([['outage', counts(others)]])).map(([, hour]) => hour);
    expect(hours).toHaveLength(12);
    expect(hours).toContain(50);
    expect(hours).not.toContain(89);
  });
});
