import { z } from 'zod';
import { about, answers } from '../operation.ts';
import { momentOf, queryOf, spanShape } from '../query.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const text = z.string();
const count = z.int().min(0);
const search = text.describe('Finds the signals behind the count');
const span = z.strictObject({ since: time, until: time.describe('Excluded. Milliseconds since 1970, UTC') });

const trendShape = {
  total: count,
  before: count.describe('In the span of equal length before'),
  buckets: z.array(count).describe('One a bucket, oldest first'),
};
const trend = z.strictObject(trendShape);
const leaderShape = { name: text, count, before: count, search };
const leader = z.strictObject(leaderShape);

export const insight = z.strictObject({
  span,
  previous: span,
  bucket: z.enum(['hour', 'day']),
  bucketStarts: z.array(time),
  posts: trend,
  signals: trend,
  categories: z.array(z.strictObject({ ...trendShape, category: text, search })),
  sentiment: z.strictObject({ negative: trend, neutral: trend, positive: trend }),
  sources: z.array(leader),
  authors: z.array(leader),
  tags: z.array(leader),
  terms: z
    .array(z.strictObject({ ...leaderShape, score: z.number().describe('Log-likelihood ratio') }))
    .describe('Words that are in more of the signals than in the span before'),
  spikes: z.array(
    z.strictObject({
      since: time,
      until: time,
      category: text.nullable(),
      count,
      usual: z.number(),
      search,
    }),
  ),
  pace: z.strictObject({
    opened: trend,
    decided: trend,
    medianToDecisionMs: z.number().nullable(),
    medianToDecisionBeforeMs: z.number().nullable(),
    inbox: count,
    oldestInboxAt: time.nullable(),
    inboxAges: z.array(z.strictObject({ label: text, count, search })),
  }),
  spend: z.strictObject({
    totalUsd: z.number(),
    beforeUsd: z.number(),
    usdByBucket: z.array(z.number()).describe('A day of the books (UTC) counts where it begins'),
  }),
  capped: z.boolean().describe('Time was up before all was read: counts are lower bounds'),
  sampled: z.boolean().describe('Authors and terms were looked for in a part of the signals'),
});

/** What was said in a span of time. */
export function insightRoutes(app: Server, { harvester, now }: ServerParts): void {
  app.get(
    '/v1/insight',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'readInsight',
          tag: 'signals',
          summary: 'What was said in a span of time, and how triage keeps up',
          description:
            'Signals count when their lead post was written, posts when they were. docs/dashboard.md says how each figure is computed.',
          scope: 'read',
        }),
        querystring: z.strictObject({
          ...spanShape,
          bucket: z.enum(['hour', 'day']).describe('By the length of the span if not given').optional(),
        }),
        response: answers({ 200: ['What was said', insight] }),
      },
    },
    async (request) => {
      const { since, until, bucket, timeZone, search: typed, view } = request.query;
      const filters = {
        ...(typed === undefined ? {} : { search: typed }),
        ...(view === undefined ? {} : { view }),
      };
      const { search: found } = await queryOf(filters, { harvester, now });
      return harvester.insight.read({
        since: momentOf(since, now()),
        until: until === undefined ? now() : momentOf(until, now()),
        ...(found === undefined ? {} : { search: found }),
        ...(bucket === undefined ? {} : { bucket }),
        ...(timeZone === undefined ? {} : { timeZone }),
      });
    },
  );
}
