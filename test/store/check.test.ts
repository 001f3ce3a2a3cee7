import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder } from './temporary-store.ts';

/** A store that somebody has worked on with another tool. */
async function spoiled(statements: string): Promise<string> {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await openStore(path);
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', 60))]);
  await store.close();
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec(statements);
  db.close();
  return path;
}

async function checked(path: string) {
  const changes: string[] = [];
  const admin = openStoreAdmin(path, async (change) => {
    changes.push(change);
  });
  const found = await admin.check();
  const left = await admin.repair();
  const again = await admin.check();
  await admin.close();
  return { found, left, again, changes };
}

const breakages: readonly (readonly [string, string, RegExp])[] = [
  ['counts of echoes', 'UPDATE signals SET echoes = echoes + 3 WHERE id < 5', /^4 signals whose count of echoes/],
  ['marks without an analysis', 'DELETE FROM analyses WHERE signalId IN (2, 3)', /^2 signals marked as analyzed/],
  ['analyses without a mark', 'UPDATE signals SET analyzedAt = NULL WHERE id = 2', /^1 signals marked as analyzed/],
  ['counts of posts', 'UPDATE sources SET posts = 7', /^1 sources whose count/],
  ['rows of signals that are gone', 'INSERT INTO fingerprints VALUES (1, 1, 9999, 1, 1, 1)', /^1 rows of fingerprints refer/],
  ['posts of signals that are gone', 'UPDATE posts SET signalId = 9999 WHERE id = (SELECT max(id) FROM posts WHERE id NOT IN (SELECT leadPostId FROM signals))', /^1 rows of posts refer/],
  ['posts that cannot be found by their words', 'DELETE FROM post_words WHERE rowid IN (3, 4)', /^2 posts that cannot be found by their words/],
  ['words of posts that are gone', "INSERT INTO post_words (rowid, text) VALUES (9999, 'word')", /^1 entries in the index of words/],
  ['a full-text index out of step', "CREATE VIRTUAL TABLE search USING fts5(text, content='posts', content_rowid='id'); INSERT INTO search(search) VALUES ('rebuild'); UPDATE posts SET text = 'other' WHERE id = 3", /^the full-text index search is not in step/],
]; // biome-ignore format: a table

describe('db check', () => {
  test.each(breakages)('finds and mends %s', async (_what, statements, problem) => {
    const { found, left, again, changes } = await checked(await spoiled(statements));
    expect(found.problems).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
    expect(found.repairable.length).toBeGreaterThan(0);
    expect([left, again.problems]).toEqual([[], []]);
    expect(changes).toEqual(['before-repair']);
  });

  test('gives a post the words again that it was indexed with', async () => {
    const wordsIn = (path: string) => {
      const db = new Database(path);
      db.exec("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'post_words', 'instance')");
      const rows = db.prepare('SELECT term, doc, col FROM terms ORDER BY 1, 2, 3').all();
      db.close();
      return rows;
    };
    const path = await spoiled('SELECT 1');
    const before = wordsIn(path);
    const db = new Database(path);
    db.exec('DELETE FROM post_words WHERE rowid IN (3, 17)');
    db.close();
    expect(wordsIn(path).length).toBeLessThan(before.length);
    await checked(path);
    expect(wordsIn(path)).toEqual(before);
  });

  test('finds a damaged index and makes it again', async () => {
    const path = await spoiled(
      'DROP INDEX signals_by_time; CREATE INDEX signals_by_time ON signals (createdAt) WHERE id > 10',
    );
    const db = new Database(path);
    // Now it holds fewer rows than its definition says.
    db.unsafeMode();
    db.pragma('writable_schema = ON');
    db.exec(
      "UPDATE sqlite_master SET sql = 'CREATE INDEX signals_by_time ON signals (createdAt)' WHERE name = 'signals_by_time'",
    );
    db.close();
    const { found, again } = await checked(path);
    expect(found.problems.join()).toMatch(/missing from index|wrong # of entries/);
    expect(again.problems.filter((problem) => problem.includes('signals_by_time'))).toEqual([]);
  });

  test('leaves to a person what it cannot know, and says so', async () => {
    const path = await spoiled(
      'UPDATE posts SET createdAt = fetchedAt + 500000000 WHERE id = 1; UPDATE signals SET leadPostId = (SELECT id FROM posts WHERE signalId = 5 AND id <> (SELECT leadPostId FROM signals WHERE id = 5) UNION SELECT id FROM posts WHERE id NOT IN (SELECT leadPostId FROM signals) LIMIT 1) WHERE id = 4',
    );
    const { found, left, changes } = await checked(path);
    expect(found.problems).toHaveLength(2);
    expect(found.repairable).toEqual([]);
    expect([left, changes]).toEqual([found.problems, []]);
  });

  test('notes signals that share a text, which is no fault', async () => {
    const path = await spoiled(
      'INSERT INTO fingerprints SELECT period, key, 2, high, low, createdAt FROM fingerprints WHERE signalId = 1 AND key < 140737488355328',
    );
    const { found } = await checked(path);
    expect(found.problems).toEqual([]);
    expect(found.notes).toEqual([expect.stringMatching(/^1 texts that several signals share/)]);
  });
});
