import { isTimeZone } from '../domain/calendar.ts';
import type { Insight, InsightRequest, Span } from '../domain/insight.ts';
import { narrowSearch } from '../domain/insight-search.ts';
import { type Condition, readsPosts } from '../domain/search-condition.ts';
import { bucketStartsOf } from '../domain/time-buckets.ts';
import { UserError } from '../errors.ts';
import type { SignalChoice } from '../ports/insight.ts';
import { leadingSources, leadingTags } from './insight-leaders.ts';
import { readPace } from './insight-pace.ts';
import { Patience } from './insight-patience.ts';
import { historyMs, type InsightAsked, readPosts, readSpend, readSpikes, readSums } from './insight-sums.ts';
import { findAuthors, findRisingTerms, readSamples } from './insight-terms.ts';
import { createQueryReader, type ListParts } from './signal-lists.ts';

export interface InsightSubject {
  /**
   * What was said in a span of time, and how that compares with the span of
   * equal length before. Signals count at the time at which their lead post was
   * written, posts at which they were, decisions at which they were made.
   * An answer takes some seconds at most, on whatever store: what is not read
   * by then is missing from the counts, oldest first, and `capped` says so.
   *
   * @throws UserError `bad-search`; `bad-span` for a span that does not end after it begins, has too many buckets, or an unknown time zone
   */
  read(request: InsightRequest): Promise<Insight>;
}

export interface InsightParts extends ListParts {
  /** Ids of the taxonomy. */
  readonly categories: readonly string[];
  /** How long an answer may take, about, in milliseconds. */
  readonly insightPatienceMs?: number;
  /** How long one author or term is counted, in milliseconds. */
  readonly countPatienceMs?: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const usualPatienceMs = 6_000;
const usualCountPatienceMs = 60;
/** So long a span is shown by hours unless something else is asked for. */
const longestByHour = 8 * dayMs;
const mostBuckets = { hour: 4_000, day: 20_000 } as const;
const mostMatching = 20_000;
/** Conditions that few signals meet are answered by an index; to find that out takes no longer. */
const fewMatching = { most: 3_000, patienceMs: 40 };

export function createInsight(parts: InsightParts): InsightSubject {
  const { store, clock, categories } = parts;
  const read = createQueryReader(parts);

  return {
    read: async ({ since, until, search = '', bucket: wanted, timeZone = parts.timeZone }) => {
      const patience = new Patience(parts.insightPatienceMs ?? usualPatienceMs);
      const span: Span = { since, until };
      const previous: Span = { since: Math.max(0, since - (until - since)), until: since };
      const bucket = wanted ?? (until - since <= longestByHour ? 'hour' : 'day');
      checkSpan(span, bucket, timeZone);
      const condition = (await read({ search })).filter.search;
      const asksForWords = condition !== undefined && readsPosts(condition);
      const choice =
        condition === undefined
          ? {}
          : await chooseSignals(condition, { store, patience, span, previous, asksForWords });
      // Decisions and the inbox may be about signals that were written long before.
      const ofAnyTime = asksForWords || condition === undefined ? choice : { facts: condition };
      const starts = bucketStartsOf(span, bucket, timeZone);
      const asked: InsightAsked = {
        store,
        patience,
        countPatienceMs: parts.countPatienceMs ?? usualCountPatienceMs,
        choice,
        span,
        previous,
        starts,
        search,
      };

      const sums = await readSums(asked);
      const posts = await readPosts(asked);
      const signals = sums.signals.trend;
      const pace = await readPace(
        { store, read, patience },
        { ...asked, choice: ofAnyTime, asksForWords, now: clock.now() },
        signals,
      );
      const sources = await leadingSources(asked, read);
      const tags = await leadingTags(asked);
      const samples = await readSamples(asked, signals);
      const authors = await findAuthors(samples, asked, read);
      const terms = await findRisingTerms(samples, asked, read);
      return {
        span,
        previous,
        bucket,
        bucketStarts: starts,
        posts,
        signals,
        categories: categories.map((category) => ({
          category,
          ...sums.categories.of(category).trend,
          search: narrowSearch(search, [{ field: 'category', value: category }], span),
        })),
        sentiment: {
          negative: sums.sentiments.of('negative').trend,
          neutral: sums.sentiments.of('neutral').trend,
          positive: sums.sentiments.of('positive').trend,
        },
        sources,
        authors,
        tags,
        terms,
        spikes: await readSpikes(asked, sums.hourly, !asksForWords),
        pace,
        spend: await readSpend(asked),
        capped: patience.isOver,
        sampled: samples.oneIn > 1,
      } satisfies Insight;
    },
  };
}

/**
 * The signals that a search means: those that it finds, where it asks for
 * words or finds few, so that they are looked for once; else its conditions.
 */
async function chooseSignals(
  condition: Condition,
  {
    store,
    patience,
    span,
    previous,
    asksForWords,
  }: Pick<InsightAsked, 'store' | 'patience' | 'span' | 'previous'> & {
    readonly asksForWords: boolean;
  },
): Promise<SignalChoice> {
  if (asksForWords) {
    const within = { since: previous.since, until: span.until };
    const limits = { most: mostMatching, patienceMs: patience.leftMs / 3 };
    const { ids, capped } = await store.matchingIn(condition, within, limits);
    if (capped) patience.isOver = true;
    return { ids };
  }
  const within = { since: Math.max(0, Math.min(previous.since, span.since - historyMs)), until: span.until };
  const { ids, capped } = await store.matchingIn(condition, within, fewMatching);
  return capped ? { facts: condition } : { ids };
}

function checkSpan({ since, until }: Span, bucket: 'hour' | 'day', timeZone: string): void {
  const refuse = (message: string, fix: string) => {
    throw new UserError('bad-span', message, { fix });
  };
  if (!Number.isSafeInteger(since) || !Number.isSafeInteger(until) || since < 0 || until <= since) {
    refuse('The span does not end after it begins.', 'Give a time to begin with that is before the end.');
  }
  if (until > 8.64e15) refuse('The span ends later than any date.', 'Give an earlier end.');
  if (!isTimeZone(timeZone)) {
    refuse(`There is no time zone ${timeZone}.`, 'Give a name such as Europe/Vienna, or UTC.');
  }
  if ((until - since) / (bucket === 'hour' ? hourMs : dayMs) > mostBuckets[bucket]) {
    refuse(
      `The span has more than ${mostBuckets[bucket]} ${bucket}s.`,
      bucket === 'hour' ? 'Ask by day, or for less time.' : 'Ask for less time.',
    );
  }
}
