import type { PostDraft } from '../domain/post.ts';
import type { Cursor } from '../ports/source.ts';

/**
 * How far a list is read whose newest item comes first. Times are milliseconds UTC.
 *
 * A walk goes from the newest item down to `until`. Only when it has got there
 * does `until` move up to `top`, the newest item of its first page; a walk that
 * was stopped keeps `next` and goes on there.
 */
export interface Walk {
  readonly until: number;
  /** False while a walk is under way, and before the first. */
  readonly complete: boolean;
  readonly top: number | null;
  /** Where the list goes on, in the words of the service. */
  readonly next: string | null;
  /** Items that the service has listed during this walk. */
  readonly listed: number;
}

export interface ListPage {
  /** What can be read of the page, newest first. */
  readonly posts: readonly PostDraft[];
  /** Items on the page, broken ones too. */
  readonly listed: number;
  readonly next: string | null;
  readonly warnings: readonly string[];
}

export interface NewestFirstList {
  /** The page at `next`, or the first; items before `from` are of no use. */
  read(next: string | null, from: number): Promise<ListPage>;
  /** How far a walk looks back beyond `until`, for items that appear late. */
  readonly overlapMs: number;
  /** True where `next` names an item: when that has vanished, the list seems to end there. */
  readonly anchored?: boolean;
  /** A list that ends early after this many items was cut off by the service. */
  readonly cap: number;
}

export interface WalkPage {
  readonly posts: readonly PostDraft[];
  readonly walk: Walk;
  readonly warnings: readonly string[];
}

/**
 * The walks of a source by name, from its cursor; one that the cursor does not
 * know begins at `first`. In the order in which they are to be read: the one
 * that was stopped, else the one after the last that was read, so that runs
 * which are always stopped come to every list.
 */
export function readWalks(
  cursor: Cursor | null,
  key: string,
  names: readonly string[],
  first: number,
): Map<string, Walk> {
  const known = cursor?.key === key ? cursor : {};
  const numberAt = (name: string) => {
    const value = known[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const lastAt = names.indexOf(String(known.last));
  const turn = lastAt === -1 ? 0 : known[`${known.last}.complete`] === true ? lastAt + 1 : lastAt;
  return new Map(
    [...names.slice(turn), ...names.slice(0, turn)].map((name) => {
      const next = known[`${name}.next`];
      const walk = {
        until: numberAt(`${name}.until`) ?? first,
        complete: known[`${name}.complete`] === true,
        top: numberAt(`${name}.top`),
        next: typeof next === 'string' ? next : null,
        listed: numberAt(`${name}.listed`) ?? 0,
      };
      return [name, walk];
    }),
  );
}

/** The cursor that `readWalks` reads: flat, as cursors are. `last` is the walk that was read last. */
export function writeWalks(key: string, walks: ReadonlyMap<string, Walk>, last?: string): Cursor {
  const cursor: Record<string, string | number | boolean> = { key, ...(last !== undefined && { last }) };
  for (const [name, { until, complete, top, next, listed }] of walks) {
    cursor[`${name}.until`] = until;
    cursor[`${name}.complete`] = complete;
    if (complete) continue;
    if (top !== null) cursor[`${name}.top`] = top;
    if (next !== null) cursor[`${name}.next`] = next;
    cursor[`${name}.listed`] = listed;
  }
  return cursor;
}

/**
 * Walks a list down to where the last walk began. A walk that was stopped is
 * walked to its end first, then what was written since. A list that the
 * service cuts off before that is told as a gap.
 */
export async function* walkNewestFirst(list: NewestFirstList, start: Walk): AsyncIterable<WalkPage> {
  let last = start;
  for await (const page of walkDown(list, start)) {
    yield page;
    last = page.walk;
  }
  if (start.next !== null && last.complete) yield* walkDown(list, last);
}

async function* walkDown(list: NewestFirstList, start: Walk): AsyncIterable<WalkPage> {
  const from = start.until - (start.complete ? list.overlapMs : 0);
  let { top, next, listed } = start.complete ? { top: null, next: null, listed: 0 } : start;
  let isResumed = next !== null;
  let oldest = Number.POSITIVE_INFINITY;
  for (;;) {
    const page = await list.read(next, from);
    if (list.anchored && isResumed && page.listed === 0 && page.next === null) {
      // The place where the last run stopped is gone: begin again at the top.
      [top, next, listed, isResumed] = [null, null, 0, false];
      continue;
    }
    isResumed = false;
    listed += page.listed;
    const dates = page.posts.flatMap(({ createdAt }) => createdAt ?? []);
    oldest = Math.min(oldest, ...dates);
    top ??= dates.length > 0 ? Math.max(...dates) : null;
    const repeats = page.next !== null && page.next === next;
    const hasArrived = (dates.at(-1) ?? Number.POSITIVE_INFINITY) < from;
    const isDone = hasArrived || page.next === null || repeats;
    const warnings = [...page.warnings];
    if (isDone && !hasArrived && (repeats || listed >= list.cap)) warnings.push(cutOff(from, oldest));
    next = page.next;
    const walk = isDone
      ? { until: Math.max(top ?? from, start.until), complete: true, top: null, next: null, listed: 0 }
      : { until: from, complete: false, top, next, listed };
    const posts = page.posts.filter(({ createdAt }) => createdAt === null || createdAt >= from);
    yield { posts, walk, warnings };
    if (isDone) return;
  }
}

function cutOff(from: number, oldest: number): string {
  const minute = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const until = Number.isFinite(oldest) ? ` to ${minute(oldest)}` : '';
  return `the service lists no more than this: posts from ${minute(from)}${until} UTC may be missing`;
}
