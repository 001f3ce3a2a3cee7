import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import { createQueryReader } from '../../source/harvester/signal-lists.ts';
import { createSignalRetention, type SignalRule } from '../../source/harvester/signal-retention.ts';
import { openArchive } from '../../source/snapshots/archive.ts';
import { openStoreFiles } from '../../source/store/files.ts';
import {
  harvestScripted,
  listSource,
  scriptedParts,
  stoppedClock,
  syntheticPosts,
} from '../pipeline/scripted.ts';
import { setStatus } from './set-status.ts';
import { temporaryStore } from './temporary-store.ts';

const all = { lastSeenBefore: Number.MAX_SAFE_INTEGER };
const at = stoppedClock.now();

async function filledStore(count = 60) {
  const store = await temporaryStore();
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', count))]);
  return store;
}

function retentionOf(
  store: Awaited<ReturnType<typeof filledStore>>,
  rules: readonly SignalRule[],
  automatic = true,
) {
  const archive = openArchive({
    folder: `${store.path}-snapshots`,
    copyTo: null,
    files: openStoreFiles(store.path),
    clock: stoppedClock,
    programVersion: '1',
  });
  const read = createQueryReader({
    ...{ store, clock: stoppedClock, sources: [], categories: [], analyst: 'me', timeZone: 'UTC' },
    scoring: scriptedParts(store).scoring,
  });
  return {
    archive,
    ...createSignalRetention({ store, clock: stoppedClock, read, rules, archive, automatic }),
  };
}

const anySignal: SignalRule = {
  ...{ statuses: ['dismissed'], categories: [], sources: [], search: '', olderThanDays: 0.1 },
};

describe('removing signals', () => {
  test('takes their posts and all that belongs to them, and nothing else', async () => {
    const store = await filledStore();
    const { signals, posts } = await store.size();
    await setStatus(store, [1, 2, 3], 'dismissed', at);
    await setStatus(store, [4], 'escalated', at);
    const filter = { ...all, statuses: ['dismissed'] as const };
    const removed = await store.removeSignals([1, 2, 3, 4, 5], filter, at);
    expect(removed.signals).toBe(3);
    expect(await store.size()).toMatchObject({ signals: signals - 3, posts: posts - removed.posts });
    expect(await store.signal(1)).toBeNull();
    expect((await store.signal(4))?.status).toBe('escalated');
    expect(await store.check()).toEqual([]);
    const db = new Database(store.path, { readonly: true });
    for (const table of ['analyses', 'fingerprints', 'journal_changes']) {
      expect(db.prepare(`SELECT count(*) AS left FROM ${table} WHERE signalId <= 3`).get(), table).toEqual({
        left: 0,
      });
    }
    // The decision that had only these is gone; the other can still be taken back.
    expect(db.prepare('SELECT action FROM journal').all()).toEqual([{ action: 'escalated' }]);
    db.close();
    expect(await store.undo(at)).toMatchObject({ changed: [4] });
  });

  test('leaves no way back for their posts by a later fetch, but for others of that source', async () => {
    const store = await filledStore();
    const { signals } = await store.size();
    const ids = await store.expiredSignals(all);
    expect(ids).toHaveLength(signals);
    await store.removeSignals(ids, all, at);
    // The same list from its beginning and beyond, as a feed or a backfill gives it.
    const again = listSource('one', syntheticPosts('acme', 65));
    const restarted = {
      ...again,
      fetch: (request: Parameters<typeof again.fetch>[0]) => again.fetch({ ...request, cursor: null }),
    };
    const run = await harvestScripted(store, [restarted]);
    expect(run.sources[0]).toMatchObject({ fetched: 65, added: 5, seen: 60 });
    expect((await store.size()).posts).toBe(5);
    expect(await store.check()).toEqual([]);
    // Another source may have the same ids.
    await harvestScripted(store, [listSource('two', syntheticPosts('acme', 60))]);
    expect((await store.size()).posts).toBe(65);
  });

  test('spares what somebody decided otherwise since it was planned', async () => {
    const store = await filledStore();
    await setStatus(store, [1, 2], 'dismissed', at);
    const filter = { ...all, statuses: ['dismissed'] as const };
    const planned = await store.expiredSignals(filter);
    await setStatus(store, [2], 'escalated', at);
    expect((await store.removeSignals(planned, filter, at)).signals).toBe(1);
    expect((await store.signal(2))?.status).toBe('escalated');
  });

  test('empties tables of schemas to come, too', async () => {
    const store = await filledStore();
    const db = new Database(store.path);
    db.exec(`CREATE TABLE remarks (id INTEGER PRIMARY KEY, signalId INTEGER REFERENCES signals (id), text TEXT);
      CREATE TABLE marks (id INTEGER PRIMARY KEY, postId INTEGER REFERENCES posts (id) ON DELETE SET NULL);
      INSERT INTO remarks VALUES (1, 1, 'mine'), (2, 9, 'other');
      INSERT INTO marks SELECT id, id FROM posts WHERE signalId = 1 LIMIT 1;`);
    await store.removeSignals([1], all, at);
    expect(db.prepare('SELECT id FROM remarks').all()).toEqual([{ id: 2 }]);
    // What was learned from a post outlives it.
    expect(db.prepare('SELECT postId FROM marks').all()).toEqual([{ postId: null }]);
    db.close();
    expect(await store.check()).toEqual([]);
  });

  test('in any order and grouping leaves a sound store', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.subarray(Array.from({ length: 30 }, (_, index) => index + 1)), { maxLength: 4 }),
        async (groups) => {
          const store = await filledStore(40);
          for (const ids of groups) await store.removeSignals(ids, all, at);
          const gone = new Set(groups.flat());
          expect(await store.expiredSignals(all)).toEqual(
            (await store.expiredSignals(all)).filter((id) => !gone.has(id)),
          );
          expect(await store.check()).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('the retention of signals', () => {
  test('plans by rule, then removes after a snapshot and gives the space back', async () => {
    const store = await filledStore(900);
    const ids = (await store.expiredSignals(all)).slice(0, 600);
    await setStatus(store, ids, 'dismissed', at);
    const { planSignals, applySignals, archive } = retentionOf(store, [
      anySignal,
      { ...anySignal, categories: ['outage'] },
    ]);
    const plan = await planSignals();
    expect(plan).toMatchObject({ signals: 600, rules: [{ signals: 600 }, { signals: expect.any(Number) }] });
    const steps: string[] = [];
    const report = await applySignals({ compact: false }, { onProgress: ({ step }) => steps.push(step) });
    expect(report).toMatchObject({ signals: 600, interrupted: false, bytesReusable: 0 });
    expect(report.bytesAfter).toBeLessThan(report.bytesBefore);
    expect(new Set(steps)).toContain('removing signals');
    expect((await archive.get(report.snapshot ?? '')).reason).toBe('before-retention');
    expect(await planSignals()).toMatchObject({ signals: 0 });
    expect(await store.check()).toEqual([]);
    // Nothing to do makes no snapshot.
    expect(await applySignals({ compact: true })).toMatchObject({ signals: 0, snapshot: null });
    expect(await archive.list()).toHaveLength(1);
  });

  test('leaves what is younger, escalated or of another source', async () => {
    const store = await filledStore();
    await setStatus(store, [1, 2], 'dismissed', at);
    const none = async (rule: Partial<SignalRule>) =>
      expect(await retentionOf(store, [{ ...anySignal, ...rule }]).planSignals()).toMatchObject({
        signals: 0,
      });
    await none({ olderThanDays: 30 });
    await none({ sources: ['two'] });
    await none({ categories: ['praise'] });
    await none({ statuses: ['resolved'] });
    expect(await retentionOf(store, []).planSignals()).toEqual({ rules: [], signals: 0 });
  });

  test('by a search takes what it finds of the rest of the rule, and nothing else', async () => {
    const store = await filledStore();
    const context = { at, actor: 'analyst', fingerprint: fingerprintPost };
    await store.decide({ action: 'tag', add: ['spam'], remove: [] }, [1, 2, 3, 4, 5], context);
    await setStatus(store, [1, 2, 3, 9], 'dismissed', at);
    await setStatus(store, [4], 'escalated', at);
    const rule = { ...anySignal, search: 'tag:spam' };
    const { planSignals, applySignals } = retentionOf(store, [rule], false);
    expect(await planSignals()).toMatchObject({ signals: 3, rules: [{ rule, signals: 3 }] });
    expect(await retentionOf(store, [{ ...rule, olderThanDays: 30 }]).planSignals()).toMatchObject({
      signals: 0,
    });
    expect(await applySignals({ compact: false })).toMatchObject({ signals: 3 });
    const left = [await store.signal(4), await store.signal(5), await store.signal(9)];
    expect(left.map((signal) => signal?.status)).toEqual(['escalated', 'inbox', 'dismissed']);
    expect(await store.check()).toEqual([]);
  });

  test('by a search asks again before each step', async () => {
    const store = await filledStore(300);
    await setStatus(store, await store.expiredSignals(all), 'dismissed', at);
    const { planSignals, applySignals } = retentionOf(store, [{ ...anySignal, search: '-tag:keep' }], false);
    const before = (await planSignals()).signals;
    const db = new Database(store.path);
    // Somebody in another process, after the first step.
    const report = await applySignals(
      { compact: false },
      { onProgress: () => db.exec("INSERT OR IGNORE INTO signal_tags SELECT 'keep', id FROM signals") },
    );
    db.close();
    expect(report.signals).toBeGreaterThan(0);
    expect(report.signals).toBeLessThan(before);
    expect((await store.expiredSignals(all)).length).toBe(before - report.signals);
  });

  test('by a search that cannot be read removes nothing', async () => {
    const store = await filledStore();
    await setStatus(store, [1], 'dismissed', at);
    const { applySignals } = retentionOf(store, [anySignal, { ...anySignal, search: 'tag:(' }]);
    await expect(applySignals({ compact: false })).rejects.toMatchObject({ code: 'bad-search' });
    expect(await store.signal(1)).not.toBeNull();
  });

  test('that is interrupted has removed what it said, and goes on later', async () => {
    const store = await filledStore(300);
    await setStatus(store, await store.expiredSignals(all), 'dismissed', at);
    const { planSignals, applySignals } = retentionOf(store, [anySignal], false);
    const before = (await planSignals()).signals;
    const controller = new AbortController();
    const report = await applySignals(
      { compact: false },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    expect(report).toMatchObject({ interrupted: true, snapshot: null });
    expect(report.signals).toBeGreaterThan(0);
    expect((await planSignals()).signals).toBe(before - report.signals);
    expect(await store.check()).toEqual([]);
  });

  test('can rewrite a store that was made before space could be given back in steps', async () => {
    const store = await filledStore(600);
    await store.close();
    const db = new Database(store.path);
    db.pragma('auto_vacuum = NONE');
    db.exec('VACUUM');
    db.close();
    const again = await temporaryStore(store.path);
    await setStatus(again, await again.expiredSignals(all), 'dismissed', at);
    const ids = await again.expiredSignals(all);
    const { applySignals } = retentionOf(again, [anySignal], false);
    await again.removeSignals(ids.slice(0, 300), all, at);
    expect((await again.reclaim(10)).leftBytes).toBeGreaterThan(0);
    const report = await applySignals({ compact: true });
    expect(report.bytesReusable).toBe(0);
    expect(report.bytesAfter).toBeLessThan(report.bytesBefore);
    expect(await again.reclaim(10)).toEqual({ leftBytes: 0, inSteps: true });
  });
});
