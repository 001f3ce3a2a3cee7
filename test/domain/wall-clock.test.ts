import { describe, expect, test } from 'vitest';
import { isTimeZone, timeAtWallClock, wallClock } from '../../source/domain/wall-clock.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number) => new Date(time).toISOString();

test('a time zone is one that the platform knows', () => {
  expect(['Europe/Berlin', 'UTC', 'Asia/Kolkata', ''].map(isTimeZone)).toEqual([true, true, true, true]);
  expect(['Europe/Atlantis', 'nonsense', '25:00'].map(isTimeZone)).toEqual([false, false, false]);
});

describe('a wall clock', () => {
  test.each([
    ['2026-06-01T10:11:12.345Z', 'UTC', '2026-06-01T10:11:12.345Z'],
    ['2026-06-01T22:11:12.345Z', 'Europe/Berlin', '2026-06-02T00:11:12.345Z'],
    ['2026-12-31T23:30:00.001Z', 'Europe/Berlin', '2027-01-01T00:30:00.001Z'],
    ['2026-06-01T10:11:12.345Z', 'Asia/Kolkata', '2026-06-01T15:41:12.345Z'],
    ['2026-06-01T03:00:00.999Z', 'America/New_York', '2026-05-31T23:00:00.999Z'],
    ['1969-07-20T20:17:40.250Z', 'America/New_York', '1969-07-20T16:17:40.250Z'],
  ])('shows at %s in %s %s', (time, zone, shown) => {
    expect(iso(wallClock(at(time), zone))).toBe(shown);
    expect(iso(timeAtWallClock(at(shown), zone))).toBe(time);
  });

  test.each([
    // Left out: as much later as the clocks were set forward.
    ['2026-03-29T02:00:00Z', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-03-29T02:59:59Z', 'Europe/Berlin', '2026-03-29T01:59:59.000Z'],
    ['2026-03-08T02:30:00Z', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    // Twice: the first.
    ['2026-10-25T02:00:00Z', 'Europe/Berlin', '2026-10-25T00:00:00.000Z'],
    ['2026-11-01T01:30:00Z', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    // The edges of both.
    ['2026-03-29T03:00:00Z', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25T03:00:00Z', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-10-25T01:59:59Z', 'Europe/Berlin', '2026-10-24T23:59:59.000Z'],
  ])('shows %s in %s at %s', (wall, zone, time) => {
    expect(iso(timeAtWallClock(at(wall), zone))).toBe(time);
  });
});
