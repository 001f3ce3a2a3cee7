/** A moment as a clock on the wall shows it. */
export interface WallClock {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly weekday: Weekday;
  /** Since midnight, 0–1439. */
  readonly minutes: number;
}

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

const dayMs = 86_400_000;
const minuteMs = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the platform knows the zone; '' is the zone of this machine. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** @param timeZone an IANA name; '' is the zone of this machine */
export function wallClockAt(at: number, timeZone: string): WallClock {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)];
  return {
    year,
    month,
    day,
    weekday: weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? 'sunday',
    minutes: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/**
 * When that clock shows `minutes` on the day that lies `days` after the day of
 * `clock`. A time that a change of the clocks leaves out is taken an hour
 * later; one that comes twice is the first.
 */
export function timeAtWallClock(
  clock: Pick<WallClock, 'year' | 'month' | 'day'>,
  { days, minutes }: { readonly days: number; readonly minutes: number },
  timeZone: string,
): number {
  const wanted = Date.UTC(clock.year, clock.month - 1, clock.day) + days * dayMs + minutes * minuteMs;
  const guesses = [wanted - offsetMs(wanted - dayMs, timeZone), wanted - offsetMs(wanted + dayMs, timeZone)];
  const exact = guesses.filter((guess) => guess + offsetMs(guess, timeZone) === wanted);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...guesses);
}

/** How far that clock is ahead of UTC then. */
function offsetMs(at: number, timeZone: string): number {
  const { year, month, day, minutes } = wallClockAt(at, timeZone);
  const shown = Date.UTC(year, month - 1, day) + minutes * minuteMs;
  return shown - Math.floor(at / minuteMs) * minuteMs;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === '' ? {} : { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** "07:30" as minutes since midnight. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
