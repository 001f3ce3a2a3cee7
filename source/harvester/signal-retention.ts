import type { Condition } from '../domain/search-condition.ts';
import type { SignalStatus } from '../domain/signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { SignalFilter } from '../ports/desk-store.ts';
import type { SnapshotArchive } from '../ports/snapshots.ts';
import type { Store } from '../ports/store.ts';
import type { ExpiredFilter } from '../ports/store-care.ts';
import type { Watch } from './harvester.ts';
import { matchingSignals, type ReadQuery } from './matching-signals.ts';

/** Signals that have had their time. Empty lists mean any. */
export interface SignalRule {
  readonly statuses: readonly SignalStatus[];
  readonly categories: readonly string[];
  readonly sources: readonly string[];
  /** In the language of docs/search.md; empty means any. */
  readonly search: string;
  /** Days since the newest post of the signal was written. */
  readonly olderThanDays: number;
}

export interface SignalPlan {
  /** Each rule of the configuration with how many signals it names now; one may be named by several. */
  readonly rules: readonly { readonly rule: SignalRule; readonly signals: number }[];
  /** Signals that any rule names. */
  readonly signals: number;
}

export interface SignalRetentionProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

export interface SignalRemovalReport {
  readonly signals: number;
  readonly posts: number;
  /** Size of the store on disk before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Free inside the file, for what comes next. */
  readonly bytesReusable: number;
  /** The snapshot that was made first; null when there was nothing to remove or none is wanted. */
  readonly snapshot: string | null;
  /** The longest that the store was held at a time, in milliseconds. */
  readonly longestBatchMs: number;
  readonly interrupted: boolean;
}

/** Both reject with UserError `bad-search` and `too-common` for the search of a rule. */
export interface SignalRetention {
  planSignals(): Promise<SignalPlan>;
  /** Removes what the plan names, a little at a time; an abort ends it between two steps. `compact` rewrites the file afterwards. */
  applySignals(
    options: { readonly compact: boolean },
    watch?: Watch<SignalRetentionProgress>,
  ): Promise<SignalRemovalReport>;
}

export interface SignalRetentionParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly read: ReadQuery;
  readonly rules: readonly SignalRule[];
  readonly archive: SnapshotArchive;
  readonly automatic: boolean;
}

const msPerDay = 86_400_000;
/** What one step should take at most; the number of signals in it follows from how long the last one took. */
const aimMs = 10;
const mostPerStep = 50;
const pagesPerStep = 500;
const searchPageSize = 500;

export function createSignalRetention(parts: SignalRetentionParts): SignalRetention {
  const { store, rules } = parts;
  return {
    planSignals: async () => {
      const named = new Set<number>();
      const counted = [];
      for (const rule of rules) {
        const { ids } = await expiredBy(parts, rule);
        for (const id of ids) named.add(id);
        counted.push({ rule, signals: ids.length });
      }
      return { rules: counted, signals: named.size };
    },
    applySignals: async ({ compact }, watch) => {
      const expired = [];
      for (const rule of rules) expired.push(await expiredBy(parts, rule));
      const total = expired.reduce((sum, { ids }) => sum + ids.length, 0);
      const bytesBefore = (await store.size()).bytes;
      const snapshot = total > 0 && parts.automatic ? await makeSnapshot(parts, watch) : null;
      const removed = { signals: 0, posts: 0, longestBatchMs: 0 };
      for (const each of expired) await removeInSteps(parts, { ...each, removed, total, watch });
      const bytesReusable = await giveBack(store, compact && removed.signals > 0, watch);
      return {
        ...removed,
        bytesBefore,
        bytesAfter: (await store.size()).bytes,
        bytesReusable,
        snapshot,
        interrupted: watch?.signal?.aborted ?? false,
      };
    },
  };
}

/** What a rule names, and how that is asked again: `filter` within the removing transaction, `search` just before it. */
interface Expired {
  readonly ids: readonly number[];
  readonly filter: ExpiredFilter;
  readonly search: Condition | null;
}

async function expiredBy({ store, clock, read }: SignalRetentionParts, rule: SignalRule): Promise<Expired> {
  const filter = filterOf(rule, clock.now());
  const ids = await store.expiredSignals(filter);
  if (rule.search === '') return { ids, filter, search: null };
  const { search = null } = (await read({ search: rule.search })).filter;
  return { ids: search === null ? ids : await meeting(store, search, filter, ids), filter, search };
}

/** Those of `ids` that the search finds, in their order. */
async function meeting(
  store: Store,
  search: Condition,
  filter: SignalFilter,
  ids: readonly number[],
): Promise<readonly number[]> {
  const found = new Set<number>();
  const { statuses, categories, sources } = filter;
  const among = {
    ...(statuses && { statuses }),
    ...(categories && { categories }),
    ...(sources && { sources }),
  };
  for await (const page of matchingSignals(store, { ...among, search }, searchPageSize))
    for (const id of page) found.add(id);
  return ids.filter((id) => found.has(id));
}

function filterOf({ statuses, categories, sources, olderThanDays }: SignalRule, now: number): ExpiredFilter {
  return {
    statuses,
    ...(categories.length > 0 && { categories }),
    ...(sources.length > 0 && { sources }),
    lastSeenBefore: now - olderThanDays * msPerDay,
  };
}

async function makeSnapshot(
  { archive }: SignalRetentionParts,
  watch: Watch<SignalRetentionProgress> | undefined,
): Promise<string> {
  return (await archive.create({ reason: 'before-retention' }, watch)).snapshot.id;
}

/** Small transactions with a turn of the event loop between them: nobody waits long, here or in another process. */
async function removeInSteps(
  { store, clock }: SignalRetentionParts,
  {
    filter,
    ids,
    search,
    removed,
    total,
    watch,
  }: Expired & {
    readonly removed: { signals: number; posts: number; longestBatchMs: number };
    readonly total: number;
    readonly watch: Watch<SignalRetentionProgress> | undefined;
  },
): Promise<void> {
  let size = 25;
  for (let start = 0; start < ids.length && !watch?.signal?.aborted; ) {
    const named = ids.slice(start, start + size);
    const slice =
      search === null
        ? named
        : await meeting(
            store,
            { condition: 'all', of: [{ condition: 'ids', ids: named }, search] },
            filter,
            named,
          );
    const { signals, posts, heldMs } = await store.removeSignals(slice, filter, clock.now());
    start += size;
    removed.signals += signals;
    removed.posts += posts;
    removed.longestBatchMs = Math.max(removed.longestBatchMs, heldMs);
    if (heldMs > aimMs) size = Math.max(1, Math.floor(size / 2));
    else if (heldMs < aimMs / 2) size = Math.min(mostPerStep, Math.ceil(size * 1.5));
    watch?.onProgress?.({ step: 'removing signals', done: removed.signals, total });
    await new Promise(setImmediate);
  }
}

/** Free space goes back to the disk in small steps where the store was made for that, else only when it is rewritten. */
async function giveBack(
  store: Store,
  compact: boolean,
  watch: Watch<SignalRetentionProgress> | undefined,
): Promise<number> {
  let { leftBytes, inSteps } = await store.reclaim(pagesPerStep);
  const total = leftBytes;
  while (inSteps && leftBytes > 0 && !watch?.signal?.aborted) {
    const before = leftBytes;
    ({ leftBytes, inSteps } = await store.reclaim(pagesPerStep));
    if (leftBytes >= before) break;
    watch?.onProgress?.({ step: 'giving space back', done: total - leftBytes, total });
    await new Promise(setImmediate);
  }
  if (!compact || inSteps || leftBytes === 0) return leftBytes;
  watch?.onProgress?.({ step: 'rewriting the store', done: 0, total: null });
  await store.compact();
  return (await store.reclaim(1)).leftBytes;
}
