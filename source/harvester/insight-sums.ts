import type { Insight, InsightSpike, Span, Trend } from '../domain/insight.ts';
import { narrowSearch } from '../domain/insight-search.ts';
import { findSpikes } from '../domain/insight-spikes.ts';
import { bucketAt, unitOf } from '../domain/time-buckets.ts';
import type { SignalChoice } from '../ports/insight.ts';
import type { Store } from '../ports/store.ts';
import type { Patience } from './insight-patience.ts';
import { placeOfUnit, Tallies, Tally } from './insight-tally.ts';

/** What one answer is about. */
export interface InsightAsked {
  readonly store: Store;
  readonly patience: Patience;
  /** For counting one leader by its search; what is too common for it is told by the sample. */
  readonly countPatienceMs: number;
  readonly choice: SignalChoice;
  readonly span: Span;
  readonly previous: Span;
  readonly starts: readonly number[];
  /** As it was asked; searches for what was counted are made from it. */
  readonly search: string;
}

/** Signals by category and hour since 1970; null is all of them. */
export type Hourly = Map<string | null, Map<number, number>>;

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** How far back it is looked for what is usual. */
export const historyMs = 56 * dayMs;

export async function readSums({ store, patience, choice, span, previous, starts }: InsightAsked) {
  const unitMs = unitOf(starts);
  const signals = new Tally(starts);
  const categories = new Tallies(starts);
  const sentiments = new Tallies(starts);
  const hourly: Hourly = new Map();
  for (const side of [span, previous]) {
    await patience.inPieces(side, async (piece) => {
      for (const sum of await store.signalSums(choice, piece, { unitMs, sentiment: true })) {
        const { unit, category, sentiment, count } = sum;
        const at = placeOfUnit(unit, unitMs, side);
        signals.add(at, count);
        if (category !== null) categories.of(category).add(at, count);
        if (sentiment !== null) sentiments.of(sentiment).add(at, count);
        addHour(hourly, category, Math.floor((unit * unitMs) / hourMs), count);
      }
    });
  }
  return { signals, categories, sentiments, hourly };
}

export async function readPosts(asked: InsightAsked): Promise<Trend> {
  const { store, patience, choice, span, previous, starts } = asked;
  const unitMs = unitOf(starts);
  const posts = new Tally(starts);
  for (const side of [span, previous]) {
    await patience.inPieces(side, async (piece) => {
      for (const { unit, count } of await store.postSums(choice, piece, unitMs)) {
        posts.add(placeOfUnit(unit, unitMs, side), count);
      }
    });
  }
  return posts.trend;
}

/** Spikes of the span, judged by it and by what came before. */
export async function readSpikes(
  { store, patience, choice, span, previous, search }: InsightAsked,
  hourly: Hourly,
  /** False when the choice was made for the two spans alone. */
  withHistory: boolean,
): Promise<readonly InsightSpike[]> {
  const firstAt = await store.firstSignalAt();
  if (firstAt === null) return [];
  const historySince = Math.max(firstAt, withHistory ? span.since - historyMs : previous.since);
  let knownSince = Math.max(firstAt, previous.since);
  if (historySince < previous.since) {
    const history = { since: historySince, until: previous.since };
    const read = await patience.inPieces(history, async (piece) => {
      for (const { unit, category, count } of await store.signalSums(choice, piece, {
        unitMs: hourMs,
        sentiment: false,
      })) {
        addHour(hourly, category, unit, count);
      }
    });
    knownSince = read.since;
  }
  return findSpikes(hourly, span, knownSince).map((spike) => ({
    ...spike,
    search: narrowSearch(
      search,
      spike.category === null ? [] : [{ field: 'category', value: spike.category }],
      spike,
    ),
  }));
}

/** A day of the books (UTC) counts to the bucket in which it begins. */
export async function readSpend({ store, span, previous, starts }: InsightAsked): Promise<Insight['spend']> {
  const days = await store.spendByDay(Math.ceil(previous.since / dayMs), Math.ceil(span.until / dayMs) - 1);
  const usdByBucket = starts.map(() => 0);
  let beforeUsd = 0;
  for (const [day, usd] of days) {
    if (day * dayMs < span.since) beforeUsd += usd;
    else {
      const bucket = bucketAt(starts, day * dayMs);
      usdByBucket[bucket] = (usdByBucket[bucket] ?? 0) + usd;
    }
  }
  return { totalUsd: usdByBucket.reduce((sum, usd) => sum + usd, 0), beforeUsd, usdByBucket };
}

function addHour(hourly: Hourly, category: string | null, hour: number, count: number): void {
  for (const key of category === null ? [null] : [null, category]) {
    const hours = hourly.get(key) ?? new Map<number, number>();
    hours.set(hour, (hours.get(hour) ?? 0) + count);
    hourly.set(key, hours);
  }
}
