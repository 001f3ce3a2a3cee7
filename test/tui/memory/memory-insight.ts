import type { Leader, Span } from '../../../source/domain/insight.ts';
import { type InsightTerm, narrowSearch } from '../../../source/domain/insight-search.ts';
import type { SignalDetail } from '../../../source/domain/signal.ts';
import { categoryIds } from '../../../source/domain/taxonomy.ts';
import { bucketStartsOf } from '../../../source/domain/time-buckets.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';
import { Tally } from '../../../source/harvester/insight-tally.ts';

/** Counts over the signals of a memory; no terms rise, nothing spikes, nothing is spent. */
export function memoryInsight(all: () => readonly SignalDetail[]): Harvester['insight'] {
  return {
    read: async ({ since, until, search = '', bucket = 'hour', timeZone = 'UTC' }) => {
      const span: Span = { since, until };
      const previous: Span = { since: 2 * since - until, until: since };
      const starts = bucketStartsOf(span, bucket, timeZone);
      const within = all().filter(({ createdAt }) => createdAt >= previous.since && createdAt < until);
      const trend = (keep: (signal: SignalDetail) => boolean) => {
        const tally = new Tally(starts);
        for (const signal of within.filter(keep)) tally.add(signal.createdAt, 1);
        return tally.trend;
      };
      const leaders = (
        namesOf: (signal: SignalDetail) => readonly (string | null)[],
        field: Exclude<Extract<InsightTerm, { field: string }>['field'], 'is'>,
      ): Leader[] => {
        const names = new Set(within.flatMap(namesOf).filter((name) => name !== null));
        return [...names]
          .map((name) => {
            const { total, before } = trend((signal) => namesOf(signal).includes(name));
            const own = narrowSearch(search, [{ field, value: name }], span);
            return { name, count: total, before, search: own };
          })
          .filter(({ count }) => count > 0)
          .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
          .slice(0, 10);
      };
      const sentiment = (value: string) => trend((signal) => signal.sentiment === value);
      const inbox = all().filter(({ status }) => status === 'inbox');
      return {
        span,
        previous,
        bucket,
        bucketStarts: starts,
        posts: trend(() => true),
        signals: trend(() => true),
        categories: categoryIds.map((category) => ({
          category,
          ...trend((signal) => signal.category === category),
          search: narrowSearch(search, [{ field: 'category', value: category }], span),
        })),
        sentiment: {
          negative: sentiment('negative'),
          neutral: sentiment('neutral'),
          positive: sentiment('positive'),
        },
        sources: leaders(({ source }) => [source], 'source'),
        authors: leaders(({ author }) => [author], 'author'),
        tags: leaders(({ tags }) => tags, 'tag'),
        terms: [],
        spikes: [],
        pace: {
          opened: trend(() => true),
          decided: trend(() => false),
          medianToDecisionMs: null,
          medianToDecisionBeforeMs: null,
          inbox: inbox.length,
          oldestInboxAt: inbox.length === 0 ? null : Math.min(...inbox.map(({ createdAt }) => createdAt)),
          inboxAges: [
            {
              label: 'any',
              count: inbox.length,
              search: narrowSearch(search, [{ field: 'status', value: 'inbox' }]),
            },
          ],
        },
        spend: { totalUsd: 0, beforeUsd: 0, usdByBucket: starts.map(() => 0) },
        capped: false,
        sampled: false,
      };
    },
  };
}
