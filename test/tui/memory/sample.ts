import type { SignalDetail } from '../../../source/domain/signal.ts';
import { type MemorySource, makeSignal } from './memory-harvester.ts';

/** The moment at which the sample is looked at. */
export const sampleNow = Date.UTC(2026, 10, 22, 14, 5);

const minute = 60_000;

/** Posts as they come: several scripts, emoji, hostile text, titles with and without text. */
const texts: readonly (readonly [string, string, string | null, string])[] = [
  [
    'outage',
    'negative',
    'Regional outage takes checkout API offline',
    'Since 13:50 UTC every call to /v1/checkout in eu-west answers 503. Our shop is down and support has not answered. Is anybody else seeing this?',
  ],
  [
    'security',
    'negative',
    null,
    'PSA: the export endpoint hands out other tenants’ invoices when the id is guessed. Reported three weeks ago, still open 😬',
  ],
  [
    'churn',
    'negative',
    null,
    'After six years we are moving everything away from Acme. The price doubled and nobody could tell us why.',
  ],
  ['bug', 'negative', null, '決済画面が真っ白になる。iOS 19 のSafariで再現。昨日のアップデートから。'],
  [
    'question',
    'neutral',
    'How do I rotate a webhook secret without losing events?',
    'The docs show only the dashboard.',
  ],
  ['praise', 'positive', null, 'Acme support solved it in 4 minutes on a Sunday 🎉👩🏽‍💻🇩🇪 thank you!'],
  ['feature', 'neutral', null, 'Please let us pin a dashboard tile. Everybody at our place wants it ❤️ 1️⃣'],
  ['bug', 'negative', null, 'مرحبا، التطبيق يتعطل عند فتح الإعدادات بعد التحديث الأخير'],
  [
    'other',
    'neutral',
    null,
    'acme\u001b[31m red \u001b]0;owned\u0007 and \u202egnp.exe\u202c and zero\u200bwidth',
  ],
  [
    'bug',
    'negative',
    'Datei-Upload bricht bei 2 GB ab',
    'Größere Dateien brechen nach genau 2 GB ab; im Log steht nur „broken pipe“.',
  ],
];

export function sampleSignals(count: number, from = 1): SignalDetail[] {
  return Array.from({ length: count }, (_, index) => sampleSignal(from + index));
}

function sampleSignal(id: number): SignalDetail {
  const [category, sentiment, title, text] = texts[(id - 1) % texts.length] ??
    texts[0] ?? ['other', 'neutral', null, ''];
  const createdAt = sampleNow - id * 3 * minute;
  const source = ['hackernews', 'acme-blog', 'reddit-acme'][id % 3] ?? 'hackernews';
  const echoes = id % 4 === 1 ? id % 23 : 0;
  return makeSignal(id, {
    title,
    text: id > texts.length ? `${text} (${id})` : text,
    category,
    sentiment,
    source,
    author: ['user17462', 'mgarcía', '田中', null][id % 4] ?? null,
    createdAt,
    lastSeenAt: createdAt,
    echoes,
    urgency: category === 'outage' ? 5 : category === 'security' ? 4 : 2,
    salience: Math.max(0.4, 97.2 - id * 1.3),
    engagement: { likes: 40 - (id % 40), reposts: id % 6, replies: id % 9, quotes: 0 },
    explanation:
      'It is an outage (×2.00), people reacted to it (+20.0) and it is urgent (+12.0); it has lost 6% to age.',
    posts: Array.from({ length: 1 + echoes }, (_, index) => ({
      id: id * 100 + index,
      source: index % 2 ? 'reddit-acme' : source,
      kind: 'rss',
      fetchedAt: createdAt,
      signalId: id,
      externalId: `${id}-${index}`,
      url: null,
      link: null,
      author: index === 0 ? 'user17462' : `echo${index}`,
      title: null,
      text: index === 0 ? text : `same here: ${text}`,
      lang: 'en',
      createdAt: createdAt + index * minute,
      engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 },
      parentUrl: null,
      parentText: null,
    })),
  });
}

export const sampleSources: readonly MemorySource[] = [
  {
    name: 'hackernews',
    kind: 'hackernews',
    target: 'acme',
    finds: sampleSignals(140, 1),
    notice: 'waiting 12 s: rate limit',
  },
  {
    name: 'acme-blog',
    kind: 'rss',
    target: 'https://blog.acme.example/feed.xml',
    finds: sampleSignals(24, 201),
    warnings: ['entry 7 has no date: taken as now', 'entry 9 is cut off'],
  },
  {
    name: 'reddit-acme',
    kind: 'rss',
    target: 'https://www.reddit.example/r/acme/.rss',
    finds: sampleSignals(60, 301),
  },
  {
    name: 'status-page',
    kind: 'rss',
    target: 'https://status.acme.example/history.atom',
    fails: {
      code: 'http-status',
      message: 'status.acme.example answered 503 (Service Unavailable) four times',
      fix: 'Open the address in a browser; if it works there, raise http.timeoutMs or try again later.',
    },
  },
];

const hour = 60 * minute;
const day = 24 * hour;

/** One of each trouble, beside one that is well and one that costs money. */
export const troubledSources: readonly MemorySource[] = [
  {
    name: 'hackernews',
    kind: 'hackernews',
    target: 'acme, 2 tags',
    finds: sampleSignals(30, 1),
    health: {
      posts: 12_418,
      lastSuccessAt: sampleNow - 15 * minute,
      lastPostAt: sampleNow - 20 * minute,
      usualPerDay: 40,
    },
    ends: { excluded: 12 },
  },
  {
    name: 'x-acme',
    kind: 'x',
    target: 'acme -is:retweet',
    finds: sampleSignals(10, 101),
    health: {
      posts: 5_204,
      lastSuccessAt: sampleNow - 15 * minute,
      lastPostAt: sampleNow - 15 * minute,
      usualPerDay: 210,
      quota: { remaining: 412, limit: 450, resetsAt: sampleNow + 9 * minute },
      monthUsd: 3.72,
    },
    ends: {
      reads: 10,
      costUsd: 0.05,
      quota: { remaining: 411, limit: 450, resetsAt: sampleNow + 9 * minute },
    },
  },
  {
    name: 'acme-blog',
    kind: 'rss',
    target: 'blog.acme.example/feed.xml',
    health: {
      posts: 980,
      lastSuccessAt: sampleNow - 15 * minute,
      lastPostAt: sampleNow - 26 * hour,
      usualPerDay: 40,
      silence: 'silent for 26 h, usually 40 posts a day',
    },
  },
  {
    name: 'github',
    kind: 'github',
    target: '決済 acme',
    health: {
      posts: 77,
      lastSuccessAt: sampleNow - 3 * hour,
      lastErrorAt: sampleNow - minute,
      lastError: 'api.github.com asks for a pause',
      limitedUntil: sampleNow + 55 * minute,
      usualPerDay: 0.5,
    },
    ends: {
      state: 'limited',
      limitedUntil: sampleNow + 55 * minute,
      error: {
        code: 'rate-limited',
        message: 'api.github.com asks for a pause of 55 min',
        fix: 'Run again later; a token in GITHUB_TOKEN allows three times as much.',
      },
    },
  },
  {
    name: 'status-page',
    kind: 'rss',
    target: 'status.acme.example/history.atom',
    health: {
      posts: 3,
      lastSuccessAt: sampleNow - 6 * day,
      lastErrorAt: sampleNow - 15 * minute,
      lastError: 'status.acme.example answered 503 (Service Unavailable) four times',
    },
    ends: {
      state: 'failed',
      error: {
        code: 'http-status',
        message: 'status.acme.example answered 503 (Service Unavailable) four times',
        fix: 'Open the address in a browser; if it works there, try again later.',
      },
    },
  },
  { name: 'reviews', kind: 'file', target: 'reviews.csv', health: { enabled: false, posts: 12 } },
];
