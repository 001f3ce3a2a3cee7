import { usualPerDay } from '../domain/silence.ts';
import { SpendMeter } from '../domain/spend.ts';
import type { SourceRecord } from '../ports/desk-store.ts';
import type { Source } from '../ports/source.ts';
import type { Harvester } from './harvester.ts';
import { chooseSources, knownSources, type SourceParts } from './sources.ts';

/** What a run would read from one metered source, and cost. */
export interface SourceEstimate {
  readonly name: string;
  readonly kind: string;
  /** Items; an upper bound when nothing is known of the source yet. */
  readonly reads: number;
  readonly usd: number;
  /** Where the number comes from, in words. */
  readonly basis: string;
}

export interface RunEstimate {
  /** Only metered sources; the others cost nothing. */
  readonly sources: readonly SourceEstimate[];
  /** Before the caps. */
  readonly totalUsd: number;
  /** What the caps leave for this run; null without a cap. */
  readonly leftUsd: number | null;
}

const dayMs = 86_400_000;
/** Days differ; an estimate that is usually too low is of no use. */
const headroom = 1.5;

/** What reading `source` would cost now, from what it used to yield. Asks nobody. */
export function estimateSource(
  source: Source,
  record: SourceRecord | undefined,
  { now, since, maxPosts }: { now: number; since: number | undefined; maxPosts: number },
): SourceEstimate {
  const price = source.pricePerRead ?? 0;
  const usual = record === undefined ? null : usualPerDay(record);
  const from = since ?? record?.lastSuccessAt ?? null;
  const known = usual !== null && from !== null;
  const days = known ? Math.max(0, now - from) / dayMs : 0;
  const reads = known ? Math.min(maxPosts, Math.ceil(usual * days * headroom)) : maxPosts;
  const basis = known
    ? `${Math.round(usual)} posts a day for ${days < 1 ? `${Math.round(days * 24)} h` : `${Math.round(days)} days`}, and half as much again`
    : 'at most, since too little is known of it yet (run.maxPostsPerSource)';
  return { name: source.name, kind: source.kind, reads, usd: reads * price, basis };
}

/** What the paid sources of a run would cost, against what the caps leave. */
export function createRunEstimate(
  parts: SourceParts & { readonly maxPostsPerSource: number },
): Harvester['estimate'] {
  const { store, clock } = parts;
  return async (request) => {
    const now = clock.now();
    const known = await knownSources(store, now);
    const spend = new SpendMeter(parts.spendCaps, await store.spent(now));
    const sources = chooseSources(parts, request)
      .filter(({ pricePerRead }) => (pricePerRead ?? 0) > 0)
      .map((source) =>
        estimateSource(source, known.get(source.name), {
          now,
          since: request.since,
          maxPosts: parts.maxPostsPerSource,
        }),
      );
    return {
      sources,
      totalUsd: sources.reduce((total, { usd }) => total + usd, 0),
      leftUsd: spend.leftUsd,
    };
  };
}
