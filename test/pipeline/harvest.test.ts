import { describe, expect, test } from 'vitest';
import { draftPost, noEngagement } from '../../source/domain/post.ts';
import type { RunProgress } from '../../source/domain/run.ts';
import { UserError } from '../../source/errors.ts';
import type { Source } from '../../source/ports/source.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { failingSource, harvestScripted, listSource, syntheticPosts } from './scripted.ts';

const posts = syntheticPosts('acme', 700);

describe('a run', () => {
  test('takes posts from sources to scored signals, echoes joined', async () => {
    const store = await temporaryStore();
    const run = await harvestScripted(store, [listSource('one', posts)]);
    expect(run).toMatchObject({ state: 'done', signals: 601 });
    expect(run.sources).toMatchObject([
      { name: 'one', state: 'done', fetched: 700, added: 700, seen: 0, echoes: 99 },
    ]);
    expect(await store.pending()).toEqual({ ungrouped: 0, unanalyzed: 0, unscored: 0 });
    const { rows } = await store.signalWindow({ sort: 'rank', limit: 500, direction: 'forward' });
    const ranks = rows.map(({ row }) => row.rank ?? Number.NaN);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(await store.check()).toEqual([]);
  });

  test('of the same input a second time adds nothing', async () => {
    const store = await temporaryStore();
    await harvestScripted(store, [listSource('one', posts)]);
    const before = await store.size();
    // Without its memory the source gives everything again: identity is (source, externalId).
    const forgetful: Source = {
      ...listSource('one', posts),
      fetch: (options) => listSource('one', posts).fetch({ ...options, cursor: null }),
    };
    const again = await harvestScripted(store, [forgetful]);
    expect(again).toMatchObject({ state: 'done', signals: 0, sources: [{ added: 0, seen: 700, echoes: 0 }] });
    expect(await store.size()).toMatchObject({ posts: before.posts, signals: before.signals });
    const third = await harvestScripted(store, [listSource('one', posts)]);
    expect(third.sources).toMatchObject([{ fetched: 0 }]);
  });

  test('groups across sources, and the same however the posts are paged', async () => {
    const shapes = [];
    for (const pageSize of [7, 100, 700]) {
      const store = await temporaryStore();
      const sources = [
        listSource('one', posts, pageSize),
        listSource('two', syntheticPosts('acme', 300), pageSize),
      ];
      const run = await harvestScripted(store, sources);
      expect(run.signals).toBe(601);
      // Echoes that come on a later page have their signals scored again, which is no other signal.
      expect(run.stages).toContainEqual({ name: 'score', done: 601, total: 601 });
      const { rows } = await store.signalWindow({ sort: 'oldest', limit: 500, direction: 'forward' });
      shapes.push(rows.map(({ row }) => [row.text, row.echoes]));
    }
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[2]).toEqual(shapes[0]);
  });

  test('goes on when a source fails, and says which and why', async () => {
    const store = await temporaryStore();
    const failure = new UserError('unreachable-host', 'feeds.example.com cannot be reached', {
      fix: 'Check the name.',
    });
    const run = await harvestScripted(store, [failingSource('broken', failure), listSource('one', posts)]);
    expect(run.state).toBe('partial');
    expect(run.sources).toMatchObject([
      { name: 'broken', state: 'failed', error: { code: 'unreachable-host', fix: 'Check the name.' } },
      { name: 'one', state: 'done', added: 700 },
    ]);
    const [broken] = await store.sources(Date.now());
    expect(broken).toMatchObject({
      name: 'broken',
      lastError: 'feeds.example.com cannot be reached',
      lastSuccessAt: null,
    });
  });

  test('in which no source could be reached has failed', async () => {
    const store = await temporaryStore();
    const run = await harvestScripted(store, [
      failingSource('a', new Error('x')),
      failingSource('b', new Error('y')),
    ]);
    expect(run.state).toBe('failed');
  });

  test('keeps the pages of a source that fails half-way and goes on from there', async () => {
    const store = await temporaryStore();
    const half: Source = {
      ...listSource('one', posts),
      async *fetch(options) {
        for await (const page of listSource('one', posts).fetch(options)) {
          yield page;
          if (Number(page.cursor.given) >= 300) throw new Error('the line was cut');
        }
      },
    };
    const first = await harvestScripted(store, [half]);
    expect(first).toMatchObject({ state: 'partial', sources: [{ state: 'failed', added: 300 }] });
    const second = await harvestScripted(store, [listSource('one', posts)]);
    expect(second.sources).toMatchObject([{ state: 'done', fetched: 400, added: 400 }]);
    expect((await store.size()).signals).toBe(601);
  });

  test('can be cancelled: what is stored stays, and the next run takes up the rest', async () => {
    const store = await temporaryStore();
    const controller = new AbortController();
    const cancelling: Source = {
      ...listSource('one', posts, 10),
      async *fetch(options) {
        for await (const page of listSource('one', posts, 10).fetch(options)) {
          yield page;
          if (Number(page.cursor.given) >= 100) controller.abort();
        }
      },
    };
    const run = await harvestScripted(store, [cancelling], { signal: controller.signal });
    expect(run.state).toBe('interrupted');
    const { posts: stored } = await store.size();
    expect(stored).toBe(100);
    expect(run.sources).toMatchObject([{ state: 'cancelled' }]);
    await harvestScripted(store, [listSource('one', posts, 10)]);
    expect(await store.size()).toMatchObject({ posts: 700, signals: 601 });
    expect((await store.runs(2)).map(({ state }) => state)).toEqual(['done', 'interrupted']);
  });

  test('refreshes the counts of posts that come again, and with them the score', async () => {
    const store = await temporaryStore();
    const post = (likes: number) =>
      draftPost({
        externalId: 'p',
        text: 'the export is broken for everybody here',
        engagement: { ...noEngagement, likes },
      });
    await harvestScripted(store, [listSource('one', [post(1)])]);
    const {
      rows: [before],
    } = await store.signalWindow({ sort: 'rank', limit: 1, direction: 'forward' });
    const again: Source = {
      ...listSource('one', []),
      fetch: (options) => listSource('one', [post(5000)]).fetch({ ...options, cursor: null }),
    };
    await harvestScripted(store, [again]);
    const {
      rows: [after],
    } = await store.signalWindow({ sort: 'rank', limit: 1, direction: 'forward' });
    expect(after?.row.rank).toBeGreaterThan(before?.row.rank ?? 0);
    expect((await store.signal(after?.row.id ?? 0))?.posts[0]?.engagement.likes).toBe(5000);
  });

  test('scores everything again when the weights have changed, and only then', async () => {
    const store = await temporaryStore();
    await harvestScripted(store, [listSource('one', posts)]);
    const scored = (run: RunProgress) => run.stages.find(({ name }) => name === 'score')?.done;
    expect(scored(await harvestScripted(store, []))).toBe(0);
    const run = await harvestScripted(store, []);
    expect(run.state).toBe('done');
    const { scoring } = await changedWeights();
    expect(scored(await harvestScripted(store, [], { scoring }))).toBe(601);
    expect(scored(await harvestScripted(store, [], { scoring }))).toBe(0);
    expect(scored(await harvestScripted(store, [], { scoring, rescore: true }))).toBe(601);
  });

  test('cleans hostile posts at the door and counts what it leaves out', async () => {
    const store = await temporaryStore();
    const hostile = [
      draftPost({ externalId: '1', text: '\u001b]52;c;AAAA\u0007 look\u202e at this' }),
      draftPost({ externalId: '2', text: '\u001b[2J' }),
      draftPost({ externalId: '3', text: 'fine', createdAt: Date.UTC(2099, 0, 1) }),
    ];
    const run = await harvestScripted(store, [listSource('one', hostile)]);
    expect(run.sources).toMatchObject([{ fetched: 3, added: 2 }]);
    expect(run.sources[0]?.warnings).toEqual([
      'post 2 has no readable text and was left out',
      'post 3 is dated 2099, in the future: taken as written now',
    ]);
    const { rows } = await store.signalWindow({ sort: 'newest', limit: 10, direction: 'forward' });
    expect(rows.map(({ row }) => row.text).sort()).toEqual(['fine', 'look at this']);
  });
});

async function changedWeights() {
  const { anySource, configSchema } = await import('../../source/config/schema.ts');
  const { score } = configSchema(anySource).parse({ score: { urgency: 9 } });
  return { scoring: { settings: score, sourceWeights: {} } };
}
