import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftPost } from '../../source/domain/post.ts';
import { createRelevance } from '../../source/pipeline/relevance.ts';
import { openStoreFile } from '../../source/store/database.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from '../store/temporary-store.ts';

const count = 60;
const posts = Array.from({ length: count }, (_, index) =>
  draftPost({
    externalId: `post-${index}`,
    author: `author${index}`,
    text: `${index % 2 === 0 ? 'checkout payment broken' : 'giveaway lovely mug'} ${['alpha', 'beta', 'gamma', 'delta', 'omega'][index % 5]} ${index * 7919} ${index * 104_729} ${index * 31}`,
    createdAt: Date.UTC(2026, 10, 21) + index * 1000,
  }),
);

async function decidedStore(decisions: number) {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await temporaryStore(path);
  await harvestScripted(store, [listSource('one', posts)]);
  const sql = (statement: string) => {
    const file = openStoreFile(path);
    file.connection.exec(statement);
    file.connection.close();
  };
  sql(`UPDATE signals SET status = CASE id % 2 WHEN 1 THEN 'escalated' ELSE 'dismissed' END, decidedAt = id
    WHERE id <= ${decisions}`);
  const ranks = async () => {
    const { rows } = await store.signalWindow({
      sort: 'rank',
      direction: 'forward',
      limit: 100,
      statuses: ['inbox'],
    });
    return rows.map(({ row }) => [row.id, row.rank] as const);
  };
  const run = async (enabled = true) => {
    const relevance = createRelevance(store, enabled);
    await harvestScripted(store, [], { relevance });
    return relevance;
  };
  return { store, sql, ranks, run };
}

test('the order of the inbox follows decisions at the next run, and comes back when they are taken back', async () => {
  const { store, sql, ranks, run } = await decidedStore(20);
  const before = await ranks();
  await run();
  const unlearned = new Map(before);
  for (const [id, rank] of await ranks()) {
    const moved = (rank ?? 0) - (unlearned.get(id) ?? 0);
    expect(id % 2 === 1 ? moved : -moved).toBeGreaterThan(0.2);
  }
  expect((await store.signal(31))?.factors?.relevance).toBeGreaterThan(1.2);
  sql(`UPDATE signals SET status = 'inbox', decidedAt = NULL WHERE id = 1`);
  await run();
  expect((await ranks()).filter(([id]) => id > 20)).toEqual(before.filter(([id]) => id > 20));
});

test('below 20 decisions every factor is exactly 1', async () => {
  const { store, ranks, run } = await decidedStore(19);
  const before = await ranks();
  const relevance = await run();
  expect(await ranks()).toEqual(before);
  expect(await relevance.model()).toBeNull();
  expect((await store.signal(30))?.factors?.relevance).toBe(1);
});

test('only signals whose relevance has changed become due, and only once', async () => {
  const { store } = await decidedStore(20);
  const relevance = createRelevance(store, true);
  const due = await relevance.follow();
  expect(due).toBe(40);
  expect((await store.pending()).unscored).toBe(due);
  expect(await relevance.follow()).toBe(0);
});

test('turned off, it takes back what it had learned', async () => {
  const { ranks, run } = await decidedStore(20);
  const before = await ranks();
  await run();
  expect(await ranks()).not.toEqual(before);
  await run(false);
  expect(await ranks()).toEqual(before);
});

test('after a reset, decisions made before it move nothing', async () => {
  const { store, ranks, run } = await decidedStore(20);
  const before = await ranks();
  await run();
  await store.resetLearning({ relevance: true, corrections: false }, 1_000);
  await run();
  expect(await ranks()).toEqual(before);
});

test('every page of the inbox is followed, and a run that is cancelled between two begins anew', async () => {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await temporaryStore(path);
  await harvestScripted(store, [
    listSource('one', posts),
    listSource('two', syntheticPosts('more', 500, 1_000)),
  ]);
  const file = openStoreFile(path);
  file.connection.exec(`UPDATE signals SET status = CASE id % 2 WHEN 1 THEN 'escalated' ELSE 'dismissed' END,
    decidedAt = id WHERE id <= 20`);
  file.connection.close();
  const relevance = createRelevance(store, true);
  const cancelled = new Error('no more');
  await expect(relevance.follow(AbortSignal.abort(cancelled))).rejects.toThrow('no more');
  expect(await relevance.follow(new AbortController().signal)).toBe(540);
  expect(await relevance.follow()).toBe(0);
});

test('the words of a signal are those of what the inbox was scored with', async () => {
  const { store, sql, run } = await decidedStore(20);
  const relevance = createRelevance(store, true);
  expect(await createRelevance(store, false).wordsOf(31)).toBeNull();
  await run();
  const words = await relevance.wordsOf(31);
  expect(JSON.stringify(words)).toContain('checkout');
  expect(await relevance.wordsOf(99_999)).toBeNull();
  // A decision that no run has followed yet teaches nothing.
  sql("UPDATE signals SET status = 'inbox', decidedAt = NULL WHERE id <= 10");
  expect(await relevance.wordsOf(31)).toEqual(words);
  await run();
  expect(await relevance.wordsOf(31)).toBeNull();
});
