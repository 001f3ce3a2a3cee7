import type { Cursor, FetchOptions } from '../ports/source.ts';

/** How far one list of a source is read. Times are seconds since 1970, UTC, as services count them. */
export interface Lane {
  /** Everything older is stored; what was written in this second may come again. */
  readonly until: number;
  /** Page of the list that begins at `until`; beyond 1 only where one second fills whole pages. */
  readonly page: number;
  /** False after a run that was stopped: the next goes on exactly there, without looking back. */
  readonly complete: boolean;
}

const secondsPerDay = 86_400;

/**
 * The lanes of a source by name, from its cursor. A cursor with another `key`
 * (a changed query) says nothing, and a lane that is new begins at `first`.
 * Their order is the one to read them in: it begins where the last run
 * stopped, so that runs which are always cut short still get to every lane.
 */
export function readLanes(
  cursor: Cursor | null,
  key: string,
  names: readonly string[],
  first: number,
): Map<string, Lane> {
  const known = cursor?.key === key ? cursor : {};
  const next = Math.max(0, names.indexOf(String(known.next)));
  return new Map(
    [...names.slice(next), ...names.slice(0, next)].map((name) => {
      const until = known[`${name}.until`];
      if (typeof until !== 'number') return [name, { until: first, page: 1, complete: false }];
      const page = Number(known[`${name}.page`] ?? 1);
      return [name, { until, page, complete: known[`${name}.complete`] === true }];
    }),
  );
}

/** The cursor that `readLanes` reads, after a page of the lane `name`: flat, as cursors are. */
export function writeLanes(key: string, lanes: ReadonlyMap<string, Lane>, name: string): Cursor {
  const names = [...lanes.keys()];
  const following = names[(names.indexOf(name) + 1) % names.length] ?? name;
  const cursor: Record<string, string | number | boolean> = {
    key,
    next: lanes.get(name)?.complete === true ? following : name,
  };
  for (const [laneName, lane] of lanes) {
    cursor[`${laneName}.until`] = lane.until;
    if (lane.page > 1) cursor[`${laneName}.page`] = lane.page;
    cursor[`${laneName}.complete`] = lane.complete;
  }
  return cursor;
}

/** Where a first fetch begins, in seconds: at `since` for a backfill, else some days before now. */
export function firstSecond(request: FetchOptions, now: number, backfillDays: number): number {
  const since = request.since ?? now - backfillDays * secondsPerDay * 1000;
  return Math.max(0, Math.floor(since / 1000));
}

/** Where a lane is read from: a little before its end after a whole run, exactly there after a stopped one. */
export function laneStart(lane: Lane, overlapSeconds: number): number {
  return Math.max(0, lane.until - (lane.complete ? overlapSeconds : 0));
}
