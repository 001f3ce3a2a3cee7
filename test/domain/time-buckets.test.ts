import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketAt, bucketStartOf, bucketStartsOf, unitOf } from '../../source/domain/time-buckets.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('buckets of a span', () => {
  test('begin at midnight of the zone, and a day has 23 or 25 hours where clocks change', () => {
    const spring = { since: Date.parse('2026-03-28T23:00Z'), until: Date.parse('2026-03-30T22:00Z') };
    const starts = bucketStartsOf(spring, 'day', 'Europe/Berlin');
    expect(starts.map((at) => new Date(at).toISOString())).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    const autumn = { since: Date.parse('2026-10-24T22:00Z'), until: Date.parse('2026-10-26T22:00Z') };
    const [first = 0, second = 0] = bucketStartsOf(autumn, 'day', 'Europe/Berlin');
    expect((second - first) / hourMs).toBe(25);
    expect(bucketStartsOf(autumn, 'hour', 'Europe/Berlin')).toHaveLength(48);
  });

  test('cover the span without gaps, and every time is in the one that it belongs to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) }),
        fc.integer({ min: 1, max: 20 * dayMs }),
        fc.constantFrom('hour' as const, 'day' as const),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (since, lengthMs, bucket, timeZone, part) => {
          const until = since + lengthMs;
          const starts = bucketStartsOf({ since, until }, bucket, timeZone);
          expect(starts[0]).toBe(since);
          for (const [index, start] of starts.entries()) {
            const end = starts[index + 1] ?? until;
            expect(end).toBeGreaterThan(start);
            expect(end - start).toBeLessThanOrEqual(bucket === 'hour' ? 1.5 * hourMs : 25 * hourMs);
            if (index > 0) expect(start % unitOf(starts)).toBe(0);
            if (index > 0 && bucket === 'day') expect(bucketStartOf(start, bucket, timeZone)).toBe(start);
          }
          const at = Math.min(until - 1, Math.floor(since + part * lengthMs));
          const index = bucketAt(starts, at);
          expect(starts[index]).toBeLessThanOrEqual(at);
          expect(starts[index + 1] ?? until).toBeGreaterThan(at);
        },
      ),
      { numRuns: 60 },
    );
  });
});
