import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LabelDraft } from '../../source/domain/label.ts';
import type { Store } from '../../source/ports/store.ts';
import { appliedMigrations, openStoreFile } from '../../source/store/database.ts';
import { migrateDown } from '../../source/store/migrate.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

const everything = { limit: 100, after: 0 };

async function storeWith(posts: number) {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await temporaryStore(path);
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', posts, 1_000_000))]);
  return { store, sql: (statement: string) => runSql(path, statement) };
}

function runSql(path: string, statement: string): void {
  const file = openStoreFile(path);
  file.connection.exec(statement);
  file.connection.close();
}

const label = (text: string, fields: Partial<LabelDraft> = {}): LabelDraft => ({
  at: 1_000,
  kind: 'file',
  lang: null,
  title: null,
  text,
  category: 'bug',
  sentiment: null,
  urgency: null,
  ...fields,
});

test('decisions are what was escalated, resolved, noted or tagged against what was dismissed', async () => {
  const { store, sql } = await storeWith(8);
  sql(`UPDATE signals SET status = 'escalated', decidedAt = 100 WHERE id = 1;
    UPDATE signals SET status = 'resolved', decidedAt = 200 WHERE id = 2;
    UPDATE signals SET status = 'dismissed', decidedAt = 300 WHERE id = 3;
    INSERT INTO notes (signalId, at, author, text) VALUES (4, 400, 'ann', 'see the thread'), (3, 350, 'ann', 'spam');
    UPDATE signals SET tags = '["mine"]' WHERE id = 5;
    UPDATE signals SET tags = '[]' WHERE id = 6;
    UPDATE signals SET status = 'escalated', decidedAt = 700, mergedInto = 1 WHERE id = 7;`);
  expect(await store.decidedSignals(everything)).toEqual([
    { signalId: 4, kept: true },
    { signalId: 3, kept: false },
    { signalId: 2, kept: true },
    { signalId: 1, kept: true },
    { signalId: 5, kept: true },
  ]);
  expect((await store.decidedSignals({ limit: 2, after: 0 })).map(({ signalId }) => signalId)).toEqual([
    4, 3,
  ]);
});

test('decisions made before a reset do not count, and stay', async () => {
  const { store, sql } = await storeWith(3);
  sql(`UPDATE signals SET status = 'escalated', decidedAt = 100 WHERE id = 1;
    UPDATE signals SET status = 'dismissed', decidedAt = 300 WHERE id = 2;`);
  await store.resetLearning({ relevance: true, corrections: false }, 200);
  expect(await store.learningResets()).toEqual({ relevanceAt: 200, correctionsAt: 0 });
  const after = (await store.learningResets()).relevanceAt;
  expect(await store.decidedSignals({ limit: 10, after })).toEqual([{ signalId: 2, kept: false }]);
  expect(await store.decidedSignals(everything)).toHaveLength(2);
});

test('the version of the labels changes with every label, and comes back when it does', async () => {
  const { store, sql } = await storeWith(2);
  const seen = new Set([await store.labelsVersion()]);
  await store.importLabels([label('one')]);
  const first = await store.labelsVersion();
  seen.add(first);
  sql(`UPDATE labels SET category = 'outage'`);
  seen.add(await store.labelsVersion());
  sql(`UPDATE labels SET urgency = 0`);
  seen.add(await store.labelsVersion());
  sql(`UPDATE labels SET at = 2000`);
  seen.add(await store.labelsVersion());
  expect(seen.size).toBe(5);
  sql(`UPDATE labels SET category = 'bug', urgency = NULL, at = 1000`);
  expect(await store.labelsVersion()).toBe(first);
});

test('an imported label replaces an imported one of the same text, never a correction made in triage', async () => {
  const { store, sql } = await storeWith(2);
  sql(`INSERT INTO labels (signalId, at, kind, text, category) VALUES (1, 5, 'list', 'corrected', 'churn')`);
  expect(await store.importLabels([label('new'), label('corrected')])).toEqual({
    added: 1,
    replaced: 0,
    kept: 1,
  });
  expect(await store.importLabels([label('new', { category: 'praise' })])).toEqual({
    added: 0,
    replaced: 1,
    kept: 0,
  });
  const said = new Map((await store.labels(everything)).map(({ text, category }) => [text, category]));
  expect(said).toEqual(
    new Map([
      ['new', 'praise'],
      ['corrected', 'churn'],
    ]),
  );
  const [newest] = await store.labels(everything);
  expect(await store.removeLabels([newest?.id ?? 0, 999])).toBe(1);
  expect(await store.countLabels()).toBe(1);
});

test('usual posts are uncorrected ones of the time of the labels, whatever arrives later', async () => {
  const { store, sql } = await storeWith(10);
  sql(
    `INSERT INTO labels (signalId, at, kind, text, category) VALUES (2, 5, 'list', 'x', 'churn'), (6, 5, 'list', 'y', 'bug')`,
  );
  const ids = async (of: Store) => (await of.usualPosts(4)).map(({ signalId }) => signalId);
  expect(await ids(store)).toEqual([5, 4, 3, 1]);
  await harvestScripted(store, [listSource('two', syntheticPosts('other', 5, 1_000_000))]);
  expect(await ids(store)).toEqual([5, 4, 3, 1]);
});

test('taking the migration back keeps labels and decisions, and forgets resets; doing it again finds both', async () => {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await temporaryStore(path);
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', 3, 1_000_000))]);
  await store.importLabels([label('one')]);
  await store.resetLearning({ relevance: true, corrections: true }, 50);
  await store.saveRelevanceVersion('v1');
  await store.close();
  runSql(path, `UPDATE signals SET status = 'escalated', decidedAt = 100 WHERE id = 1`);
  const file = openStoreFile(path);
  // Whatever was added after it goes first.
  while (appliedMigrations(file.connection).includes('006-learning')) await migrateDown(file);
  const settings = file.connection.prepare(`SELECT name FROM settings WHERE name LIKE 'learning%'`).all();
  expect(settings).toEqual([]);
  await file.db.destroy();
  const again = await temporaryStore(path);
  expect(await again.countLabels()).toBe(1);
  expect(await again.decidedSignals(everything)).toEqual([{ signalId: 1, kept: true }]);
  expect(await again.learningResets()).toEqual({ relevanceAt: 0, correctionsAt: 0 });
});
