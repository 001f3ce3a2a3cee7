import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLimit, describeQuota, formatUntil, formatUsd } from '../../source/domain/limits.ts';

const minute = 60_000;
const now = new Date(2026, 10, 22, 14, 0).getTime();

test('a time to come has a day only when it is not today', () => {
  expect(formatUntil(now + 5 * minute, now)).toBe('14:05');
  expect(formatUntil(new Date(2026, 10, 23, 9, 30).getTime(), now)).toBe('Mon 09:30');
  expect(formatUntil(new Date(2026, 11, 1, 0, 0).getTime(), now)).toBe('2026-12-01 00:00');
});

test('a limit is told with its end where that is known', () => {
  expect(describeLimit(now + 5 * minute, now)).toBe('limited until 14:05');
  expect(describeLimit(null, now)).toBe('limited');
});

test('a quota is told while its window lasts', () => {
  const quota = { remaining: 412, limit: 450, resetsAt: now + minute };
  expect(describeQuota(quota, now)).toBe('412 of 450 left, anew at 14:01');
  expect(describeQuota({ remaining: 3, limit: null, resetsAt: null }, now)).toBe('3 left');
  expect(describeQuota(quota, now + minute)).toBeNull();
});

test('money is read as people write it, and some is never told as none', () => {
  expect([0, 1.2, 0.05, 0.005, 0.00012, 0.00001].map(formatUsd)).toEqual([
    '$0.00',
    '$1.20',
    '$0.05',
    '$0.005',
    '$0.0001',
    'under $0.0001',
  ]);
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), (usd) => {
      expect(formatUsd(usd)).not.toMatch(/^\$0(?:\.0*)?$/);
    }),
  );
});
