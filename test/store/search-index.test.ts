import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SearchNode } from '../../source/domain/search.ts';
import { printSearch } from '../../source/domain/search-print.ts';
import { UserError } from '../../source/errors.ts';
import { createSignalLists } from '../../source/harvester/signal-lists.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStoreFile } from '../../source/store/database.ts';
import { countSignals } from '../../source/store/signal-lists.ts';
import {
  harvestScripted,
  listSource,
  scriptedParts,
  stoppedClock,
  syntheticPosts,
} from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

async function searchable(count = 40) {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await temporaryStore(path);
  const posts = syntheticPosts('acme', count).map((post, index) => ({
    ...post,
    text: `${post.text} ${index % 2 === 0 ? 'even ログイン' : 'odd'}`,
    url: `https://shop.example/${index}`,
    lang: index % 4 === 0 ? 'ja' : 'en',
  }));
  await harvestScripted(store, [listSource('one', posts)]);
  const lists = createSignalLists({
    store,
    clock: stoppedClock,
    scoring: scriptedParts(store).scoring,
    sources: [],
    categories: [],
    analyst: 'ann',
    timeZone: 'UTC',
  });
  const counts = async () => {
    const found: number[] = [];
    for (const search of ['even', 'odd', 'グイ', 'link:shop.example', 'lang:ja', 'author:author7', 'ev*']) {
      found.push((await lists.count({ search })).count);
    }
    return found;
  };
  return { store, lists, counts, path };
}

describe('the index of words', () => {
  test('has a post as soon as it is saved, and forgets it when it is deleted', async () => {
    const { counts, path } = await searchable();
    const before = await counts();
    expect(before.every((count) => count > 0)).toBe(true);
    const file = openStoreFile(path);
    const matching = () =>
      file.connection.prepare("SELECT count(*) FROM post_words WHERE post_words MATCH 'even'").pluck().get();
    const had = Number(matching());
    file.connection.exec('PRAGMA foreign_keys = OFF; DELETE FROM posts WHERE id = 1');
    expect(matching()).toBe(had - 1);
    await file.db.destroy();
  });

  test('is the same when it is made afterwards, by the migration, and its migration can be taken back', async () => {
    const { store, counts, path } = await searchable();
    const before = await counts();
    await store.close();
    const admin = openStoreAdmin(path);
    // Whatever was added after it goes first.
    let rolledBack: string | null = '';
    while (rolledBack !== null && rolledBack !== '005-search') rolledBack = await admin.rollback();
    expect(rolledBack).toBe('005-search');
    expect(await admin.migrate()).toContain('005-search');
    expect((await admin.check()).problems).toEqual([]);
    await admin.close();
    const again = await temporaryStore(path);
    const lists = createSignalLists({
      store: again,
      clock: stoppedClock,
      scoring: scriptedParts(again).scoring,
      sources: [],
      categories: [],
      analyst: 'ann',
      timeZone: 'UTC',
    });
    expect((await lists.count({ search: 'even' })).count).toBe(before[0]);
    expect((await lists.count({ search: 'グイ' })).count).toBe(before[2]);
    expect((await lists.count({ search: 'lang:ja' })).count).toBe(before[4]);
  });

  test('looks at the newest matches of a common word only, and says so', async () => {
    const { path } = await searchable();
    const file = openStoreFile(path);
    const limits = {
      few: 4,
      newestMatches: 10,
      patienceMs: 1000,
      readingPatienceMs: 1000,
      firstStretch: 10,
      stretch: 10,
      checkedAtOnce: 10,
    };
    const search = { condition: 'phrase', in: 'text', phrase: { words: ['even'], prefix: false } } as const;
    const { count, capped } = await countSignals(file.db, { search }, 100, limits);
    expect(capped).toBe(true);
    expect(count).toBeLessThanOrEqual(10);
    expect(count).toBeGreaterThan(5);
    await file.db.destroy();
  });
});

describe('hostile words', () => {
  test('are data in every field: nothing throws, nothing is found by them, nothing is lost', async () => {
    const { lists, store } = await searchable(20);
    const all = await lists.count({});
    const nasty = fc.oneof(
      fc.constantFrom(
        `' OR 1=1 --`,
        `"; DROP TABLE signals; --`,
        'NEAR(a b, 5)',
        'title : x',
        '{title text} : x',
        '^even',
        'even AND odd',
        '%',
        '_',
        '\\',
        '*',
        ')',
        '\ue000shop\ue000example',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        nasty,
        fc.constantFrom('tag', 'assignee', 'analyzer', 'author', 'link', 'source'),
        async (value, field) => {
          for (const node of [
            { node: 'words', field, values: [`zz${value}`] },
            { node: 'text', text: `zz${value}`, prefix: false },
            { node: 'text', text: `zz${value}`, prefix: true },
          ] satisfies SearchNode[]) {
            const search = printSearch({ node, sort: null });
            const found = await lists.count({ search }).catch((error: unknown) => error);
            if (found instanceof UserError) expect(found.code).toBe('bad-search');
            else expect([search, found]).toEqual([search, { count: 0, capped: false }]);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(await lists.count({})).toEqual(all);
    expect(await store.check()).toEqual([]);
  });
});
