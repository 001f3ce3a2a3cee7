import type { InsightSpike, Span } from './insight.ts';
import { type HourlyCounts, isSpikeRate, judgeRate } from './spike.ts';

const hourMs = 3_600_000;
/** Fewer signals in an hour are never a spike. */
const least = 5;
const most = 12;

type FoundSpike = Omit<InsightSpike, 'search'>;

/** Hours of a span in which far more was said than usual, judged as rules judge spikes; hours in a row are one. */
export function findSpikes(
  hourly: ReadonlyMap<string | null, HourlyCounts>,
  { since, until }: Span,
  /** From when on the counts are known. */
  knownSince: number,
): readonly FoundSpike[] {
  const firstHour = Math.ceil(knownSince / hourMs);
  const found = [...hourly].flatMap(([category, history]) => {
    const spikes: FoundSpike[] = [];
    for (let hour = Math.floor(since / hourMs); hour * hourMs < until; hour += 1) {
      const count = history.get(hour) ?? 0;
      if (count < least) continue;
      const rate = judgeRate({ count, history }, { hour, firstHour }, { least });
      if (rate === null || !isSpikeRate(rate)) continue;
      const last = spikes.at(-1);
      const spike = {
        since: hour * hourMs,
        until: Math.min(until, (hour + 1) * hourMs),
        category,
        count,
        usual: rate.usual,
      };
      if (last === undefined || last.until < spike.since) spikes.push(spike);
      else {
        spikes[spikes.length - 1] = {
          ...last,
          until: spike.until,
          count: last.count + count,
          usual: last.usual + rate.usual,
        };
      }
    }
    return spikes;
  });
  // What one category does shows in the whole: it is said once.
  const told = found.filter(
    (spike) =>
      spike.category !== null || !found.some((other) => other.category !== null && overlap(spike, other)),
  );
  return told
    .toSorted((a, b) => strength(b) - strength(a))
    .slice(0, most)
    .toSorted((a, b) => b.since - a.since);
}

function overlap(a: Span, b: Span): boolean {
  return a.since < b.until && b.since < a.until;
}

/** Normal deviations above the usual; few usual posts make small numbers look strong. */
function strength({ count, usual }: FoundSpike): number {
  return (count - usual) / Math.sqrt(Math.max(usual, 1));
}
