import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import type { TriageChange } from '../../source/domain/triage.ts';
import { createGroupPlanner } from '../../source/pipeline/group.ts';
import { scoreBatch } from '../../source/pipeline/score.ts';
import type { Store } from '../../source/ports/store.ts';
import {
  harvestScripted,
  listSource,
  scriptedParts,
  stoppedClock,
  syntheticPosts,
} from '../pipeline/scripted.ts';
import { temporaryStore } from './temporary-store.ts';

const at = Date.UTC(2026, 10, 22);
const context = { at, actor: 'analyst', fingerprint: fingerprintPost };
const hourMs = 3_600_000;

async function filledStore(count = 120): Promise<Store> {
  const store = await temporaryStore();
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', count))]);
  return store;
}

/** Everything that a person can see of every signal, but for the journal. */
async function seen(store: Store) {
  const { grouping, scoring } = scriptedParts(store);
  expect(createGroupPlanner(grouping).reopenResolved).toBe(true);
  while ((await scoreBatch({ store, clock: stoppedClock }, scoring)).length > 0);
  const { rows } = await store.signalWindow({ sort: 'oldest', limit: 500, direction: 'forward' });
  return Promise.all(
    rows.map(async ({ row }) => {
      const signal = await store.signal(row.id);
      const { journal: _, ...rest } = signal ?? { journal: null };
      return rest;
    }),
  );
}

function tagged(path: string, tag: string): readonly number[] {
  const db = new Database(path, { readonly: true });
  const rows = db
    .prepare<[string], { signalId: number }>('SELECT signalId FROM signal_tags WHERE tag = ?')
    .all(tag);
  db.close();
  return rows.map(({ signalId }) => signalId);
}

describe('a decision', () => {
  test('on many signals is taken back whole, also after a restart', async () => {
    const store = await filledStore();
    const dismiss = { action: 'status', status: 'dismissed' } as const;
    const { changed, left } = await store.decide(dismiss, [1, 2, 3, 9999], context);
    expect([changed, left]).toEqual([[1, 2, 3], [9999]]);
    await store.close();
    const again = await temporaryStore(store.path);
    expect((await again.signal(2))?.journal).toMatchObject([
      { action: 'dismissed', actor: 'analyst', signals: 3, undoneAt: null },
    ]);
    expect(await again.undo(at + 1)).toMatchObject({ action: 'dismissed', changed: [1, 2, 3], left: [] });
    expect((await again.signal(2))?.status).toBe('inbox');
    expect(await again.undo(at + 2)).toBeNull();
  });

  test('that somebody else changed meanwhile is left, and said', async () => {
    const store = await filledStore();
    await store.decide({ action: 'status', status: 'dismissed' }, [1, 2], context);
    const other = await temporaryStore(store.path);
    await other.decide({ action: 'status', status: 'resolved' }, [2], { ...context, actor: 'ann' });
    const db = new Database(store.path);
    db.exec("UPDATE journal SET undoneAt = 1 WHERE actor = 'ann'");
    db.close();
    expect(await store.undo(at)).toMatchObject({ changed: [1], left: [2] });
    expect((await store.signal(2))?.status).toBe('resolved');
  });

  test('that was taken back can be done again, until something new is decided', async () => {
    const store = await filledStore();
    await store.decide({ action: 'status', status: 'dismissed' }, [1], context);
    await store.decide({ action: 'tag', add: ['login'], remove: [] }, [1], context);
    await store.undo(at);
    await store.undo(at);
    expect(await store.redo(at)).toMatchObject({ action: 'dismissed', changed: [1] });
    expect((await store.signal(1))?.status).toBe('dismissed');
    expect(await store.redo(at)).toMatchObject({ action: 'tagged login' });
    expect(await store.redo(at)).toBeNull();
    await store.undo(at);
    await store.decide({ action: 'assign', assignee: 'ann' }, [2], context);
    expect(await store.redo(at)).toBeNull();
  });

  test('to note, taken back before another note, can come again beside it', async () => {
    const store = await filledStore(20);
    await store.decide({ action: 'note', text: 'first' }, [1], context);
    await store.undo(at);
    await store.decide({ action: 'note', text: 'second' }, [2], context);
    await store.undo(at);
    await store.redo(at);
    await store.redo(at);
    expect((await store.signal(1))?.notes).toMatchObject([{ text: 'first' }]);
    expect((await store.signal(2))?.notes).toMatchObject([{ text: 'second' }]);
  });

  test('that corrects the analysis counts at once, is kept as a label, and outlasts a new analysis', async () => {
    const store = await filledStore();
    await store.decide({ action: 'correct', category: 'praise', urgency: 0 }, [4], context);
    const corrected = await store.signal(4);
    expect(corrected).toMatchObject({ category: 'praise', urgency: 0, corrected: ['category', 'urgency'] });
    const [waiting] = await store.unscored(10);
    expect(waiting).toMatchObject({ signalId: 4, category: 'praise', urgency: 0 });
    const analysis = corrected?.analysis;
    if (analysis == null) throw new Error('it was analyzed');
    await store.saveAnalyses([
      { signalId: 4, analysis: { ...analysis, category: 'outage', sentiment: 'positive' } },
    ]);
    expect(await store.signal(4)).toMatchObject({ category: 'praise', sentiment: 'positive' });
    await store.undo(at);
    // Not what it was before the correction, but what the analysis says now.
    expect(await store.signal(4)).toMatchObject({
      category: 'outage',
      urgency: analysis.urgency,
      corrected: [],
    });
  });

  test('on tags is found by them, and gone from there when taken back', async () => {
    const store = await filledStore();
    await store.decide({ action: 'tag', add: ['login', 'ios'], remove: [] }, [1, 2], context);
    await store.decide({ action: 'tag', add: [], remove: ['ios'] }, [2], context);
    expect([tagged(store.path, 'login'), tagged(store.path, 'ios')]).toEqual([[1, 2], [1]]);
    await store.undo(at);
    await store.undo(at);
    expect([tagged(store.path, 'login'), tagged(store.path, 'ios')]).toEqual([[], []]);
    expect(await store.check()).toEqual([]);
  });

  test('to merge moves the posts, and later copies follow them', async () => {
    const store = await filledStore();
    const [a, b] = [await store.signal(1), await store.signal(2)];
    await store.decide({ action: 'merge', into: 1 }, [1, 2], context);
    expect(await store.signal(2)).toBeNull();
    expect((await store.signal(1))?.echoes).toBe((a?.echoes ?? 0) + (b?.echoes ?? 0) + 1);
    const copy = {
      ...syntheticPosts('acme', 120)[0],
      externalId: 'copy',
      text: b?.text ?? '',
      title: b?.title ?? null,
    };
    await harvestScripted(store, [
      listSource('two', [{ ...syntheticPosts('acme', 1)[0], ...copy } as never]),
    ]);
    expect((await store.signal(1))?.posts.some(({ externalId }) => externalId === 'copy')).toBe(true);
    expect(await store.check()).toEqual([]);
    await store.undo(at);
    expect((await store.signal(2))?.echoes).toBe(b?.echoes);
    expect(await store.check()).toEqual([]);
  });

  test('to split is remembered: what was told apart never joins again', async () => {
    const store = await filledStore();
    await store.decide({ action: 'merge', into: 1 }, [2, 3], context);
    const merged = await store.signal(1);
    const lead = await store.signal(4);
    const apart = merged?.posts.filter(({ id }) => id !== merged.posts[0]?.id).map(({ id }) => id) ?? [];
    await expect(
      store.decide({ action: 'split', postIds: [merged?.posts[0]?.id ?? 0] }, [1], context),
    ).rejects.toMatchObject({ code: 'split-lead' });
    const { changed } = await store.decide({ action: 'split', postIds: apart }, [1], context);
    expect(changed).toHaveLength(2);
    expect(lead).not.toBeNull();
    expect((await store.signal(1))?.echoes).toBe(0);
    const text = merged?.posts.find(({ id }) => id === apart[0]);
    const copy = {
      ...syntheticPosts('acme', 1)[0],
      externalId: 'again',
      text: text?.text,
      title: text?.title,
      link: null,
    };
    await harvestScripted(store, [listSource('two', [copy as never])]);
    expect((await store.signal(1))?.echoes).toBe(0);
    expect(await store.check()).toEqual([]);
  });

  test('to snooze ends when its time has come, and is not what undo takes back', async () => {
    const store = await filledStore();
    const until = at + hourMs;
    await store.decide({ action: 'snooze', snooze: { until: 'time', at: until } }, [1], context);
    expect(await store.wake(until - 1)).toBe(0);
    expect((await store.signal(1))?.snooze).toEqual({ until: 'time', at: until });
    expect(await store.wake(until)).toBe(1);
    expect(await store.signal(1)).toMatchObject({ status: 'inbox', snooze: null });
    expect((await store.signal(1))?.journal[0]).toMatchObject({ actor: 'program' });
    expect(await store.undo(at)).toMatchObject({ changed: [], left: [1] });
  });
});

describe('a new echo', () => {
  const original = { text: 'the checkout page shows an error seven and nobody can pay at all', title: null };
  const post = (externalId: string, minutes: number) =>
    ({
      ...syntheticPosts('acme', 1)[0],
      ...original,
      externalId,
      link: null,
      createdAt: at + minutes * 60_000,
    }) as never;
  const later = { now: () => at + 48 * hourMs, sleep: async () => undefined };

  /** What the source has by now; it goes on from where the last run stopped. */
  const told = new Map<string, never[]>();
  afterEach(() => told.clear());
  const harvest = (store: Store, source: string, posts: readonly never[], change = {}) => {
    const all = [...(told.get(source) ?? []), ...posts];
    told.set(source, all);
    return harvestScripted(store, [listSource(source, all)], { clock: later, ...change });
  };

  async function storeWith(change: TriageChange): Promise<Store> {
    const store = await temporaryStore();
    await harvest(store, 'one', [post('first', 0)]);
    await store.decide(change, [1], { ...context, at: at + 10 * 60_000 });
    return store;
  }

  test.each([
    ['of a resolved signal brings it back as regressed', 'resolved', 'inbox', true],
    ['of a dismissed signal stays silent', 'dismissed', 'dismissed', false],
    ['of an escalated signal changes nothing', 'escalated', 'escalated', false],
  ] as const)('%s', async (_, status, after, regressed) => {
    const store = await storeWith({ action: 'status', status });
    await harvest(store, 'two', [post('early', 5)]);
    expect((await store.signal(1))?.status).toBe(status);
    await harvest(store, 'two', [post('late', 20)]);
    expect(await store.signal(1)).toMatchObject({ status: after, regressed, echoes: 2 });
  });

  test('leaves a resolved signal alone when the configuration says so', async () => {
    const store = await storeWith({ action: 'status', status: 'resolved' });
    const { grouping } = scriptedParts(store);
    await harvest(store, 'two', [post('late', 20)], { grouping: { ...grouping, reopenResolved: false } });
    expect((await store.signal(1))?.status).toBe('resolved');
  });

  test('wakes a signal that waited for so many', async () => {
    const store = await storeWith({ action: 'snooze', snooze: { until: 'echoes', more: 2 } });
    await harvest(store, 'one', [post('a', 20)]);
    expect((await store.signal(1))?.status).toBe('snoozed');
    await harvest(store, 'one', [post('b', 21)]);
    expect((await store.signal(1))?.status).toBe('inbox');
  });

  test('wakes a signal that waited for another source', async () => {
    const store = await storeWith({ action: 'snooze', snooze: { until: 'source' } });
    await harvest(store, 'one', [post('a', 20)]);
    expect((await store.signal(1))?.status).toBe('snoozed');
    await harvest(store, 'two', [post('b', 21)]);
    expect((await store.signal(1))?.status).toBe('inbox');
  });

  test('wakes a signal that waited for a spike when there are many within an hour', async () => {
    const store = await storeWith({ action: 'snooze', snooze: { until: 'spike' } });
    const posts = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => post(`${from}-${index}`, from + index));
    await harvest(store, 'one', posts(100, 3));
    expect((await store.signal(1))?.status).toBe('snoozed');
    await harvest(store, 'one', posts(200, 6));
    expect((await store.signal(1))?.status).toBe('inbox');
  });
});

describe('any sequence of decisions', () => {
  const ids = fc.subarray([1, 2, 3, 4, 5, 6], { minLength: 1 });
  const change: fc.Arbitrary<TriageChange> = fc.oneof(
    fc.record({
      action: fc.constant('status' as const),
      status: fc.constantFrom(
        'inbox' as const,
        'escalated' as const,
        'dismissed' as const,
        'resolved' as const,
      ),
    }),
    fc.record({
      action: fc.constant('snooze' as const),
      snooze: fc.oneof(
        fc.constant({ until: 'time' as const, at: at + hourMs }),
        fc.constant({ until: 'echoes' as const, more: 3 }),
        fc.constant({ until: 'source' as const }),
        fc.constant({ until: 'spike' as const }),
      ),
    }),
    fc.record({ action: fc.constant('assign' as const), assignee: fc.constantFrom(null, 'ann', 'joe') }),
    fc.record({
      action: fc.constant('tag' as const),
      add: fc.subarray(['login', 'ios', 'billing']),
      remove: fc.subarray(['login', 'ios']),
    }),
    fc.record({
      action: fc.constant('correct' as const),
      category: fc.constantFrom('bug', 'praise'),
      urgency: fc.integer({ min: 0, max: 5 }),
    }),
    fc.record({
      action: fc.constant('correct' as const),
      sentiment: fc.constantFrom('positive' as const, 'negative' as const),
    }),
    fc.record({ action: fc.constant('note' as const), text: fc.constantFrom('seen', 'told the team') }),
    fc.record({ action: fc.constant('merge' as const), into: fc.integer({ min: 1, max: 6 }) }),
    fc.record({
      action: fc.constant('split' as const),
      postIds: fc.subarray([2, 3, 4, 5, 6, 7, 8, 9, 10], { minLength: 1 }),
    }),
  );

  test('and as many undos is the identity; as many redos is the sequence', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(change, ids), { maxLength: 8 }), async (sequence) => {
        const store = await filledStore(12);
        const { chain, clock } = scriptedParts(store);
        const before = await seen(store);
        let made = 0;
        for (const [asked, among] of sequence) {
          try {
            if ((await store.decide(asked, among, context)).journalId !== null) made += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/split-lead|no-such-signal/) });
          }
          const fresh = await store.unanalyzed(10);
          const answers = await chain.analyze(fresh, {
            signal: new AbortController().signal,
            onWarning: () => undefined,
          });
          await store.saveAnalyses(
            answers.map(({ signalId, analysis }) => ({
              signalId,
              analysis: { ...analysis, analyzedAt: clock.now() },
            })),
          );
        }
        const after = await seen(store);
        expect(await store.check()).toEqual([]);
        for (let undone = 0; undone < made; undone += 1)
          expect(await store.undo(at)).toMatchObject({ left: [] });
        expect(await seen(store)).toEqual(before);
        for (let redone = 0; redone < made; redone += 1)
          expect(await store.redo(at)).toMatchObject({ left: [] });
        expect(await seen(store)).toEqual(after);
        expect(await store.check()).toEqual([]);
        await store.close();
      }),
      { numRuns: 100 },
    );
  });
});
