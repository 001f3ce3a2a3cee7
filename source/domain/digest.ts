import { msPerDay, startOfDay, timeOfDayMs, weekdayOf, weekdays } from './calendar.ts';
import type { DigestSchedule } from './rules.ts';
import { timeAtWallClock, wallClock } from './wall-clock.ts';

/** The last moment at or before `now` at which a digest was due. Milliseconds, UTC. */
export function lastDueAt({ every, at, weekday }: DigestSchedule, now: number, timeZone: string): number {
  const wall = wallClock(now, timeZone);
  const sinceDay =
    every === 'daily' ? 0 : (weekdays.indexOf(weekdayOf(wall)) - weekdays.indexOf(weekday) + 7) % 7;
  const latest = startOfDay(wall) - sinceDay * msPerDay + timeOfDayMs(at);
  const due = timeAtWallClock(latest, timeZone);
  return due <= now ? due : timeAtWallClock(latest - (every === 'daily' ? 1 : 7) * msPerDay, timeZone);
}

/** A signal as a digest lists it. */
export interface DigestLine {
  readonly id: number;
  readonly category: string;
  readonly salience: number;
  readonly source: string;
  readonly headline: string;
  readonly echoes: number;
  readonly url: string | null;
}

export interface DigestGroup {
  readonly category: string;
  readonly count: number;
  /** Signals that matched in the period before this one, and in this one. */
  readonly before: number;
  readonly now: number;
  /** Most salient first; not all of them. */
  readonly top: readonly DigestLine[];
}

/** What a digest says. */
export interface Digest {
  readonly every: DigestSchedule['every'];
  /** When it was due; milliseconds, UTC. */
  readonly dueAt: number;
  readonly total: number;
  /** Largest first. */
  readonly groups: readonly DigestGroup[];
}

const mostLines = 5;

/** Groups what was not told yet by category. `trend` counts what matched in this period and in the one before. */
export function groupDigest(
  lines: readonly DigestLine[],
  trend: ReadonlyMap<string, { readonly before: number; readonly now: number }>,
): readonly DigestGroup[] {
  return [...Map.groupBy(lines, ({ category }) => category)]
    .map(([category, group]) => ({
      category,
      count: group.length,
      ...(trend.get(category) ?? { before: 0, now: group.length }),
      top: group.toSorted((a, b) => b.salience - a.salience).slice(0, mostLines),
    }))
    .toSorted((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1));
}

/** "40 written this day, 33 the day before": of all that matches, told or not. */
export function describeTrend(
  { before, now }: Pick<DigestGroup, 'before' | 'now'>,
  every: DigestSchedule['every'],
): string {
  const period = every === 'daily' ? 'day' : 'week';
  return `${now} written this ${period}, ${before} the ${period} before`;
}
