import type { Insight, Trend } from '../../source/domain/insight.ts';
import type { Report, ReportExample } from '../../source/domain/report.ts';

const dayMs = 86_400_000;
const since = Date.UTC(2026, 10, 16);
const until = since + 7 * dayMs;

function trend(before: number, ...buckets: readonly number[]): Trend {
  return { total: buckets.reduce((sum, each) => sum + each, 0), before, buckets };
}

export function sampleExample(over: Partial<ReportExample> = {}): ReportExample {
  return {
    id: 12,
    status: 'inbox',
    title: null,
    text: 'Acme is down for the third time this week, nobody here can log in.',
    author: 'ann',
    source: 'mastodon',
    url: 'https://social.example/@ann/12',
    createdAt: since + 3 * dayMs + 5_000_000,
    echoes: 41,
    category: 'outage',
    sentiment: 'negative',
    urgency: 4,
    salience: 88.4,
    ...over,
  };
}

function leader(name: string, count: number, before: number) {
  return { name, count, before, search: `"${name}"` };
}

const insight: Insight = {
  span: { since, until },
  previous: { since: since - 7 * dayMs, until: since },
  bucket: 'day',
  bucketStarts: [0, 1, 2, 3, 4, 5, 6].map((day) => since + day * dayMs),
  posts: trend(1104, 160, 171, 158, 612, 240, 90, 84),
  signals: trend(871, 130, 128, 141, 377, 190, 71, 70),
  categories: [
    { category: 'outage', search: 'category:outage', ...trend(40, 4, 6, 5, 210, 31, 2, 1) },
    { category: 'security', search: 'category:security', ...trend(9, 1, 0, 2, 1, 3, 0, 1) },
    { category: 'bug', search: 'category:bug', ...trend(310, 55, 48, 61, 70, 66, 20, 22) },
    { category: 'praise', search: 'category:praise', ...trend(188, 29, 31, 25, 11, 24, 21, 20) },
    { category: 'other', search: 'category:other', ...trend(324, 41, 43, 48, 85, 66, 28, 26) },
  ],
  sentiment: {
    negative: trend(340, 52, 49, 60, 281, 99, 22, 21),
    neutral: trend(343, 49, 48, 56, 85, 67, 28, 29),
    positive: trend(188, 29, 31, 25, 11, 24, 21, 20),
  },
  sources: [leader('mastodon', 801, 502), leader('hackernews', 412, 401), leader('reddit', 302, 201)],
  authors: [leader('ann', 14, 2), leader('bob', 11, 0)],
  tags: [leader('login', 220, 31), leader('billing', 64, 60)],
  terms: [
    { ...leader('log in', 190, 22), score: 210.4 },
    { ...leader('503', 121, 3), score: 190.1 },
  ],
  spikes: [
    {
      since: since + 3 * dayMs,
      until: since + 4 * dayMs,
      category: null,
      count: 612,
      usual: 158,
      search: '',
    },
    {
      since: since + 3 * dayMs,
      until: since + 4 * dayMs,
      category: 'outage',
      count: 210,
      usual: 5.7,
      search: 'category:outage',
    },
  ],
  pace: {
    opened: trend(871, 130, 128, 141, 377, 190, 71, 70),
    decided: trend(790, 120, 131, 118, 160, 240, 40, 12),
    medianToDecisionMs: 3.4 * 3_600_000,
    medianToDecisionBeforeMs: 1.9 * 3_600_000,
    inbox: 302,
    oldestInboxAt: since - 9 * dayMs,
    inboxAges: [
      { label: 'under an hour', count: 4, search: 'since:1h' },
      { label: 'over a week', count: 31, search: 'before:7d' },
    ],
  },
  spend: { totalUsd: 1.84, beforeUsd: 1.2, usdByBucket: [0.2, 0.2, 0.2, 0.6, 0.4, 0.12, 0.12] },
  capped: false,
  sampled: false,
};

/** A week with an outage on its fourth day. */
export function sampleReport(over: Partial<Report> = {}): Report {
  return {
    version: 1,
    topic: 'acme',
    madeAt: until + 3_600_000,
    timeZone: 'UTC',
    view: null,
    search: null,
    insight,
    categories: [
      {
        category: 'outage',
        description: 'the product or a part of it is down or unreachable for people',
        examples: [
          sampleExample(),
          sampleExample({
            id: 31,
            title: 'Acme login broken?',
            text: 'Anybody else getting 503 since this morning? The status page says all is well.',
            source: 'hackernews',
            url: 'https://news.example/item?id=31&from=best',
            status: 'escalated',
            echoes: 0,
            salience: 71,
          }),
        ],
      },
      {
        category: 'praise',
        description: 'thanks, a recommendation, delight',
        examples: [
          sampleExample({
            id: 50,
            text: 'שלום, the new editor is wonderful',
            author: null,
            url: null,
            urgency: 0,
          }),
        ],
      },
    ],
    decisions: {
      decisions: 240,
      signals: 821,
      outcomes: [
        { outcome: 'dismissed', signals: 590 },
        { outcome: 'resolved', signals: 190 },
        { outcome: 'escalated', signals: 41 },
        { outcome: 'corrected', signals: 12 },
      ],
      people: [
        { actor: 'analyst', decisions: 190, signals: 700, medianToDecisionMs: 2 * 3_600_000 },
        { actor: 'on-call', decisions: 50, signals: 121, medianToDecisionMs: null },
      ],
      escalated: [
        { ...sampleExample({ id: 31, status: 'escalated' }), by: 'analyst', decidedAt: since + 3.5 * dayMs },
      ],
      capped: false,
    },
    method: {
      programVersion: '0.1.0',
      analyzers: [
        { analyzer: 'offline', signals: 1007, capped: false },
        { analyzer: 'anthropic', signals: 100, capped: false },
      ],
      unanalyzed: { signals: 2, capped: false },
      failing: ['reddit: 429 from its server'],
      examplesPerCategory: 4,
      examplesCapped: false,
    },
    ...over,
  };
}
