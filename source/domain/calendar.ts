/**
 * Local calendar time without a library: what an hour, a day or a week is in a
 * named time zone (IANA), through the engine's own tables. Pure.
 *
 * Where clocks are set back, the hour that happens twice is one hour; where
 * they are set forward, the hour that does not happen holds nothing. A day is
 * a date, whether it has 23, 24 or 25 hours. Weeks begin on Monday (ISO 8601).
 */
export const calendarLevels = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export type CalendarLevel = (typeof calendarLevels)[number];

const msPerDay = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a zone at a time (ms UTC), as if it were UTC: its UTC fields are the local ones. */
export function wallClock(at: number, timeZone: string): number {
  if (timeZone === 'UTC') return at;
  const fields: Record<string, number> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(at)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, second, ((at % 1000) + 1000) % 1000);
}

export function isTimeZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
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
  const thursday = new Date(Math.floor(wall / msPerDay) * msPerDay + (3 - weekday) * msPerDay);
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

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
