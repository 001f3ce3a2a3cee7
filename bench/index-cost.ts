/**
 * What the indexes of lists and the index of words cost when posts arrive:
 * posts, signals, analyses and scores are written in transactions of 500, with
 * the schema as it is and with its last migration for searches taken back.
 * Time of the processor, the least of three rounds: other programs do not count.
 *
 * Usage: node bench/index-cost.ts [posts]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database as Connection } from 'better-sqlite3';
import { openStoreFile } from '../source/store/database.ts';
import { migrateDown, migrateUp } from '../source/store/migrate.ts';

const posts = Number(process.argv[2] ?? 100_000);
const perTransaction = 500;

const rounds: { before: number; lists: number; words: number }[] = [];
for (let round = 0; round < 3; round += 1) {
  rounds.push({
    before: await measure(true),
    lists: await measure(false, false),
    words: await measure(false),
  });
}
const before = Math.min(...rounds.map((round) => round.before));
const listsOnly = Math.min(...rounds.map((round) => round.lists));
const after = Math.min(...rounds.map((round) => round.words));
process.stdout.write(
  [
    `${posts} posts, each with a signal, an analysis and a score`,
    `without                    ${rate(before)} posts a second`,
    `indexes of lists           ${rate(listsOnly)} posts a second, ${(before / listsOnly).toFixed(2)} of that`,
    `and the index of words     ${rate(after)} posts a second, ${(before / after).toFixed(2)} of that`,
    '',
  ].join('\n'),
);

function rate(elapsedMs: number): string {
  return Math.round(posts / (elapsedMs / 1000)).toLocaleString('en-US');
}

/** Milliseconds for all of them. */
async function measure(former: boolean, words = !former): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
  const file = openStoreFile(join(folder, 'store.db'));
  try {
    await migrateUp(file);
    if (former) {
      let undone: string | null;
      do undone = await migrateDown(file);
      while (undone !== null && undone !== '005-search');
    }
    return fill(file.connection, words);
  } finally {
    await file.db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(db: Connection, words: boolean): number {
  db.exec("INSERT INTO sources (name, kind) VALUES ('bench', 'bench')");
  const post =
    db.prepare(`INSERT INTO posts (source, kind, externalId, signalId, text, author, url, createdAt, fetchedAt)
    VALUES ('bench', 'bench', ?, NULL, ?, ?, ?, ?, ?)`);
  const index = words
    ? db.prepare(`INSERT INTO post_words (rowid, title, text, author, marks)
        SELECT id, search_words(title), search_words(text), search_words(author), search_marks(url, link, lang)
        FROM posts WHERE id > ? ORDER BY id`)
    : null;
  const signal = db.prepare(
    `INSERT INTO signals (id, leadPostId, source, createdAt, lastSeenAt) VALUES (?, ?, 'bench', ?, ?)`,
  );
  const place = db.prepare('UPDATE posts SET signalId = ? WHERE id = ?');
  const analyze = db.prepare(
    'UPDATE signals SET category = ?, sentiment = ?, urgency = ?, analyzedAt = ? WHERE id = ?',
  );
  const score = db.prepare('UPDATE signals SET rank = ?, factors = ?, scoredAt = ? WHERE id = ?');
  const categories = ['outage', 'bug', 'question', 'other'];
  const text = (id: number) =>
    Array.from({ length: 30 }, (_, step) => `word${(id * 7919 + step * step * 104_729) % 30_011}`).join(' ');
  const ids = (first: number) => Array.from({ length: perTransaction }, (_, step) => first + step);
  const each = (act: (id: number) => void) => db.transaction((first: number) => ids(first).forEach(act));
  const save = db.transaction((first: number) => {
    for (const id of ids(first))
      post.run(`e${id}`, text(id), `user${id % 9_000}`, `https://a.example/${id}`, id * 1_000, id * 1_000);
    index?.run(first - 1);
  });
  const group = each((id) => {
    signal.run(id, id, id * 1_000, id * 1_000);
    place.run(id, id);
  });
  const judge = each((id) => analyze.run(categories[id % 4], 'neutral', id % 6, id, id));
  const rank = each((id) => score.run(((id * 31) % 70) / 10 + id / 86_400, '{"base":1}', id, id));
  const started = process.cpuUsage();
  for (let first = 1; first <= posts; first += perTransaction) {
    save(first);
    group(first);
    judge(first);
    rank(first);
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
