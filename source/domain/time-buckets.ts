import { msPerDay, startOfDay } from './calendar.ts';
import type { Span } from './insight.ts';
import { timeAtWallClock, wallClock } from './wall-clock.ts';

const hourMs = 3_600_000;
const quarterMs = 900_000;

/**
 * Where the hours or days of a span begin in a time zone, oldest first. The
 * first begins with the span, so it and the last may be short. A day is a
 * date, whether it has 23, 24 or 25 hours; an hour that a clock shows twice
 * is two.
 *
 * @param timeZone IANA name
 */
export function bucketStartsOf(
  { since, until }: Span,
  bucket: 'hour' | 'day',
  timeZone: string,
): readonly number[] {
  const starts: number[] = [];
  for (let start = since; start < until; start = nextStart(start, bucket, timeZone)) starts.push(start);
  return starts;
}

/** When the hour or the day began that a time lies in. */
export function bucketStartOf(at: number, bucket: 'hour' | 'day', timeZone: string): number {
  if (bucket === 'day') return timeAtWallClock(startOfDay(wallClock(at, timeZone)), timeZone);
  const shown = wallClock(at, timeZone);
  return at - (((shown % hourMs) + hourMs) % hourMs);
}

function nextStart(start: number, bucket: 'hour' | 'day', timeZone: string): number {
  // Where a clock is moved by a part of an hour the next one is short; it is always later than `start`.
  if (bucket === 'hour') return bucketStartOf(start, bucket, timeZone) + hourMs;
  return timeAtWallClock(startOfDay(wallClock(start, timeZone)) + msPerDay, timeZone);
}

/**
 * The widest unit of time, counted from 1970 in UTC, that no bucket of the
 * zone cuts: counts by it add up to counts by bucket. Every zone of today is
 * whole quarters of an hour from UTC.
 */
export function unitOf(starts: readonly number[]): number {
  return starts.slice(1).every((start) => start % hourMs === 0) ? hourMs : quarterMs;
}

/** Which bucket a time lies in: the last that begins at or before it. */
export function bucketAt(starts: readonly number[], at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
