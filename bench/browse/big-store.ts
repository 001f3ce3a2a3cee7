import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database as Connection } from 'better-sqlite3';
import { migrations } from '../../migrations/index.ts';
import { openStoreFile } from '../../source/store/database.ts';
import { migrateUp } from '../../source/store/migrate.ts';

/** When the store was last filled: searches are run as of this moment. */
export const filledAt = Date.UTC(2026, 10, 22, 12);
export const halfLifeHours = 24;

const yearMs = 365 * 86_400_000;
const perBatch = 5_000;
/** Change it when the contents change. */
const edition = 3;

const categories = share({
  outage: 2,
  security: 3,
  churn: 4,
  bug: 22,
  question: 20,
  feature: 12,
  praise: 9,
  other: 28,
});
const statuses = share({ inbox: 550, dismissed: 300, resolved: 145, snoozed: 3, escalated: 2 });
const sources = share({
  hackernews: 400,
  reddit: 300,
  bluesky: 150,
  github: 100,
  blog: 49,
  forum: 0.8,
  press: 0.2,
});
const langs = share({ '': 55, en: 38, ja: 4, fr: 2, de: 1 });

/**
 * A store with so many signals (and a twentieth more posts, echoes), made once
 * and kept in the system's folder for temporary files. Statuses, categories,
 * words, authors and tags are as unevenly spread as they are in life.
 */
export async function bigStore(signals: number): Promise<string> {
  const folder = join(tmpdir(), 'signal-harvester-bench');
  const path = join(folder, `browse-${signals}-${Object.keys(migrations).length}-${edition}.db`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.partial`;
  for (const end of ['', '-wal', '-shm']) rmSync(draft + end, { force: true });
  const file = openStoreFile(draft);
  await migrateUp(file);
  fill(file.connection, signals);
  file.connection.pragma('wal_checkpoint(TRUNCATE)');
  await file.db.destroy();
  renameSync(draft, path);
  return path;
}

function fill(db: Connection, signals: number): void {
  const random = generator(7);
  const vocabulary = Array.from({ length: 60_000 }, (_, rank) => wordAt(rank));
  const zipf = (size: number) => Math.floor(size ** random()) - 1;
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  for (const [name] of sources) {
    db.prepare('INSERT INTO sources (name, kind) VALUES (?, ?)').run(name, name === 'press' ? 'rss' : name);
  }
  const post =
    db.prepare(`INSERT INTO posts (id, source, kind, externalId, signalId, url, author, title, text, lang,
    createdAt, fetchedAt, likes, replies) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const signal =
    db.prepare(`INSERT INTO signals (id, leadPostId, status, source, createdAt, lastSeenAt, echoes,
    category, sentiment, urgency, rank, factors, analyzedAt, scoredAt, assignee)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const analysis = db.prepare(
    `INSERT INTO analyses (signalId, category, sentiment, urgency, tags, reasoning, confidence, analyzer, analyzedAt) VALUES (?, ?, ?, ?, '[]', 'it says so', 0.8, 'offline', ?)`,
  );
  const tag = db.prepare('INSERT OR IGNORE INTO signal_tags (tag, signalId) VALUES (?, ?)');
  const index = db.prepare(`INSERT INTO post_words (rowid, title, text, author, marks)
    SELECT id, search_words(title), search_words(text), search_words(author), search_marks(url, link, lang)
    FROM posts WHERE id BETWEEN ? AND ? ORDER BY id`);
  const factors =
    '{"base":1,"engagement":12.1,"urgency":8,"category":1.3,"sentiment":1.2,"source":1,"relevance":1}';
  let postId = 0;
  const addPost = (signalId: number, source: string, createdAt: number) => {
    postId += 1;
    const words = Array.from({ length: 12 + Math.floor(random() * 30) }, () => vocabulary[zipf(60_000)]);
    const lang = pick(langs, random());
    if (lang === 'ja') words.push('今朝からログインに障害があります');
    // A word in seven of ten posts, one in a thousand posts, one in twenty.
    if (random() < 0.7) words.push('acme');
    if (postId % 1_000 === 17) words.push('zirconium');
    if (postId % 50_000 === 23) words.push('quokka');
    const url = `https://${source}.example/${postId}`;
    const author = `user${zipf(200_000)}`;
    const text = words.join(' ');
    const title = random() < 0.4 ? text.slice(0, 60) : null;
    const likes = zipf(3_000);
    post.run(
      postId,
      source,
      source,
      `e${postId}`,
      signalId,
      url,
      author,
      title,
      text,
      lang || null,
      createdAt,
      createdAt,
      likes,
      random() < 0.3 ? zipf(100) : 0,
    );
    return likes;
  };
  const add = db.transaction((first: number, last: number) => {
    const firstPost = postId + 1;
    for (let id = first; id <= last; id += 1) {
      const createdAt = Math.round(filledAt - yearMs * (1 - id / signals) - random() * 7_200_000);
      const source = pick(sources, random());
      const likes = addPost(id, source, createdAt);
      const lead = postId;
      const echoes = random() < 0.02 ? zipf(40) : 0;
      for (let echo = 0; echo < echoes; echo += 1)
        addPost(id, pick(sources, random()), createdAt + echo * 60_000);
      const urgency = Math.min(5, Math.floor(6 * random() ** 2.2));
      const category = pick(categories, random());
      const rank =
        Math.log2(1 + 10 * Math.log(1 + likes + 3 * echoes) + urgency * 4) +
        createdAt / 3_600_000 / halfLifeHours;
      // What is old has been decided, mostly.
      const status = id > signals * 0.97 && random() < 0.8 ? 'inbox' : pick(statuses, random());
      const assignee = random() < 0.004 ? (['ann', 'joe', 'kim'][Math.floor(random() * 3)] ?? null) : null;
      signal.run(
        id,
        lead,
        status,
        source,
        createdAt,
        createdAt + echoes * 60_000,
        echoes,
        category,
        pick(sentiments, random()),
        urgency,
        rank,
        factors,
        createdAt,
        createdAt,
        assignee,
      );
      analysis.run(id, category, 'neutral', urgency, createdAt);
      for (let count = Math.floor(random() * 3); count > 0; count -= 1) tag.run(`tag${zipf(400)}`, id);
    }
    index.run(firstPost, postId);
  });
  for (let first = 1; first <= signals; first += perBatch) {
    add(first, Math.min(signals, first + perBatch - 1));
    if (first % 100_000 === 1) process.stderr.write(`filling ${first} of ${signals}\r`);
  }
  db.exec('UPDATE sources SET posts = (SELECT count(*) FROM posts WHERE source = name)');
}

const sentiments = share({ negative: 45, neutral: 35, positive: 20 });

function share(parts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  let sum = 0;
  return Object.entries(parts).map(([name, part]) => {
    sum += part / total;
    return [name, sum];
  });
}

function pick(shares: readonly (readonly [string, number])[], at: number): string {
  return shares.find(([, sum]) => at < sum)?.[0] ?? shares[0]?.[0] ?? '';
}

/** A pronounceable word; each rank has its own. */
function wordAt(rank: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ter', 'sun', 've', 'rad', 'pol', 'ni', 'gas', 'ho', 'quin'];
  let word = '';
  for (let left = rank + 12; left > 0; left = Math.floor(left / 12)) word += syllables[left % 12];
  return word;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
