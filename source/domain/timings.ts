/**
 * How often something was done and how long it took, small enough to keep,
 * to send and to add up: a histogram over fixed bounds.
 */
export interface Timing {
  readonly name: string;
  readonly count: number;
  readonly sumMs: number;
  /** The longest, in milliseconds; of a difference the bound below which it lay. */
  readonly maxMs: number;
  /** How many lie in each bucket that is not empty, by its upper bound in milliseconds; null: above the last bound. Ascending. */
  readonly buckets: readonly (readonly [upToMs: number | null, count: number])[];
}

/** Batches of the stages of the pipeline, and queries of the store. */
export const timingKinds = ['stages', 'queries'] as const;
export type TimingKind = (typeof timingKinds)[number];
export type TimingSet = Readonly<Record<TimingKind, readonly Timing[]>>;

/** What a person reads of a timing, in milliseconds. */
export interface TimingSummary {
  readonly name: string;
  readonly count: number;
  readonly sumMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Ten bounds a decade (Renard's series R10): round numbers, no two neighbours further apart than 1.28 times. */
const steps = [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8];
const leastExponent = -2;
const mostExponent = 5;
const bounds: readonly number[] = Array.from(
  { length: (mostExponent - leastExponent + 1) * steps.length },
  (_, index) => {
    const exponent = leastExponent + Math.floor(index / steps.length);
    return Number(`${steps[index % steps.length]}e${exponent}`);
  },
);

interface Tally {
  readonly counts: Uint32Array;
  sumMs: number;
  maxMs: number;
}

/** Counts what is timed in this thread. Recording takes well below a microsecond. */
export class TimingBook {
  readonly #tallies = { stages: new Map<string, Tally>(), queries: new Map<string, Tally>() };

  /** `name` is one of few: every name is kept for good. */
  record(kind: TimingKind, name: string, ms: number): void {
    const tallies = this.#tallies[kind];
    let tally = tallies.get(name);
    if (tally === undefined) {
      tally = { counts: new Uint32Array(bounds.length + 1), sumMs: 0, maxMs: 0 };
      tallies.set(name, tally);
    }
    const bucket = bucketOf(ms);
    tally.counts[bucket] = (tally.counts[bucket] ?? 0) + 1;
    tally.sumMs += ms;
    if (ms > tally.maxMs) tally.maxMs = ms;
  }

  read(): TimingSet {
    return { stages: timingsOf(this.#tallies.stages), queries: timingsOf(this.#tallies.queries) };
  }
}

/** The first bucket whose bound is not below `ms`. */
function bucketOf(ms: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function timingsOf(tallies: ReadonlyMap<string, Tally>): readonly Timing[] {
  return [...tallies].map(([name, { counts, sumMs, maxMs }]) =>
    timing(
      name,
      Array.from(counts, (count, bucket) => [bounds[bucket] ?? null, count] as const),
      sumMs,
      maxMs,
    ),
  );
}

function timing(name: string, buckets: Timing['buckets'], sumMs: number, maxMs: number): Timing {
  const filled = buckets.filter(([, count]) => count > 0);
  const count = filled.reduce((total, [, each]) => total + each, 0);
  return { name, count, sumMs: roundMs(sumMs), maxMs: roundMs(maxMs), buckets: filled };
}

/** Whole microseconds: what is below is noise, and long to write down. */
function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Several books as one. The order of names is that of their first appearance. */
export function mergeTimings(sets: readonly TimingSet[]): TimingSet {
  return {
    stages: mergeKind(sets.map(({ stages }) => stages)),
    queries: mergeKind(sets.map(({ queries }) => queries)),
  };
}

function mergeKind(lists: readonly (readonly Timing[])[]): readonly Timing[] {
  return [...Map.groupBy(lists.flat(), ({ name }) => name)].map(([name, same]) => {
    const counts = new Map<number | null, number>();
    for (const [upToMs, count] of same.flatMap(({ buckets }) => buckets)) {
      counts.set(upToMs, (counts.get(upToMs) ?? 0) + count);
    }
    const buckets = [...counts].sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity));
    const sumMs = same.reduce((total, each) => total + each.sumMs, 0);
    return timing(name, buckets, sumMs, Math.max(...same.map(({ maxMs }) => maxMs)));
  });
}

/** What came to one book between two readings of it; names to which nothing came are left out. */
export function timingsSince(later: TimingSet, earlier: TimingSet): TimingSet {
  return {
    stages: subtract(later.stages, earlier.stages),
    queries: subtract(later.queries, earlier.queries),
  };
}

function subtract(later: readonly Timing[], earlier: readonly Timing[]): readonly Timing[] {
  const before = new Map(earlier.map((each) => [each.name, each]));
  return later
    .map((now) => {
      const old = before.get(now.name);
      if (old === undefined) return now;
      const known = new Map(old.buckets);
      const buckets = now.buckets
        .map(([upToMs, count]) => [upToMs, count - (known.get(upToMs) ?? 0)] as const)
        .filter(([, count]) => count > 0);
      const maxMs = Math.min(now.maxMs, buckets.at(-1)?.[0] ?? now.maxMs);
      return timing(now.name, buckets, Math.max(0, now.sumMs - old.sumMs), maxMs);
    })
    .filter(({ count }) => count > 0);
}

/**
 * The time that a share of all did not exceed (`share` 0.5 is the median), by
 * interpolation within its bucket: off by 28% at most from 0.01 ms to 13 minutes.
 * 0 of nothing.
 */
export function quantileMs({ buckets, count, maxMs }: Timing, share: number): number {
  const rank = Math.max(1, Math.ceil(share * count));
  let below = 0;
  for (const [upToMs, inBucket] of buckets) {
    if (below + inBucket >= rank) {
      const upper = upToMs ?? maxMs;
      const lower = bounds.findLast((bound) => bound < upper) ?? 0;
      return Math.min(maxMs, lower + (upper - lower) * ((rank - below) / inBucket));
    }
    below += inBucket;
  }
  return 0;
}

/** How many took at most `boundMs`, which must be a bound of the series. */
export function countUpTo({ buckets }: Timing, boundMs: number): number {
  return buckets
    .filter(([upToMs]) => upToMs !== null && upToMs <= boundMs)
    .reduce((total, [, count]) => total + count, 0);
}

export function summarizeTiming(timing: Timing): TimingSummary {
  const { name, count, sumMs, maxMs } = timing;
  const at = (share: number) => roundMs(quantileMs(timing, share));
  return { name, count, sumMs, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs };
}

/** Those on which most time was spent, most first. */
export function heaviest(timings: readonly Timing[], most: number): readonly Timing[] {
  return timings.toSorted((a, b) => b.sumMs - a.sumMs).slice(0, most);
}
