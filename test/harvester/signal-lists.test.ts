import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import { UserError } from '../../source/errors.ts';
import { createSignalLists } from '../../source/harvester/signal-lists.ts';
import { createViews } from '../../source/harvester/views.ts';
import {
  harvestScripted,
  listSource,
  scriptedParts,
  stoppedClock,
  syntheticPosts,
} from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const context = { at: 1, actor: 'analyst', fingerprint: fingerprintPost };

async function filledLists(count = 120, views: readonly { name: string; query: string }[] = []) {
  const store = await temporaryStore();
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', count))]);
  const db = new Database(store.path);
  db.exec('UPDATE signals SET urgency = id % 6');
  db.close();
  const parts = {
    store,
    clock: stoppedClock,
    scoring: scriptedParts(store).scoring,
    sources: [{ name: 'never-asked', kind: 'rss' }],
    categories: ['shipping-delay', 'other'],
    analyst: 'ann',
    timeZone: 'Europe/Berlin',
  };
  const lists = createSignalLists(parts);
  return { store, lists, views: createViews({ ...parts, lists, views }) };
}

const ids = (page: { readonly rows: readonly { readonly id: number }[] }) => page.rows.map(({ id }) => id);

describe('a list', () => {
  test('takes a search together with its filters, and the order of the search wins', async () => {
    const { lists, store } = await filledLists();
    const all = await lists.page({ limit: 500, order: 'oldest' });
    await store.decide({ action: 'status', status: 'escalated' }, ids(all).slice(0, 5), context);
    const found = await lists.page({
      search: 'is:escalated sort:oldest',
      sources: ['one'],
      limit: 3,
      order: 'newest',
    });
    expect(ids(found)).toEqual(ids(all).slice(0, 3));
    expect(found).toMatchObject({ hasMore: true, searching: false, capped: false });
    expect(await lists.count({ search: 'is:escalated', statuses: ['inbox'] })).toEqual({
      count: 0,
      capped: false,
    });
    expect(await lists.count({ search: 'source:never-asked' })).toEqual({ count: 0, capped: false });
  });

  test('finds a category of one’s own, and one that the taxonomy had before', async () => {
    const { lists, store } = await filledLists(6);
    const db = new Database(store.path);
    db.exec("UPDATE signals SET category = CASE id % 3 WHEN 0 THEN 'shipping-delay' WHEN 1 THEN 'lost' END");
    db.close();
    expect((await lists.count({ search: 'category:shipping-delay' })).count).toBe(2);
    expect((await lists.count({ search: 'category:lost,shipping-delay' })).count).toBe(4);
    await expect(lists.count({ search: 'category:lots' })).rejects.toMatchObject({ code: 'bad-search' });
    const { candidates } = await lists.complete('category:', 9);
    expect(candidates.map(({ text }) => text)).toEqual(['shipping-delay', 'other']);
  });

  test('refuses a search that cannot be read, and says where', async () => {
    const { lists } = await filledLists(5);
    const refused = await lists.count({ search: 'login catgory:bug' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({
      code: 'bad-search',
      message:
        'The search cannot be read:\n  login catgory:bug\n        ^^^^^^^ unknown field; did you mean category?',
      details: { start: 6, end: 13, message: 'unknown field', fix: 'did you mean category?' },
    });
    await expect(lists.page({ search: 'source:onne', limit: 5 })).rejects.toMatchObject({
      details: { start: 7, end: 11, fix: 'did you mean one?' },
    });
  });

  test('jumps to its end', async () => {
    const { lists } = await filledLists();
    const all = ids(await lists.page({ limit: 500 }));
    const end = await lists.page({ limit: 7, from: 'end' });
    expect(ids(end)).toEqual(all.slice(-7));
    expect(end.hasMore).toBe(true);
    const above = await lists.page({ limit: 7, ...(end.first && { before: end.first }) });
    expect(ids(above)).toEqual(all.slice(-14, -7));
  });

  test.each(['rank', 'newest', 'oldest', 'urgent', 'echoes'] as const)(
    'in the order %s finds the place of a signal among its neighbours, also of one that is not in it',
    async (order) => {
      const { lists, store } = await filledLists();
      const all = ids(await lists.page({ limit: 500, order }));
      for (const id of [all[0], all[40], all.at(-1)]) {
        if (id === undefined) continue;
        const around = await lists.around(id, { order }, 10);
        const at = all.indexOf(id);
        expect(around && ids(around)).toEqual(all.slice(Math.max(0, at - 5), at + 6));
        expect(around).toMatchObject({
          index: Math.min(at, 5),
          hasBefore: at > 5,
          hasMore: at < all.length - 6,
        });
      }
      const decided = all[40] ?? 0;
      await store.decide({ action: 'status', status: 'dismissed' }, [decided], context);
      const around = await lists.around(decided, { order, statuses: ['inbox'] }, 6);
      expect(around?.index).toBeNull();
      expect(around && ids(around)).toEqual([...all.slice(37, 40), ...all.slice(41, 44)]);
      expect(await lists.around(99_999, { order }, 6)).toBeNull();
    },
  );

  test('tells how many matching signals came since', async () => {
    const { lists, store } = await filledLists(30);
    const { mark, count } = await lists.newSince(null, {});
    expect(count).toBe(0);
    await harvestScripted(store, [
      listSource(
        'two',
        syntheticPosts('other', 12).map((post) => ({ ...post, text: `new ${post.text} ${post.externalId}` })),
      ),
    ]);
    const since = await lists.newSince(mark, {});
    const all = await lists.page({ limit: 500, order: 'newest' });
    expect(since.count).toBe(ids(all).filter((id) => id > mark).length);
    expect(since.count).toBeGreaterThan(3);
    expect(await lists.newSince(mark, { search: 'is:escalated' })).toEqual({ count: 0, capped: false, mark });
  });

  test('leaves out what was merged', async () => {
    const { lists, store } = await filledLists(30);
    const all = ids(await lists.page({ limit: 500, order: 'newest' }));
    const [merged = 0, into = 0] = all;
    const db = new Database(store.path);
    db.prepare('UPDATE signals SET mergedInto = ? WHERE id = ?').run(into, merged);
    db.close();
    for (const order of ['rank', 'newest', 'oldest', 'echoes'] as const) {
      expect(ids(await lists.page({ limit: 500, order }))).not.toContain(merged);
    }
    expect(ids(await lists.page({ limit: 5, search: `id:${merged}` }))).toEqual([]);
    expect((await lists.count({})).count).toBe(all.length - 1);
    expect(await lists.around(merged, {}, 5)).toBeNull();
  });

  test('is completed with what the store holds', async () => {
    const { lists, store } = await filledLists(10);
    const db = new Database(store.path);
    db.exec(
      "UPDATE signals SET assignee = 'zoe' WHERE id = 1; UPDATE signals SET assignee = 'ann' WHERE id IN (2, 3);",
    );
    db.exec("INSERT INTO signal_tags (tag, signalId) VALUES ('checkout', 2), ('checkout', 3), ('chess', 3)");
    db.close();
    const texts = async (text: string) =>
      (await lists.complete(text, text.length)).candidates.map((each) => each.text);
    expect(await texts('assignee:')).toEqual(['me', 'none', 'ann', 'zoe']);
    expect(await texts('tag:che')).toEqual(['checkout', 'chess']);
    expect(await texts('source:')).toEqual(['never-asked', 'one', 'rss', 'list']);
  });
});

describe('views', () => {
  test('are built in, of the configuration and stored; the later wins by name, and all have counts', async () => {
    const { views } = await filledLists(20, [
      { name: 'Team', query: 'assignee:none' },
      { name: 'Churn', query: 'category:churn' },
    ]);
    await views.save({ name: 'Loud', query: 'echoes:>0' });
    await views.save({ name: 'Inbox', query: 'status:inbox sort:newest' });
    const listed = await views.list();
    expect(listed.map(({ name, origin }) => `${name} ${origin}`)).toEqual([
      'Inbox stored',
      'Escalated built-in',
      'Snoozed built-in',
      'Outages 24 h built-in',
      'Churn config',
      'Unanswered questions built-in',
      'Mine built-in',
      'Team config',
      'Loud stored',
    ]);
    expect(listed.every(({ count, problem }) => count !== null && problem === null)).toBe(true);
    await views.remove('Inbox');
    expect((await views.list())[0]).toMatchObject({ query: 'status:inbox', origin: 'built-in' });
  });

  test('can be renamed and put in another order', async () => {
    const { views } = await filledLists(5);
    for (const name of ['a', 'b', 'c']) await views.save({ name, query: 'login' });
    await views.rename('b', 'B');
    await views.reorder(['c', 'B']);
    expect((await views.list()).slice(-3).map(({ name }) => name)).toEqual(['c', 'B', 'a']);
    await expect(views.rename('a', 'Mine')).rejects.toMatchObject({ code: 'view-exists' });
    await expect(views.rename('gone', 'x')).rejects.toMatchObject({ code: 'unknown-view' });
    await expect(views.remove('Mine')).rejects.toMatchObject({ code: 'unknown-view' });
  });

  test('with a bad name or search are refused; one whose source is gone says so instead of failing all', async () => {
    const { views } = await filledLists(5, [{ name: 'Old', query: 'source:removed' }]);
    await expect(views.save({ name: ' ', query: 'login' })).rejects.toMatchObject({ code: 'bad-view-name' });
    await expect(views.save({ name: 'x\ny', query: 'login' })).rejects.toMatchObject({
      code: 'bad-view-name',
    });
    await expect(views.save({ name: 'x', query: 'is:' })).rejects.toMatchObject({ code: 'bad-search' });
    const old = (await views.list()).find(({ name }) => name === 'Old');
    expect(old).toMatchObject({
      count: null,
      problem: expect.stringContaining('no source is called removed'),
    });
  });
});
