import Database from 'better-sqlite3';
import { draftPost } from '../../source/domain/post.ts';
import { signalStatuses } from '../../source/domain/signal.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import type { Store } from '../../source/ports/store.ts';
import type { PlainPost, PlainSignal } from '../domain/search-sense.ts';
import type { TreeWords } from '../domain/search-trees.ts';

export const searchedNow = Date.UTC(2026, 10, 22, 12);
export const searchedScore = { cap: 100, halfLifeHours: 24 };

export const treeWords: TreeWords = {
  words: [
    'login',
    'Café',
    'cafe',
    'checkout',
    'pay',
    'payment',
    'ログイン',
    'イン',
    '障',
    '123',
    'E-Mail',
    'ann',
  ],
  authors: ['ann', 'Ann Lee', 'joe', 'José'],
  sources: ['hn', 'hackernews', 'blog', 'rss', 'forum'].filter((name) => name !== 'hn'),
  tags: ['login', 'billing', 'two words'],
  assignees: ['ann', 'joe'],
  langs: ['en', 'de', 'ja'],
  sites: ['example.com', 'blog.example.com', 'example.org', 'com', 'my-site.example'],
};

const titles = [null, 'Login', 'Café opens', 'ログインできない'];
const texts = [
  'the login of my account fails since the payment',
  'Checkout: pay by e-mail, please! 123',
  'cafe and Café, paying guests',
  '今朝からログインに障害があります login',
  'login payment checkout',
  'nothing of it',
  'Payments at the check-out. Ann said so',
  'イン 障 123',
];
const authors = [null, 'ann', 'Ann Lee', '@joe', 'José'];
const links = [
  null,
  'https://example.com/a',
  'https://blog.example.com/b',
  'https://www.example.org/?q=example.com',
  'http://my-site.example:8080/',
];

/** Signals of every sort: 600 posts in about 350 signals, some merged, some not analyzed or not scored yet. */
export async function fillSearchedStore(store: Store, random: (below: number) => number): Promise<void> {
  const pick = <Value>(values: readonly Value[]): Value => values[random(values.length)] as Value;
  for (const [name, kind] of [
    ['hackernews', 'hackernews'],
    ['blog', 'rss'],
    ['forum', 'discourse'],
  ] as const) {
    await store.savePage({
      source: name,
      kind,
      cursor: {},
      fetchedAt: searchedNow,
      excluded: 0,
      reads: 0,
      costUsd: 0,
      posts: Array.from({ length: 200 }, (_, index) => ({
        ...draftPost({
          externalId: String(index),
          text: pick(texts),
          title: pick(titles),
          author: pick(authors),
          url: pick(links),
          link: pick(links),
          lang: pick([null, 'en', 'de', 'ja']),
          parentText: pick([null, null, 'what?']),
          engagement: { likes: 0, reposts: 0, replies: pick([0, 0, 2]), quotes: 0 },
        }),
        createdAt: searchedNow - random(30) * 43_200_000 - random(3),
      })),
    });
  }
  const db = new Database(store.path);
  try {
    db.transaction(() => decide(db, random, pick))();
  } finally {
    db.close();
  }
}

function decide(
  db: Database.Database,
  random: (below: number) => number,
  pick: <Value>(values: readonly Value[]) => Value,
): void {
  db.pragma('defer_foreign_keys = ON');
  const posts = db.prepare('SELECT id, source, createdAt FROM posts ORDER BY id').all() as {
    id: number;
    source: string;
    createdAt: number;
  }[];
  const signals: { id: number; merged: boolean }[] = [];
  for (const post of posts) {
    const joins = signals.length > 5 && random(10) < 4 ? pick(signals) : null;
    if (joins !== null && !joins.merged) {
      db.prepare('UPDATE posts SET signalId = ? WHERE id = ?').run(joins.id, post.id);
      db.prepare('UPDATE signals SET echoes = echoes + 1, lastSeenAt = max(lastSeenAt, ?) WHERE id = ?').run(
        post.createdAt,
        joins.id,
      );
      continue;
    }
    const id = signals.length + 1;
    const analyzed = random(8) > 0;
    const scored = analyzed && random(8) > 0;
    const merged = signals.length > 5 && random(15) === 0;
    // Few ranks, so that places are shared.
    const rank = searchedNow / 3_600_000 / 24 + random(12) - 4;
    db.prepare(
      `INSERT INTO signals (id, leadPostId, status, source, createdAt, lastSeenAt, category, sentiment, urgency,
         rank, factors, analyzedAt, scoredAt, assignee, regressed, mergedInto)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id,
      post.id,
      pick(signalStatuses),
      post.source,
      post.createdAt,
      post.createdAt,
      analyzed ? pick(categoryIds) : null,
      analyzed ? pick(['negative', 'neutral', 'positive']) : null,
      analyzed ? random(6) : null,
      scored ? rank : null,
      scored ? '{}' : null,
      analyzed ? searchedNow : null,
      scored ? searchedNow : null,
      pick([null, null, null, 'ann', 'joe', 'me-myself']),
      random(9) === 0 ? 1 : 0,
      merged ? 1 : null,
    );
    db.prepare('UPDATE posts SET signalId = ? WHERE id = ?').run(id, post.id);
    signals.push({ id, merged });
    if (analyzed) {
      db.prepare(
        `INSERT INTO analyses (signalId, category, sentiment, urgency, tags, reasoning, confidence, analyzer, analyzedAt)
         VALUES (?, 'bug', 'neutral', 1, '[]', '', ?, ?, ?)`,
      ).run(id, pick([0.2, 0.5, 0.9]), pick(['offline', 'openai']), searchedNow);
    }
    for (const tag of treeWords.tags) {
      if (random(4) === 0) db.prepare('INSERT INTO signal_tags (tag, signalId) VALUES (?, ?)').run(tag, id);
    }
    if (random(6) === 0) {
      db.prepare("INSERT INTO notes (signalId, at, author, text) VALUES (?, 1, 'ann', 'see')").run(id);
    }
    if (random(6) === 0) {
      db.prepare("INSERT INTO labels (signalId, at, kind, text, urgency) VALUES (?, 1, 'rss', 'x', 1)").run(
        id,
      );
    }
  }
}

/** Every signal that a list may show, as it stands in the tables. */
export function readPlainSignals(path: string): readonly PlainSignal[] {
  const db = new Database(path, { readonly: true });
  const all = <Row>(query: string) => db.prepare(query).all() as Row[];
  const posts = Map.groupBy(
    all<PlainPost & { signalId: number }>(
      `SELECT posts.* FROM posts JOIN signals ON signals.id = signalId
         ORDER BY posts.id = leadPostId DESC, posts.id`,
    ),
    ({ signalId }) => signalId,
  );
  const tags = Map.groupBy(
    all<{ tag: string; signalId: number }>('SELECT * FROM signal_tags'),
    (row) => row.signalId,
  );
  const notes = Map.groupBy(all<{ signalId: number }>('SELECT * FROM notes'), (row) => row.signalId);
  const labels = Map.groupBy(all<{ signalId: number }>('SELECT * FROM labels'), (row) => row.signalId);
  const analyses = new Map(
    all<{ signalId: number; analyzer: string; confidence: number }>('SELECT * FROM analyses').map((row) => [
      row.signalId,
      row,
    ]),
  );
  const signals = all<PlainSignal>(
    `SELECT signals.*, kind FROM signals JOIN posts ON posts.id = leadPostId WHERE mergedInto IS NULL`,
  );
  db.close();
  const hours = searchedNow / 3_600_000 / searchedScore.halfLifeHours;
  return signals.map((signal) => ({
    ...signal,
    salience: signal.rank === null ? null : Math.min(searchedScore.cap, 2 ** (signal.rank - hours)),
    analysis: analyses.get(signal.id) ?? null,
    tags: (tags.get(signal.id) ?? []).map(({ tag }) => tag),
    notes: notes.get(signal.id)?.length ?? 0,
    labels: labels.get(signal.id)?.length ?? 0,
    posts: posts.get(signal.id) ?? [],
  }));
}
