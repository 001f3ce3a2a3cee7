import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Insight, InsightRequest } from '../../source/domain/insight.ts';
import { narrowSearch } from '../../source/domain/insight-search.ts';
import { draftPost } from '../../source/domain/post.ts';
import { printSearch } from '../../source/domain/search-print.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { createInsight } from '../../source/harvester/insight.ts';
import { createQueryReader, createSignalLists, type ListParts } from '../../source/harvester/signal-lists.ts';
import type { Store } from '../../source/ports/store.ts';
import { openStore } from '../../source/store/store.ts';
import { searchTrees } from '../domain/search-trees.ts';
import { scriptedParts } from '../pipeline/scripted.ts';
import { fillSearchedStore, searchedNow, treeWords } from '../store/searched-store.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

function partsOn(store: Store): ListParts & { readonly categories: readonly string[] } {
  return {
    store,
    clock: { now: () => searchedNow, sleep: async () => {} },
    scoring: { settings: scriptedParts(store).scoring.settings },
    sources: [],
    analyst: 'me-myself',
    timeZone: 'Europe/Berlin',
    categories: categoryIds,
  };
}

describe('the counts of an insight', () => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signal-harvester-test-'));
    store = await openStore(join(folder, 'signals.db'));
    let seed = 7;
    await fillSearchedStore(store, (below) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  test('are those of the searches behind them, whatever is asked', async () => {
    const parts = partsOn(store);
    const read = createQueryReader(parts);
    const insight = createInsight({ ...parts, insightPatienceMs: 600_000, countPatienceMs: 60_000 });
    // As a list counts, whatever else the machine is doing.
    const finds = async (search: string) =>
      (await store.countPatiently((await read({ search })).filter, 60_000)).count;
    const searches = fc.oneof(
      fc.constant(''),
      searchTrees(treeWords).map((node) => printSearch({ node, sort: null })),
    );
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(
        searches,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York'),
        async (search, hours, ago, timeZone) => {
          const until = searchedNow - ago * hourMs;
          const request: InsightRequest = { since: until - hours * hourMs, until, search, timeZone };
          const { signals, previous, span, categories, sources, tags, authors, terms, pace, capped } =
            await insight.read(request);
          expect(capped).toBe(false);
          expect(signals.total).toBe(await finds(narrowSearch(search, [], span)));
          expect(signals.before).toBe(await finds(narrowSearch(search, [], previous)));
          expect(signals.buckets.reduce((sum, count) => sum + count, 0)).toBe(signals.total);
          for (const { total, before, category, search: own } of categories) {
            expect(await finds(own)).toBe(total);
            const past = narrowSearch(search, [{ field: 'category', value: category }], previous);
            expect(await finds(past)).toBe(before);
          }
          for (const leader of [...sources, ...tags, ...authors, ...terms, ...pace.inboxAges]) {
            expect(await finds(leader.search), leader.search).toBe(leader.count);
            checked += 1;
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(checked).toBeGreaterThan(100);
  });

  test('add up by hour as by day, and posts with their echoes', async () => {
    const insight = createInsight(partsOn(store));
    const asked = {
      since: searchedNow - 15 * dayMs - 3,
      until: searchedNow + 1,
      timeZone: 'Australia/Adelaide',
    };
    const byHour = await insight.read({ ...asked, bucket: 'hour' });
    const byDay = await insight.read({ ...asked, bucket: 'day' });
    expect(byDay.bucketStarts.length).toBe(16);
    expect(byDay.signals.total).toBe(byHour.signals.total);
    const perDay = byDay.bucketStarts.map((start, index) => {
      const end = byDay.bucketStarts[index + 1] ?? Infinity;
      return byHour.bucketStarts.reduce(
        (sum, at, hour) => sum + (at >= start && at < end ? (byHour.signals.buckets[hour] ?? 0) : 0),
        0,
      );
    });
    expect(byDay.signals.buckets).toEqual(perDay);
    expect(byDay.posts.total + byDay.posts.before).toBe(600);
  });

  test('are lower bounds that say so when patience is over at once', async () => {
    const hurried = createInsight({ ...partsOn(store), insightPatienceMs: 0 });
    const { capped, signals } = await hurried.read({ since: searchedNow - dayMs, until: searchedNow + 1 });
    expect(capped).toBe(true);
    expect(signals.total).toBe(0);
  });
});

async function filledStore(
  posts: readonly { at: number; text: string; author?: string; category?: string }[],
): Promise<Store> {
  const store = await temporaryStore();
  await store.savePage({
    source: 'forum',
    kind: 'discourse',
    cursor: {},
    fetchedAt: searchedNow,
    excluded: 0,
    reads: 3,
    costUsd: 0.25,
    posts: posts.map(({ at, text, author }, index) => ({
      ...draftPost({ externalId: String(index), text, author: author ?? null }),
      createdAt: at,
    })),
  });
  const db = new Database(store.path);
  db.transaction(() => {
    db.pragma('defer_foreign_keys = ON');
    db.exec(`INSERT INTO signals (id, leadPostId, status, source, createdAt, lastSeenAt, category)
      SELECT id, id, 'inbox', source, createdAt, createdAt, 'other' FROM posts`);
    db.exec('UPDATE posts SET signalId = id');
    for (const [index, { category }] of posts.entries()) {
      if (category) db.prepare('UPDATE signals SET category = ? WHERE id = ?').run(category, index + 1);
    }
  })();
  db.close();
  return store;
}

const week = { since: searchedNow - 7 * dayMs, until: searchedNow };
const names = (leaders: Insight['terms']) => leaders.map(({ name }) => name);

describe('rising terms', () => {
  const usual = Array.from({ length: 120 }, (_, index) => ({
    at: searchedNow - (index % 14) * dayMs - hourMs,
    text: `the delivery of parcel ${index} was fine, thanks @parcels https://parcels.example/${index}`,
  }));

  test('are said more often than before, in whatever script, without addresses and mentions', async () => {
    const burst = Array.from({ length: 12 }, (_, index) => ({
      at: searchedNow - index * hourMs - 1,
      text: `refund is missing and 返金 please @supportdesk www.refunds.example 4711 \u001b[31m`,
      author: 'Zoë 🦊',
    }));
    const insight = createInsight(partsOn(await filledStore([...usual, ...burst])));
    const { terms, authors, sampled } = await insight.read(week);
    expect(names(terms)).toEqual(expect.arrayContaining(['refund', 'missing', '返金']));
    expect(names(terms).join(' ')).not.toMatch(
      /supportdesk|refunds|example|www|4711|delivery|the|and|\u001b/,
    );
    expect(terms.find(({ name }) => name === '返金')).toMatchObject({ count: 12, before: 0 });
    expect(authors[0]).toMatchObject({ name: 'Zoë 🦊', count: 12, before: 0 });
    expect(sampled).toBe(false);
  });

  test('are none without a past to compare with', async () => {
    const store = await filledStore(usual.filter(({ at }) => at >= week.since));
    expect((await createInsight(partsOn(store)).read(week)).terms).toEqual([]);
  });
});

describe('spikes, triage and spend', () => {
  test('an hour far above the usual is a spike of its category, told once and found by its search', async () => {
    const quiet = Array.from({ length: 24 * 20 }, (_, hour) => ({
      at: searchedNow - 20 * dayMs + hour * hourMs + 5,
      text: `all is well ${hour}`,
    }));
    const burst = Array.from({ length: 30 }, (_, index) => ({
      at: searchedNow - 2 * dayMs + index,
      text: `checkout is down ${index}`,
      category: 'outage',
    }));
    const parts = partsOn(await filledStore([...quiet, ...burst]));
    const { spikes } = await createInsight(parts).read(week);
    expect(spikes).toEqual([
      {
        category: 'outage',
        since: searchedNow - 2 * dayMs,
        until: searchedNow - 2 * dayMs + hourMs,
        count: 30,
        usual: 0,
        search: 'category:outage since:2026-11-20T12:00Z before:2026-11-20T13:00Z',
      },
    ]);
    expect((await createSignalLists(parts).count({ search: spikes[0]?.search ?? '' })).count).toBe(30);
  });

  test('the time to a decision runs from the arrival to the first one that stands', async () => {
    const store = await filledStore(
      Array.from({ length: 4 }, (_, index) => ({ at: searchedNow - 3 * hourMs, text: `words ${index}` })),
    );
    const decide = (id: number, at: number) =>
      store.decide({ action: 'status', status: 'escalated' }, [id], {
        at,
        actor: 'ann',
        fingerprint: () => {
          throw new Error('no post is split off');
        },
      });
    await decide(1, searchedNow + hourMs);
    await decide(2, searchedNow + 3 * hourMs);
    await decide(3, searchedNow + 2 * hourMs);
    await store.undo(searchedNow + 2 * hourMs);
    await store.decide({ action: 'status', status: 'resolved' }, [1], {
      at: searchedNow + 9 * hourMs,
      actor: 'ann',
      fingerprint: () => {
        throw new Error('no post is split off');
      },
    });
    const until = searchedNow + dayMs;
    const { pace, spend } = await createInsight(partsOn(store)).read({ since: until - 2 * dayMs, until });
    expect(pace.decided.total).toBe(2);
    expect(pace.medianToDecisionMs).toBe(2 * hourMs);
    expect(pace).toMatchObject({
      inbox: 2,
      oldestInboxAt: searchedNow - 3 * hourMs,
      medianToDecisionBeforeMs: null,
    });
    expect(pace.inboxAges.map(({ count }) => count)).toEqual([0, 2, 0, 0, 0]);
    expect(spend).toMatchObject({ totalUsd: 0.25, beforeUsd: 0 });
    expect(spend.usdByBucket.length).toBe(48);
  });

  test('spans that make no sense are refused with a fix', async () => {
    const insight = createInsight(partsOn(await temporaryStore()));
    const code = async (request: InsightRequest) =>
      insight.read(request).then(
        () => null,
        (error: { code: string }) => error.code,
      );
    expect(await code({ since: 5, until: 5 })).toBe('bad-span');
    expect(await code({ since: 0, until: searchedNow, bucket: 'hour' })).toBe('bad-span');
    expect(await code({ ...week, timeZone: 'Nowhere/Land' })).toBe('bad-span');
    expect(await code({ ...week, search: 'catgory:bug' })).toBe('bad-search');
    expect(await code(week)).toBe(null);
  });
});
