/** Posts by hour: whole hours since 1970, UTC. */
export type HourlyCounts = ReadonlyMap<number, number>;

export interface SpikeSettings {
  /** Fewer posts in an hour are never a spike. */
  readonly least: number;
}

export interface Rate {
  /** Posts of the last sixty minutes. */
  readonly count: number;
  /** What is usual in such an hour. */
  readonly usual: number;
  /** More than this is a spike. */
  readonly threshold: number;
  /** How it was judged: by the same hours of earlier weeks, or, before there are enough of them, by all hours. */
  readonly by: 'hour of the week' | 'all hours';
}

const hoursOfWeek = 168;
/** Weeks of which the same hour must be known before it is judged by itself. */
const leastWeeks = 4;
const mostWeeks = 8;
const leastHours = 24;
/** Normal deviations from the median that are no chance. */
const deviations = 6;
/** Makes the median absolute deviation comparable to a standard deviation (normal distribution). */
const madScale = 1.4826;
/** A spike is so many times the usual whatever the statistics say: few posts make small numbers look sure. */
const leastFactor = 3;
/** Chance of a false alarm in one look, before there is a history by hour. */
const poissonTail = 1e-6;
const largestPoissonMean = 500;

/**
 * Judges the posts of the last sixty minutes by what is usual. With four weeks
 * of history or more: the median of the same hour of the week and its
 * neighbours, and the median absolute deviation (Rousseeuw and Croux 1993), of
 * which one wild week moves neither. Before: a Poisson test against the mean
 * of all hours. Null while fewer than 24 hours are known.
 *
 * @param firstHour the first hour that the source of the counts was listened to; hours without posts count as 0 from there on
 */
export function judgeRate(
  { count, history }: { readonly count: number; readonly history: HourlyCounts },
  { hour, firstHour }: { readonly hour: number; readonly firstHour: number },
  { least }: SpikeSettings,
): Rate | null {
  const known = hour - firstHour;
  if (known < leastHours) return null;
  const at = (each: number) => history.get(each) ?? 0;
  const weeks = Math.min(mostWeeks, Math.floor((known - 1) / hoursOfWeek));
  if (weeks >= leastWeeks) {
    const samples = Array.from({ length: weeks }, (_, week) => hour - (week + 1) * hoursOfWeek).flatMap(
      (same) => [at(same - 1), at(same), at(same + 1)],
    );
    const usual = median(samples);
    const mad = median(samples.map((sample) => Math.abs(sample - usual))) * madScale;
    // Counts scatter by at least their root: a history of equal numbers is luck, not certainty.
    const scatter = Math.max(mad, Math.sqrt(Math.max(usual, 1)));
    const threshold = Math.max(usual + deviations * scatter, usual * leastFactor, least - 1);
    return { count, usual, threshold, by: 'hour of the week' };
  }
  const hours = Math.min(known, mostWeeks * hoursOfWeek);
  let total = 0;
  for (let each = hour - hours; each < hour; each += 1) total += at(each);
  const usual = total / hours;
  const threshold = Math.max(poissonBound(usual), usual * leastFactor, least - 1);
  return { count, usual, threshold, by: 'all hours' };
}

export function isSpikeRate({ count, threshold }: Rate): boolean {
  return count > threshold;
}

/** A spike is over when the rate is nearer to the usual than to what made it one; in between it goes on. */
export function isOverRate({ count, usual, threshold }: Rate): boolean {
  return count <= usual + (threshold - usual) / 3;
}

/** The largest n whose like or more, P(X >= n) of a Poisson distribution, is still as likely as `poissonTail`. */
function poissonBound(mean: number): number {
  // Above, the normal approximation serves; and from e^-731 on a double has too few digits left for a sum to reach 1.
  if (mean > largestPoissonMean) return mean + 5 * Math.sqrt(mean);
  let term = Math.exp(-mean);
  let below = term;
  let n = 0;
  while (1 - below > poissonTail) {
    n += 1;
    term *= mean / n;
    below += term;
  }
  return n;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** One stretch of a raised rate: told when it starts, when it has doubled since, and when it is over. */
export interface Episode {
  readonly id: number;
  readonly rule: string;
  readonly by: string;
  /** Which category, source or tag. */
  readonly value: string;
  /** Milliseconds, UTC. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly peak: number;
  readonly peakAt: number;
  readonly usual: number;
  /** The peak that was told last. */
  readonly toldPeak: number;
}
