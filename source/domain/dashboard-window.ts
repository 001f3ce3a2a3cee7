import type { Span } from './insight.ts';
import { bucketStartOf } from './time-buckets.ts';
import { timeAtWallClock, wallClockAt } from './zoned-time.ts';

/** How much time the dashboard shows, shortest first. */
export const dashboardWindows = [
  { id: '24h', name: '24 hours', bucket: 'hour', buckets: 24 },
  { id: '7d', name: '7 days', bucket: 'hour', days: 7 },
  { id: '30d', name: '30 days', bucket: 'day', days: 30 },
  { id: '90d', name: '90 days', bucket: 'day', days: 90 },
] as const;

export type DashboardWindow = (typeof dashboardWindows)[number];

const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * The span of a window that ends at a time: it begins with a whole hour or a
 * whole day of the zone, so the last bucket may be short, never the first.
 */
export function spanOfWindow(window: DashboardWindow, endsAt: number, timeZone: string): Span {
  const until = Math.ceil(endsAt / minuteMs) * minuteMs;
  if ('buckets' in window) {
    const since = bucketStartOf(until - 1, 'hour', timeZone) - (window.buckets - 1) * hourMs;
    return { since: Math.max(0, since), until };
  }
  const last = wallClockAt(until - 1, timeZone);
  const since = timeAtWallClock(last, { days: 1 - window.days, minutes: 0 }, timeZone);
  return { since: Math.max(0, since), until };
}

/** When the window after this span ends: as long again, at a whole hour or day. */
export function endOfNext(window: DashboardWindow, { until }: Span, timeZone: string): number {
  if ('buckets' in window) return until + window.buckets * hourMs;
  return timeAtWallClock(wallClockAt(until, timeZone), { days: window.days, minutes: 0 }, timeZone);
}
