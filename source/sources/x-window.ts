import type { Cursor } from '../ports/source.ts';
import { idOfTime, timeOfId } from './x-post.ts';

/** Recent search reaches this far back. */
const reachMs = 7 * 86_400_000;
/** Air between what is asked for and the reach, for the time that a request takes. */
const marginMs = 60_000;
/** A span shorter than this is not worth a warning: it is what `--since 7d` asks for beyond the reach. */
const triflingMs = 2 * marginMs;
/** Where no id can say where the last window ended, time does; posts are searchable half a minute late. */
const overlapMs = 120_000;

/**
 * A stretch of time that is being read, newest first. Its lower end is
 * `sinceId` (or, when that is older than X accepts, `from`) and stays the same
 * while pages follow each other; `newestId` is the newest post of its *first*
 * page, from which the next window begins.
 *
 * The cursor holds the same: `sinceId` and `readUntil` alone after a window,
 * and the rest beside them in the midst of one.
 */
export interface Window {
  readonly query: string;
  readonly sinceId: string | null;
  /** Milliseconds UTC; null for all that X has. */
  readonly from: number | null;
  /** When its first request was made, milliseconds UTC. */
  readonly startedAt: number;
  readonly newestId: string | null;
  /** The oldest post read so far: below it the rest is to be found if `nextToken` fails. */
  readonly oldestId: string | null;
  readonly nextToken: string | null;
}

/** The window from the end of the last one (`position`), from `since`, or of all that X has, to now. */
export function beginWindow(
  position: Cursor | null,
  query: string,
  since: number | undefined,
  now: number,
): Window {
  const readUntil = numberOf(position?.readUntil);
  return {
    query,
    sinceId: idOf(position?.sinceId),
    from: readUntil === null ? (since ?? null) : readUntil - overlapMs,
    startedAt: now,
    newestId: null,
    oldestId: null,
    nextToken: null,
  };
}

/** The window that the last run did not finish; null when there is none. */
export function resumeWindow(cursor: Cursor | null): Window | null {
  const startedAt = numberOf(cursor?.startedAt);
  if (cursor === null || startedAt === null) return null;
  return {
    query: String(cursor.query),
    sinceId: idOf(cursor.sinceId),
    from: numberOf(cursor.from),
    startedAt,
    newestId: idOf(cursor.newestId),
    oldestId: idOf(cursor.oldestId),
    nextToken: typeof cursor.nextToken === 'string' ? cursor.nextToken : null,
  };
}

/** The cursor in the midst of a window. */
export function keepWindow(window: Window): Cursor {
  return { ...window };
}

/** The cursor after a window. */
export function endWindow(window: Window): Cursor {
  return {
    query: window.query,
    sinceId: window.newestId ?? window.sinceId,
    readUntil: window.startedAt,
  };
}

interface Plan {
  /** What the next request asks for; null when nothing of the window is left to read. */
  readonly parameters: Readonly<Record<string, string>> | null;
  /** What X no longer shows of the window, in words. */
  readonly lost: string | null;
  /** The window without what was lost. */
  readonly window: Window;
}

/** What to ask for next. X refuses ids and times older than its reach, and ids together with times. */
export function planRequest(window: Window, now: number): Plan {
  const horizon = now - reachMs + marginMs;
  const { sinceId, oldestId, nextToken } = window;
  const byId = sinceId !== null && timeOfId(sinceId) >= horizon;
  // A window of all that X has loses its end while it is read; that is news only after a pause.
  const from = window.from ?? window.startedAt - reachMs + marginMs;
  const unreadUntil = Math.min(horizon, oldestId === null ? Number.POSITIVE_INFINITY : timeOfId(oldestId));
  const isLost = !byId && unreadUntil - from > (window.from === null ? 30 * marginMs : triflingMs);
  const lost = isLost
    ? `X shows the last 7 days only: posts from ${minute(from)} to ${minute(unreadUntil)} UTC are lost`
    : null;
  const told = { ...window, from: isLost ? horizon : window.from, nextToken: isLost ? null : nextToken };
  const lower = byId ? { since_id: sinceId } : null;
  if (told.nextToken !== null) {
    const start = lower ?? timeParameter(window.from, horizon);
    return { parameters: { ...start, next_token: told.nextToken }, lost, window: told };
  }
  if (oldestId !== null) {
    if (timeOfId(oldestId) <= horizon) return { parameters: null, lost, window: told };
    const since = lower ?? { since_id: idOfTime(Math.max(told.from ?? horizon, horizon)) };
    return { parameters: { ...since, until_id: oldestId }, lost, window: told };
  }
  return { parameters: lower ?? timeParameter(told.from, horizon), lost, window: told };
}

function timeParameter(from: number | null, horizon: number): Readonly<Record<string, string>> {
  // Seconds are as fine as the API reads.
  const at = from === null ? null : new Date(Math.floor(Math.max(from, horizon) / 1000) * 1000);
  return at === null ? {} : { start_time: at.toISOString().replace('.000Z', 'Z') };
}

/** "2026-01-15 12:00" */
function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) ? value : null;
}
