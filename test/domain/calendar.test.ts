import { describe, expect, test } from 'vitest';
import {
  type CalendarLevel,
  parseSpan,
  periodOf,
  startOfDay,
  timeOfDayMs,
  wallClockBefore,
  weekdayOf,
} from '../../source/domain/calendar.ts';

const at = (text: string) => Date.parse(text);

describe('a period', () => {
  test.each<readonly [CalendarLevel, string, string]>([
    ['hourly', '2026-06-01T09:59:59Z', '2026-06-01T09'],
    ['daily', '2026-06-01T23:59:59Z', '2026-06-01'],
    ['monthly', '2026-06-30T23:59:59Z', '2026-06'],
    ['yearly', '2026-12-31T23:59:59Z', '2026'],
    ['weekly', '2026-06-01T00:00:00Z', '2026-W23'],
    ['weekly', '2026-05-31T23:59:59Z', '2026-W22'],
    // ISO 8601: the week of the first Thursday is the first, and may begin in the year before.
    ['weekly', '2025-12-29T00:00:00Z', '2026-W01'],
    ['weekly', '2026-01-04T12:00:00Z', '2026-W01'],
    ['weekly', '2026-01-05T00:00:00Z', '2026-W02'],
    ['weekly', '2021-01-03T12:00:00Z', '2020-W53'],
    ['weekly', '2021-01-04T00:00:00Z', '2021-W01'],
    ['weekly', '2024-12-30T00:00:00Z', '2025-W01'],
  ])('%s of %s is %s', (level, wall, period) => {
    expect(periodOf(level, at(wall))).toBe(period);
  });
});

describe('a span', () => {
  const none = { years: 0, months: 0, days: 0, hours: 0 };
  test.each([
    ['1y6m2w14d12h', { years: 1, months: 6, days: 28, hours: 12 }],
    ['3w', { ...none, days: 21 }],
    [' 48h ', { ...none, hours: 48 }],
    ['2y', { ...none, years: 2 }],
    ['10m', { ...none, months: 10 }],
    ['99999d', { ...none, days: 99_999 }],
    ['999999h', { ...none, hours: 999_999 }],
    ['', null],
    ['   ', null],
    ['14', null],
    ['12h1d', null],
    ['1d1d', null],
    ['1.5d', null],
    ['-1d', null],
    ['x1d', null],
    ['1dx', null],
    ['100000d', null],
    ['12345y', null],
    ['1 d', null],
  ])('%j is read as %j', (text, span) => {
    expect(parseSpan(text)).toEqual(span);
  });

  test.each([
    ['2026-03-31T12:00:00Z', '1m', '2026-03-03T12:00:00.000Z'],
    ['2024-02-29T12:00:00Z', '1y', '2023-03-01T12:00:00.000Z'],
    ['2026-06-15T12:30:00Z', '1y2m3d4h', '2025-04-12T08:30:00.000Z'],
    ['2026-01-01T00:00:00Z', '1w1h', '2025-12-24T23:00:00.000Z'],
  ])('before %s, %s long, begins at %s', (wall, span, begin) => {
    const read = parseSpan(span);
    expect(read && new Date(wallClockBefore(at(wall), read)).toISOString()).toBe(begin);
  });
});

test('a day begins at midnight, also before 1970', () => {
  expect(startOfDay(at('2026-06-01T23:59:59.999Z'))).toBe(at('2026-06-01T00:00:00Z'));
  expect(startOfDay(at('1969-12-31T23:00:00Z'))).toBe(at('1969-12-31T00:00:00Z'));
});

test('a time of day is counted from midnight', () => {
  expect(['00:00', '07:30', '23:59'].map(timeOfDayMs)).toEqual([0, 27_000_000, 86_340_000]);
});

test('the days of a week have their names', () => {
  const days = Array.from({ length: 7 }, (_, day) =>
    weekdayOf(at('2026-06-01T12:00:00Z') + day * 86_400_000),
  );
  expect(days).toEqual(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
});
