import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { NewDelivery } from '../../source/ports/deliveries.ts';
import type { Store } from '../../source/ports/store.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

const now = Date.UTC(2026, 10, 22, 12);
const leaseMs = 60_000;

function delivery(signalId: number, change: Partial<NewDelivery> = {}): NewDelivery {
  return {
    kind: 'new',
    signalId,
    notifier: 'team',
    rule: 'all',
    reason: 'new',
    rootId: null,
    nextAttemptAt: now,
    content: null,
    covers: [],
    ...change,
  };
}

async function filled(store: Store, posts = 20): Promise<Store> {
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', posts, posts + 1))]);
  return store;
}

describe('the ledger', () => {
  test('has one delivery of a signal, notifier and reason, whoever plans it', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const [one, two] = [await filled(await temporaryStore(path)), await temporaryStore(path)];
    const planned: number[] = [];
    for (const store of [one, two, one, two]) {
      planned.push(await store.planDeliveries([delivery(1), delivery(2)], now));
    }
    expect(planned).toEqual([2, 0, 0, 0]);
    expect(await one.planDeliveries([delivery(1, { notifier: 'boss' })], now)).toBe(1);
  });

  test('gives a delivery to one process, however many ask', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const stores = [await filled(await temporaryStore(path)), await temporaryStore(path)];
    await stores[0]?.planDeliveries(
      Array.from({ length: 20 }, (_, id) => delivery(id + 1)),
      now,
    );
    const ids: number[] = [];
    for (let each = 0; each < 30; each += 1) {
      const claim = await stores[each % 2]?.claimDelivery('team', now, leaseMs);
      if (claim) ids.push(claim.id);
    }
    expect(ids.length).toBe(20);
    expect(new Set(ids).size).toBe(20);
  });

  test('takes back what a dead process had taken when its lease is over, as uncertain, and heeds it no more', async () => {
    const store = await filled(await temporaryStore());
    await store.planDeliveries([delivery(1)], now);
    const first = await store.claimDelivery('team', now, leaseMs);
    expect(first).toMatchObject({ uncertain: false, tryNumber: 1 });
    expect(await store.claimDelivery('team', now + leaseMs - 1, leaseMs)).toBeNull();
    const second = await store.claimDelivery('team', now + leaseMs, leaseMs);
    expect(second).toMatchObject({ id: first?.id, key: first?.key, uncertain: true, tryNumber: 2 });
    if (first === null || second === null) throw new Error('not claimed');
    // The first one was only slow: what it says of itself is kept, and changes nothing.
    const failed = {
      state: 'failed',
      nextAttemptAt: now,
      uncertain: false,
      counts: true,
      restUntil: null,
    } as const;
    await store.settleDelivery(first, failed, 'too late', now + leaseMs + 1);
    expect((await store.deliveries({ limit: 1 }))[0]).toMatchObject({ state: 'sending', attempts: 0 });
    const sent = {
      state: 'sent',
      reference: 'r',
      told: { echoes: 0, sources: ['one'] },
      status: 'inbox',
    } as const;
    await store.settleDelivery(second, sent, 'sent', now + leaseMs + 2);
    expect((await store.deliveries({ limit: 1 }))[0]).toMatchObject({
      state: 'sent',
      reference: 'r',
      tries: [{ answer: 'too late' }, { answer: 'sent' }],
    });
  });

  test('holds an answer back until the message that it answers has an end', async () => {
    const store = await filled(await temporaryStore());
    await store.planDeliveries([delivery(1, { nextAttemptAt: now + 1_000 })], now);
    await store.planDeliveries([delivery(1, { kind: 'update', reason: 'echoes-9', rootId: 1 })], now);
    expect(await store.claimDelivery('team', now, leaseMs)).toBeNull();
    const root = await store.claimDelivery('team', now + 1_000, leaseMs);
    if (root === null) throw new Error('not claimed');
    const sent = {
      state: 'sent',
      reference: 'thread',
      told: { echoes: 3, sources: ['one'] },
      status: 'inbox',
    } as const;
    await store.settleDelivery(root, sent, 'sent', now);
    expect(await store.claimDelivery('team', now + 1_000, leaseMs)).toMatchObject({
      thread: 'thread',
      told: { echoes: 3, sources: ['one'] },
    });
  });

  test('goes with its signal', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const store = await filled(await temporaryStore(path));
    await store.planDeliveries([delivery(1), delivery(2)], now);
    await store.planDigest(
      'daily',
      now,
      { ...delivery(1), kind: 'digest', signalId: null, reason: 'digest-1', covers: [1, 2] },
      now,
    );
    const database = new Database(path);
    database.pragma('foreign_keys = ON');
    database.prepare('UPDATE posts SET signalId = NULL WHERE signalId = 1').run();
    database.prepare('DELETE FROM signals WHERE id = 1').run();
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
    const left = await store.deliveries({ limit: 9 });
    expect(left.map(({ signalId }) => signalId)).toEqual([null, 2]);
    expect(await store.toldAmong('team', [1, 2], true)).toEqual(new Set([2]));
  });

  test('refuses what cannot be', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    await (await filled(await temporaryStore(path))).planDeliveries([delivery(1)], now);
    const database = new Database(path);
    for (const change of [
      "state = 'lost'",
      "kind = 'gossip'",
      "state = 'sent'",
      "state = 'sending'",
      'signalId = NULL',
      'attempts = -1',
      "content = '{'",
    ]) {
      expect(() => database.exec(`UPDATE deliveries SET ${change}`)).toThrow(/CHECK/);
    }
    database.close();
  });

  test('counts posts by whole hours, from an index', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const store = await filled(await temporaryStore(path), 200);
    const written = Date.UTC(2026, 10, 21);
    const rates = await store.postRates('source', written / 3_600_000, written + 199_000);
    expect([...(rates.byHour.get('one') ?? [])]).toEqual([[written / 3_600_000, 200]]);
    expect(rates.lastHour.get('one')).toBe(200);
    const database = new Database(path);
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT createdAt / 3600000, count(*) FROM posts WHERE createdAt >= 0 GROUP BY 1',
      )
      .all();
    expect(JSON.stringify(plan)).toContain('posts_by_time');
    database.close();
  });

  test('goes down and up again with data in place', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const store = await filled(await openStore(path));
    await store.planDeliveries([delivery(1)], now);
    await store.claimDelivery('team', now, leaseMs);
    await store.planDigest(
      'daily',
      now,
      { ...delivery(1), kind: 'digest', signalId: null, reason: 'digest-1', covers: [2] },
      now,
    );
    const before = await store.size();
    await store.close();
    const admin = await openStoreAdmin(path);
    const rolledBack: (string | null)[] = [];
    while (rolledBack.length < 20 && rolledBack.at(-1) !== '009-deliveries')
      rolledBack.push(await admin.rollback());
    expect(rolledBack.at(-1)).toBe('009-deliveries');
    const database = new Database(path);
    const names = database.prepare(
      "SELECT name FROM sqlite_master WHERE name LIKE '%deliver%' OR name = 'posts_by_time'",
    );
    expect(names.all()).toEqual([]);
    database.close();
    await admin.close();
    const again = await temporaryStore(path);
    expect(await again.size()).toMatchObject({ posts: before.posts, signals: before.signals });
    expect(await again.deliveries({ limit: 9 })).toEqual([]);
    expect(await again.check()).toEqual([]);
  });
});
