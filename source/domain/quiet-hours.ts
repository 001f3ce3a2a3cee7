import { minutesOf, timeAtWallClock, type Weekday, wallClockAt } from './zoned-time.ts';

/** A stretch of the day in which nobody is to be told. `to` at or before `from` is on the next day. */
export interface QuietHours {
  /** "22:00". */
  readonly from: string;
  readonly to: string;
  /** Days on which it begins. */
  readonly weekdays: readonly Weekday[];
}

const dayMinutes = 24 * 60;
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
  const clock = wallClockAt(at, timeZone);
  const ends = hours.flatMap(({ from, to, weekdays }) =>
    [0, -1].flatMap((days) => {
      const [first, last] = [minutesOf(from), minutesOf(to)];
      const begin = timeAtWallClock(clock, { days, minutes: first }, timeZone);
      const { weekday } = wallClockAt(begin, timeZone);
      if (!weekdays.includes(weekday)) return [];
      const minutes = last > first ? last : last + dayMinutes;
      const end = timeAtWallClock(clock, { days, minutes }, timeZone);
      return begin <= at && at < end ? [end] : [];
    }),
  );
  return ends.length === 0 ? null : Math.max(...ends);
}
