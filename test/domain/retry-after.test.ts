import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRetryAfter } from '../../source/domain/retry-after.ts';

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 15, 12);
  test.each([
    ['120', 120_000],
    [' 2 ', 2000],
    ['0.5', 500],
    ['0', 0],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['2026', 2_026_000],
    ['', null],
    [null, null],
  ])('%j is read as %j ms', (value, ms) => {
    expect(readRetryAfter(value, now)).toBe(ms);
  });

  test('whatever it says, the end of the wait is a date within a year', () => {
    expect(readRetryAfter('99999999999999999999', now)).toBe(31_536_000_000);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.bigInt().map(String), fc.date().map(String)), (value) => {
        const ms = readRetryAfter(value, now);
        if (ms !== null) expect(ms >= 0 && ms <= 31_536_000_000).toBe(true);
      }),
    );
  });
});
