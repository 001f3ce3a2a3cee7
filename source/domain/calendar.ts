/**
 * Calendar time on a wall clock (`wall-clock.ts`): what an hour, a day or a week is. Pure.
 *
 * Where clocks are set back, the hour that happens twice is one hour; where
 * they are set forward, the hour that does not happen holds nothing. A day is
 * a date, whether it has 23, 24 or 25 hours. Weeks begin on Monday (ISO 8601).
 */
export const calendarLevels = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type CalendarLevel = (typeof calendarLevels)[number];

export const weekdays = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof weekdays)[number];

export const msPerDay = 86_400_000;

/** Midnight of the day that a wall clock shows. */
export function startOfDay(wall: number): number {
  return Math.floor(wall / msPerDay) * msPerDay;
}

export function weekdayOf(wall: number): Weekday {
  return weekdays[new Date(wall).getUTCDay()] ?? 'sunday';
}

/** "07:30" as milliseconds since midnight. */
export function timeOfDayMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** The name of the hour, day, week, month or year that a wall clock shows. */
export function periodOf(level: CalendarLevel, wall: number): string {
  const text = new Date(wall).toISOString();
  switch (level) {
    case 'hourly':
      return text.slice(0, 13);
    case 'daily':
      return text.slice(0, 10);
    case 'weekly':
      return isoWeek(wall);
    case 'monthly':
      return text.slice(0, 7);
    case 'yearly':
      return text.slice(0, 4);
  }
}

/** ISO 8601: a week belongs to the year that its Thursday is in. */
function isoWeek(wall: number): string {
  const weekday = (new Date(wall).getUTCDay() + 6) % 7;
  const thursday = new Date(startOfDay(wall) + (3 - weekday) * msPerDay);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / msPerDay / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** A stretch of calendar time: years and months are as long as they happen to be. */
export interface CalendarSpan {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
}

/** Reads "1y6m14d12h": years, months, weeks, days and hours, each at most once and in this order; null for anything else. */
export function parseSpan(text: string): CalendarSpan | null {
  const match = /^(?:(\d{1,4})y)?(?:(\d{1,4})m)?(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?$/.exec(
    text.trim(),
  );
  if (match === null || text.trim() === '') return null;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return { years, months, days: days + weeks * 7, hours };
}

/** So long before a wall clock. A day that a month does not have runs over into the next month. */
export function wallClockBefore(wall: number, { years, months, days, hours }: CalendarSpan): number {
  const date = new Date(wall);
  date.setUTCFullYear(date.getUTCFullYear() - years, date.getUTCMonth() - months, date.getUTCDate() - days);
  return date.getTime() - hours * 3_600_000;
}
