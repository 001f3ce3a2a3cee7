import { msPerDay, startOfDay, timeOfDayMs, type Weekday, weekdayOf } from './calendar.ts';
import { timeAtWallClock, wallClock } from './wall-clock.ts';

/** A stretch of the day in which nobody is to be told. `to` at or before `from` is on the next day. */
export interface QuietHours {
  /** "22:00". */
  readonly from: string;
  readonly to: string;
  /** Days on which it begins. */
  readonly weekdays: readonly Weekday[];
}

/** Stretches that touch make one; two weeks of them have no end that anybody meant. */
const mostStretches = 14;

/** When the quiet around `at` ends; null when it is not quiet. Milliseconds, UTC. */
export function quietUntil(at: number, hours: readonly QuietHours[], timeZone: string): number | null {
  let end: number | null = null;
  for (let step = 0; step < mostStretches; step += 1) {
    const next = endOfStretch(end ?? at, hours, timeZone);
    if (next === null) return end;
    end = next;
  }
  return end;
}

function endOfStretch(at: number, hours: readonly QuietHours[], timeZone: string): number | null {
  const today = startOfDay(wallClock(at, timeZone));
  const ends = hours.flatMap(({ from, to, weekdays }) =>
    [today, today - msPerDay].flatMap((day) => {
      const [first, last] = [timeOfDayMs(from), timeOfDayMs(to)];
      const begin = timeAtWallClock(day + first, timeZone);
      if (!weekdays.includes(weekdayOf(wallClock(begin, timeZone)))) return [];
      const end = timeAtWallClock(day + (last > first ? last : last + msPerDay), timeZone);
      return begin <= at && at < end ? [end] : [];
    }),
  );
  return ends.length === 0 ? null : Math.max(...ends);
}
