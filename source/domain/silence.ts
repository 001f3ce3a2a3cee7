/** What a source used to yield, and when it last did. */
export interface YieldHistory {
  /** New posts of each of the last days, today left out, oldest first; days without a run are left out. */
  readonly daily: readonly number[];
  /** When the newest new post arrived; null when there never was one. Milliseconds, UTC. */
  readonly lastPostAt: number | null;
}

export interface Silence {
  readonly silentHours: number;
  readonly usualPerDay: number;
}

const hourMs = 3_600_000;
/** Fewer days say nothing of what is usual. */
const leastDays = 3;
/** A source may pause for a night whatever it usually does. */
const leastHours = 24;
/** So many times its usual pause is more than chance. */
const pauses = 6;

/** New posts a day, the median of the days on which it was asked; null when too few to tell. */
export function usualPerDay({ daily }: YieldHistory): number | null {
  if (daily.length < leastDays) return null;
  const sorted = daily.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/**
 * Whether a source that used to yield has gone silent: zero results look like
 * success, and are how a broken source looks most of the time. Null while all
 * is as usual, or nothing is known.
 */
export function findSilence(history: YieldHistory, now: number): Silence | null {
  const usual = usualPerDay(history);
  if (usual === null || history.lastPostAt === null) return null;
  const silentHours = (now - history.lastPostAt) / hourMs;
  return silentHours > Math.max(leastHours, (24 / usual) * pauses)
    ? { silentHours, usualPerDay: usual }
    : null;
}

/** "silent for 26 h, usually 40 posts a day" */
export function describeSilence({ silentHours, usualPerDay: usual }: Silence): string {
  const hours = Math.round(silentHours);
  const long = hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
  const posts = Math.round(usual);
  return `silent for ${long}, usually ${posts < 1 ? 'a post every few days' : `${posts} ${posts === 1 ? 'post' : 'posts'} a day`}`;
}
