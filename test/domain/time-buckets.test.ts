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

  test('of hours begin with each hour that the clock shows', () => {
    const hours = (since: string, until: string, timeZone: string) =>
      bucketStartsOf({ since: Date.parse(since), until: Date.parse(until) }, 'hour', timeZone).map((at) =>
        new Date(at).toISOString().slice(11, 16),
      );
    expect(hours('2026-06-01T09:20Z', '2026-06-01T12:00Z', 'UTC')).toEqual(['09:20', '10:00', '11:00']);
    expect(hours('2026-06-01T09:20Z', '2026-06-01T12:00Z', 'Asia/Kathmandu')).toEqual([
      '09:20',
      '10:15',
      '11:15',
    ]);
    // Lord Howe sets its clocks forward by half an hour, at 15:30 UTC: the hour that begins then is half over.
    // Back again it shows half an hour twice, the second time from 15:00 UTC on.
    expect(hours('2026-04-04T14:00Z', '2026-04-04T17:00Z', 'Australia/Lord_Howe')).toEqual([
      '14:00',
      '15:00',
      '15:30',
      '16:30',
    ]);
    expect(hours('2026-10-03T14:00Z', '2026-10-03T18:00Z', 'Australia/Lord_Howe')).toEqual([
      '14:00',
      '14:30',
      '15:30',
      '16:00',
      '17:00',
    ]);
  });

  test('are the hour and the day that a time lies in', () => {
    const start = (bucket: 'hour' | 'day', timeZone: string) =>
      new Date(bucketStartOf(Date.parse('2026-06-01T19:40:17.123Z'), bucket, timeZone)).toISOString();
    expect(start('hour', 'UTC')).toBe('2026-06-01T19:00:00.000Z');
    expect(start('day', 'UTC')).toBe('2026-06-01T00:00:00.000Z');
    expect(start('hour', 'Asia/Kolkata')).toBe('2026-06-01T19:30:00.000Z');
    expect(start('day', 'Asia/Kolkata')).toBe('2026-06-01T18:30:00.000Z');
  });

  test('are counted by whole hours where no bucket cuts one, and by quarters elsewhere', () => {
    const unit = (timeZone: string) => {
      const since = Date.parse('2026-06-01T09:07Z');
      return unitOf(bucketStartsOf({ since, until: since + 3 * dayMs }, 'hour', timeZone));
    };
    // When a span begins does not matter: nothing was counted before.
    expect(['UTC', 'Europe/Berlin', 'Asia/Kathmandu'].map(unit)).toEqual([hourMs, hourMs, hourMs / 4]);
  });

  test('hold the moment at which they begin, and all that comes after the last', () => {
    const starts = [100, 200, 300];
    expect([100, 199, 200, 299, 300, 10_000].map((at) => bucketAt(starts, at))).toEqual([0, 0, 1, 1, 2, 2]);
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
