import { msPerDay, startOfDay, weekdays } from './calendar.ts';
import { timeAtWallClock, wallClock } from './wall-clock.ts';

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Words that mean a day. */
export const dayWords = ['today', 'yesterday', ...weekdays] as const;
type DayWord = (typeof dayWords)[number];

/** A time as it was written; what it is depends on when and where the search is run. */
export type SearchMoment =
  /** So long before now; `count` is at least 0. */
  | { readonly moment: 'ago'; readonly count: number; readonly unit: keyof typeof unitMs }
  /** The beginning of that day; a weekday is the last one, today included. */
  | { readonly moment: 'day'; readonly day: DayWord }
  /** On a clock in the time zone of the search: `2026-11-01`, `2026-11-01T09:30`. */
  | { readonly moment: 'local'; readonly text: string }
  /** With a zone of its own: `2026-11-01T09:30Z`. Milliseconds, UTC. */
  | { readonly moment: 'instant'; readonly at: number };

const clockPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** Null when it is no time. */
export function parseMoment(text: string): SearchMoment | null {
  const typed = text.toLowerCase();
  const day = dayWords.find((each) => each === typed || (typed.length === 3 && each.startsWith(typed)));
  if (day !== undefined) return { moment: 'day', day };
  const span = /^(\d{1,6}(?:\.\d{1,3})?)([smhdw])$/.exec(typed);
  if (span !== null) {
    return { moment: 'ago', count: Number(span[1]), unit: span[2] as keyof typeof unitMs };
  }
  const match = clockPattern.exec(text);
  if (match === null) return null;
  const [, year, month, date, hour = '00', minute = '00', second = '00', fraction = '0', zone] = match;
  const clock = `${year}-${month}-${date}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}`;
  const utc = Date.parse(`${clock}Z`);
  // JavaScript takes the 31st of a short month for the first of the next.
  if (Number.isNaN(utc) || !new Date(utc).toISOString().startsWith(`${year}-${month}-${date}`)) return null;
  if (zone === undefined) return { moment: 'local', text: text.toUpperCase() };
  const at = Date.parse(clock + zone.toUpperCase());
  // A zone may carry the first and the last day of four digits out of them, where it could not be printed.
  if (Number.isNaN(at) || !/^\d{4}-/.test(new Date(at).toISOString())) return null;
  return { moment: 'instant', at };
}

/** As `parseMoment` reads it. */
export function printMoment(moment: SearchMoment): string {
  switch (moment.moment) {
    case 'ago':
      return `${moment.count}${moment.unit}`;
    case 'day':
      return moment.day;
    case 'local':
      return moment.text;
    case 'instant':
      return new Date(moment.at).toISOString();
  }
}

/** Milliseconds, UTC. `timeZone` is an IANA name. */
export function resolveMoment(moment: SearchMoment, now: number, timeZone: string): number {
  switch (moment.moment) {
    case 'ago':
      return Math.max(0, Math.round(now - moment.count * unitMs[moment.unit]));
    case 'instant':
      return moment.at;
    case 'local':
      return timeAtWallClock(
        Date.parse(`${moment.text.length === 10 ? `${moment.text}T00:00` : moment.text}Z`),
        timeZone,
      );
    case 'day': {
      const clock = wallClock(now, timeZone);
      return timeAtWallClock(
        startOfDay(clock) - daysBack(moment.day, new Date(clock).getUTCDay()) * msPerDay,
        timeZone,
      );
    }
  }
}

function daysBack(day: DayWord, weekday: number): number {
  if (day === 'today') return 0;
  if (day === 'yesterday') return 1;
  return (weekday - weekdays.indexOf(day) + 7) % 7;
}
