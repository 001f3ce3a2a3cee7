import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { AnalysisDraft } from '../../source/domain/analysis.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

const draft: AnalysisDraft = {
  category: 'bug',
  sentiment: 'negative',
  urgency: 3,
  tags: ['login'],
  reasoning: 'it says so',
  confidence: 0.9,
};
const key = (index: number) => String(index).padStart(64, '0');
const use = (model: string, costUsd: number) => ({
  model,
  inputTokens: 1000,
  cachedTokens: 400,
  outputTokens: 200,
  costUsd,
});
const day = 86_400_000;
const now = Date.UTC(2026, 10, 22, 12);

describe('kept answers', () => {
  test('come back as they were, and only those that are asked for and young enough', async () => {
    const store = await temporaryStore();
    await store.recordModelUse(use('a', 0.1), [{ key: key(1), draft }], now - 3 * day);
    await store.recordModelUse(use('a', 0.1), [{ key: key(2), draft: { ...draft, urgency: 5 } }], now);
    const kept = await store.keptAnswers([key(1), key(2), key(3)], now - day);
    expect([...kept]).toEqual([[key(2), { ...draft, urgency: 5 }]]);
    expect((await store.keptAnswers([key(1)], 0)).get(key(1))).toEqual(draft);
  });

  test('are replaced by a newer answer', async () => {
    const store = await temporaryStore();
    await store.recordModelUse(use('a', 0), [{ key: key(1), draft }], now - day);
    await store.recordModelUse(use('a', 0), [{ key: key(1), draft: { ...draft, urgency: 0 } }], now);
    expect((await store.keptAnswers([key(1)], now)).get(key(1))?.urgency).toBe(0);
  });

  test('and the books are written together or not at all', async () => {
    const store = await temporaryStore();
    await expect(store.recordModelUse(use('a', 0.1), [{ key: 'too short', draft }], now)).rejects.toThrow();
    expect(await store.modelSpent(now)).toEqual({ todayUsd: 0, monthUsd: 0 });
  });

  test('are pruned by age and number, oldest first', async () => {
    const store = await temporaryStore();
    for (let index = 0; index < 10; index += 1) {
      await store.recordModelUse(use('a', 0), [{ key: key(index), draft }], now - index * day);
    }
    const keys = Array.from({ length: 10 }, (_, index) => key(index));
    await store.pruneAnswers(now - 6 * day, 100);
    expect((await store.keptAnswers(keys, 0)).size).toBe(7);
    await store.pruneAnswers(now - 6 * day, 3);
    expect([...(await store.keptAnswers(keys, 0)).keys()].sort()).toEqual([key(0), key(1), key(2)]);
  });
});

test('what models cost is told by model for the day and the month', async () => {
  const store = await temporaryStore();
  await store.recordModelUse(use('openai/a', 0.1), [], now);
  await store.recordModelUse(use('openai/a', 0.2), [], now - 2 * day);
  await store.recordModelUse(use('anthropic/b', 0.5), [], now);
  await store.recordModelUse(use('anthropic/b', 9), [], now - 40 * day);
  const { today, month } = await store.modelSpendOf(now);
  expect(today.map(({ model, requests, costUsd }) => [model, requests, costUsd])).toEqual([
    ['anthropic/b', 1, 0.5],
    ['openai/a', 1, 0.1],
  ]);
  expect(month.find(({ model }) => model === 'openai/a')).toMatchObject({
    requests: 2,
    inputTokens: 2000,
    cachedTokens: 800,
    outputTokens: 400,
    costUsd: expect.closeTo(0.3, 9),
  });
  expect(await store.modelSpent(now)).toEqual({
    todayUsd: expect.closeTo(0.6, 9),
    monthUsd: expect.closeTo(0.8, 9),
  });
});

test('an analysis remembers its model, and one without forgets that of the analysis before', async () => {
  const store = await temporaryStore();
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', 3))]);
  const model = { name: 'openai/gpt-5-mini', promptVersion: '0a1b2c3d' };
  const analysis = { ...draft, analyzer: 'openai', analyzedAt: now };
  await store.saveAnalyses([{ signalId: 1, analysis: { ...analysis, model } }]);
  expect((await store.signal(1))?.analysis?.model).toEqual(model);
  expect((await store.analyzedSignals([1, 4711])).map((each) => each.analysis?.model)).toEqual([model]);
  await store.saveAnalyses([{ signalId: 1, analysis: { ...analysis, analyzer: 'offline' } }]);
  expect((await store.signal(1))?.analysis).not.toHaveProperty('model');
});

test('the migration goes down and up again with data in place, and keeps the analyses', async () => {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await openStore(path);
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', 20))]);
  await store.recordModelUse(use('a', 0.1), [{ key: key(1), draft }], now);
  const before = (await store.signal(1))?.analysis;
  await store.close();
  const admin = await openStoreAdmin(path);
  // Whatever was added after it goes first.
  const rolledBack: (string | null)[] = [];
  while (rolledBack.length < 20 && rolledBack.at(-1) !== '007-kept-answers')
    rolledBack.push(await admin.rollback());
  expect(rolledBack.at(-1)).toBe('007-kept-answers');
  const database = new Database(path);
  const columns = database.pragma('table_info(analyses)') as { name: string }[];
  expect(columns.map(({ name }) => name)).not.toContain('promptVersion');
  database.close();
  await admin.close();
  const again = await temporaryStore(path);
  expect((await again.signal(1))?.analysis).toEqual(before);
  expect((await again.keptAnswers([key(1)], 0)).size).toBe(0);
  expect(await again.check()).toEqual([]);
});
