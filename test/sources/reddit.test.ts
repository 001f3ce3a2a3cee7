import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page, Quota, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { answer } from './fake-algolia.ts';
import { type FakeReddit, type FakeRedditPost, fakeReddit } from './fake-reddit.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const nowSeconds = now / 1_000;
const keys = { REDDIT_CLIENT_ID: 'id', REDDIT_CLIENT_SECRET: 'secret' };
const config = { name: 'reddit', kind: 'reddit', enabled: true, weight: 1, subreddits: ['Acme'] };

function post(secondsAgo: number, fields: Partial<FakeRedditPost> = {}): FakeRedditPost {
  const id = Math.floor(secondsAgo).toString(36);
  return {
    name: `t3_${id}`,
    subreddit: 'acme',
    title: `Acme, ${secondsAgo} seconds ago`,
    selftext: 'It is **slow** & broken',
    author: 'ann',
    created_utc: nowSeconds - secondsAgo,
    permalink: `/r/acme/comments/${id}/acme/`,
    url: `https://www.reddit.com/r/acme/comments/${id}/acme/`,
    is_self: true,
    score: 7,
    num_comments: 3,
    ...fields,
  };
}

const series = (count: number, every: number, from = 60) =>
  Array.from({ length: count }, (_, at) => post(from + at * every));

async function openOn(
  world: Omit<FakeReddit, 'clock'>,
  options: object = {},
  secrets: Record<string, string> = keys,
) {
  const clock = leapingClock(now);
  const served: FakeReddit = Object.assign(world, { clock });
  const { url, requests } = await serve(fakeReddit(served));
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  const open = () => openSource({ ...config, baseUrl: url, ...options }, tools);
  return { source: open(), open, requests, clock, world: served };
}

async function openOnHandler(handler: Handler, options: object = {}, secrets = keys): Promise<Source> {
  const { url } = await serve((request, response) => {
    if (request.url !== '/api/v1/access_token') return handler(request, response);
    answer(response, { access_token: 'token', expires_in: 3600 });
  });
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  return openSource({ ...config, baseUrl: url, ...options }, tools);
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);

async function first(source: Source, cursor: Page['cursor'] | null = null): Promise<Page> {
  for await (const page of source.fetch({ cursor, signal: never })) return page;
  throw new Error('no page');
}

function describeContract(
  name: string,
  posts: readonly FakeRedditPost[],
  options: object,
  secrets: object,
  hasBrokenItem: boolean,
) {
  describeSourceContract(name, async () => {
    const clock = leapingClock(now);
    const world: FakeReddit = { posts: [...posts], clock };
    const ids = posts.map((each) => each.name);
    if (hasBrokenItem) world.posts.push(post(999, { title: null, selftext: '[removed]' }));
    let failing: number | null = null;
    const fake = fakeReddit(world);
    const { url } = await serve((request, response) => {
      if (failing === null) return fake(request, response);
      failing -= 1;
      return failing < 0 ? void response.writeHead(503).end() : fake(request, response);
    });
    const http = testClient({ retries: 0 }, clock);
    const tools = { http, clock, folder: '/', secrets: { ...secrets } };
    return {
      open: () => openSource({ ...config, ...options, baseUrl: url }, tools),
      ids,
      hasBrokenItem,
      failFrom: (request) => {
        failing = request;
      },
      add: (count) => {
        const added = Array.from({ length: count }, (_, at) => post(10 + at));
        world.posts.push(...added);
        return added.map((each) => each.name);
      },
    };
  });
}

describeContract('reddit with an app', series(230, 900), {}, keys, true);
describeContract(
  'reddit through its feeds',
  ['acme', 'zeta', 'beta'].flatMap((subreddit, at) =>
    Array.from({ length: 20 }, (_, index) => post(5_000 + index * 900 + at, { subreddit })),
  ),
  { subreddits: ['acme', 'zeta', 'beta'] },
  {},
  false,
);

describe('what a post becomes', () => {
  test('its words in Markdown, its counts and its page; a link post has what it links', async () => {
    const shared = { is_self: false, selftext: '', url: 'https://acme.example/status' };
    const crossPost = { is_self: false, url: '/r/other/comments/9/x/', author: '[deleted]' };
    const { source } = await openOn({ posts: [post(100), post(200, shared), post(300, crossPost)] });
    const posts = postsOf(await fetchPages(source));
    expect(posts[0]).toEqual({
      externalId: 't3_2s',
      url: 'https://www.reddit.com/r/acme/comments/2s/acme/',
      link: null,
      author: 'ann',
      title: 'Acme, 100 seconds ago',
      text: 'It is **slow** & broken',
      lang: null,
      createdAt: now - 100_000,
      engagement: { likes: 7, reposts: 0, replies: 3, quotes: 0 },
      parentUrl: null,
      parentText: null,
    });
    expect(posts[1]).toMatchObject({ link: 'https://acme.example/status', text: '' });
    expect(posts[2]).toMatchObject({ link: 'https://www.reddit.com/r/other/comments/9/x/', author: null });
  });

  test('in a feed it has the same id, its text without the trailer, and no counts', async () => {
    const { source } = await openOn({ posts: [post(100)] }, {}, {});
    expect(postsOf(await fetchPages(source))).toEqual([
      expect.objectContaining({
        externalId: 't3_2s',
        url: 'https://www.reddit.com/r/acme/comments/2s/x/',
        author: 'ann',
        title: 'Acme, 100 seconds ago',
        text: 'It is **slow** & broken',
        createdAt: now - 100_000,
        engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 },
      }),
    ]);
  });
});

describe('what is read', () => {
  test('each subreddit, or a search in it, or a search everywhere', async () => {
    const posts = [
      post(100),
      post(200, { subreddit: 'zeta', title: 'Acme or Zeta?' }),
      post(300, { subreddit: 'zeta' }),
    ];
    const both = await openOn({ posts }, { subreddits: ['acme', 'Zeta'] });
    expect(idsOf(await fetchPages(both.source))).toHaveLength(3);
    const within = await openOn({ posts }, { subreddits: ['zeta'], query: 'or zeta' });
    expect(idsOf(await fetchPages(within.source))).toEqual(['t3_5k']);
    const everywhere = await openOn({ posts }, { subreddits: [], query: 'acme' });
    expect(idsOf(await fetchPages(everywhere.source))).toHaveLength(3);
    const nothing = await openOn({ posts }, { subreddits: [] });
    await expect(fetchPages(nothing.source)).rejects.toMatchObject({ code: 'bad-query' });
  });

  test('only what is newer than backfillDays, or than since', async () => {
    const { source } = await openOn({ posts: series(50, 86_400) }, { backfillDays: 3 });
    expect(idsOf(await fetchPages(source))).toHaveLength(3);
    const since = [];
    for await (const page of source.fetch({ cursor: null, since: now - 10 * 86_400_000, signal: never })) {
      since.push(...page.posts);
    }
    expect(since).toHaveLength(10);
  });

  test('a post that moderators let through late is still found', async () => {
    const { source, world } = await openOn({ posts: series(3, 600) });
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    world.posts.push(post(1_000));
    const again = idsOf(await fetchPages(source, cursor));
    expect(again).toContain(post(1_000).name);
  });

  test('a second run reads back to the first and no further', async () => {
    const { source, requests } = await openOn({ posts: series(250, 2_000) });
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    requests.length = 0;
    expect(idsOf(await fetchPages(source, cursor))).toHaveLength(2);
    expect(requests).toHaveLength(1);
  });

  test('a run that goes on where its post has vanished begins again at the top', async () => {
    const posts = series(230, 900);
    const { source, world } = await openOn({ posts });
    const page = await first(source);
    const at = world.posts.findIndex((each) => each.name === page.cursor['r/acme.next']);
    world.posts.splice(at, 1);
    const rest = await fetchPages(source, page.cursor);
    expect(new Set([...idsOf([page]), ...idsOf(rest)]).size).toBe(230);
  });

  test('changing between the app and the feeds doubles and misses nothing', async () => {
    const world = { posts: series(30, 600, 5_000) };
    const feeds = await openOn(world, {}, {});
    const before = await fetchPages(feeds.source);
    feeds.world.posts.push(...series(3, 100));
    const tools = { http: testClient(), clock: feeds.clock, folder: '/', secrets: keys };
    const { url } = await serve(fakeReddit(feeds.world));
    const app = openSource({ ...config, baseUrl: url }, tools);
    const after = await fetchPages(app, before.at(-1)?.cursor);
    expect(new Set([...idsOf(before), ...idsOf(after)]).size).toBe(33);
    expect(idsOf(after).length).toBeLessThan(12);
  });

  test('the thousand posts that a list shows are told when they do not reach back far enough', async () => {
    const { source } = await openOn({ posts: series(700, 600), cap: 400 });
    const pages = await fetchPages(source);
    expect(idsOf(pages)).toHaveLength(400);
    expect(warningsOf(pages)).toEqual([
      expect.stringMatching(/lists no more .* from 2026-01-08 12:00 to 2026-01-12 17:29 UTC may be missing/),
    ]);
  });

  test('a feed that does not reach back to the last run is told as well', async () => {
    const { source, world } = await openOn({ posts: [post(90_000)] }, {}, {});
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    world.posts.push(...series(130, 60));
    const pages = await fetchPages(source, cursor);
    expect(idsOf(pages)).toHaveLength(100);
    expect(warningsOf(pages)[0]).toMatch(/may be missing/);
  });

  test('the set stored is the set served, whatever the posts, stops and lost answers', async () => {
    const clock = leapingClock(now);
    let handler: Handler = () => {};
    const { url } = await serve((request, response) => handler(request, response));
    const http = testClient({ retries: 0 }, clock);
    const tools = { http, clock, folder: '/', secrets: keys };
    const run = fc.record({
      added: fc.uniqueArray(fc.nat(50_000), { maxLength: 200 }),
      stopAfter: fc.integer({ min: 1, max: 3 }),
      failAt: fc.integer({ min: 0, max: 6 }),
      vanish: fc.boolean(),
    });
    const check = fc.asyncProperty(fc.array(run, { maxLength: 4 }), async (runs) => {
      const world: FakeReddit = { posts: [post(86_400 * 8)], clock };
      const stored = new Set<string>();
      const vanished = new Set<string>();
      let cursor: Page['cursor'] | null = null;
      const last = { added: [], stopAfter: 100, failAt: 100, vanish: false };
      for (const { added, stopAfter, failAt, vanish } of [...runs, last]) {
        await clock.sleep(60_000_000);
        const seconds = Math.floor(clock.now() / 1_000);
        // Written since the run before, in any order.
        world.posts.push(
          ...added.map((ago) =>
            post(0, { name: `t3_${(seconds - ago).toString(36)}`, created_utc: seconds - ago }),
          ),
        );
        const next = cursor?.['r/acme.next'];
        if (vanish && typeof next === 'string') {
          const at = world.posts.findIndex((each) => each.name === next);
          if (at >= 0) vanished.add(world.posts.splice(at, 1)[0]?.name ?? '');
        }
        const fake = fakeReddit(world);
        let asked = 0;
        handler = (request, response) => {
          asked += 1;
          return asked > failAt ? void response.destroy() : fake(request, response);
        };
        const source = openSource({ ...config, baseUrl: url }, tools);
        let pages = 0;
        try {
          for await (const page of source.fetch({ cursor, signal: never, since: now - 7 * 86_400_000 })) {
            for (const each of page.posts) stored.add(each.externalId);
            cursor = JSON.parse(JSON.stringify(page.cursor));
            pages += 1;
            if (pages === stopAfter) break;
          }
        } catch {
          // The next run goes on from the cursor.
        }
      }
      const served = world.posts.slice(1).map((each) => each.name);
      expect(served.filter((name) => !stored.has(name))).toEqual([]);
      expect([...stored].filter((name) => !served.includes(name) && !vanished.has(name))).toEqual([]);
    });
    await fc.assert(check, { numRuns: 40 });
  });
});

describe('tokens and limits', () => {
  test('one token serves an hour, is renewed after it, and at once when Reddit ends it', async () => {
    const { source, clock, world } = await openOn({ posts: series(3, 600) });
    await fetchPages(source);
    await fetchPages(source);
    expect(world.tokens).toBe(1);
    await clock.sleep(3_550_000);
    await fetchPages(source);
    expect(world.tokens).toBe(2);
    world.revoked = true;
    await fetchPages(source);
    expect(world.tokens).toBe(3);
  });

  test('tells the quota, and asks no more once nothing is left', async () => {
    const { source } = await openOn({ posts: series(230, 900), requestsLeft: 2 });
    const quotas: Quota[] = [];
    const reading = async () => {
      const onQuota = (quota: Quota) => void quotas.push(quota);
      for await (const page of source.fetch({ cursor: null, signal: never, onQuota })) void page;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'rate-limited', until: now + 300_000 });
    expect(quotas).toEqual([
      { remaining: 1, limit: 600, resetsAt: now + 300_000 },
      { remaining: 0, limit: 600, resetsAt: now + 300_000 },
    ]);
  });

  test('a feed that is asked for too often is a state with an end', async () => {
    const { source } = await openOn({ posts: series(3, 900), requestsLeft: 0 }, {}, {});
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'rate-limited', until: now + 300_000 });
  });

  test('refresh reads the counts of a hundred posts a request; the feeds cannot', async () => {
    const posts = series(130, 60);
    const { source, requests } = await openOn({ posts });
    const ids = [...posts.map((each) => each.name), 't3_gone', 'not an id'];
    const updates = [];
    for await (const batch of source.refresh?.(ids, { signal: never }) ?? []) updates.push(...batch);
    expect(updates).toHaveLength(130);
    expect(updates[0]).toEqual({
      externalId: posts[0]?.name,
      engagement: { likes: 7, reposts: 0, replies: 3, quotes: 0 },
    });
    expect(requests.filter((each) => each.startsWith('/api/info'))).toHaveLength(2);
    expect((await openOn({ posts }, {}, {})).source.refresh).toBeUndefined();
  });
});

describe('what Reddit refuses, in words', () => {
  test.each([
    ['a private subreddit', { status: 403, reason: 'private' }, /r\/Acme is private/],
    ['a quarantined one', { status: 403, reason: 'quarantined' }, /quarantined/],
    ['a gated one', { status: 403, reason: 'gated' }, /gated/],
    ['a banned one', { status: 404, reason: 'banned' }, /banned/],
    ['an app that is refused', { status: 403 }, /refuses to show r\/Acme/],
  ])('%s', async (_name, closed, words) => {
    const { source } = await openOn({ posts: [post(1)], closed: { acme: closed } });
    const error = await fetchPages(source).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'no-access', fix: expect.any(String) });
    expect(error.message).toMatch(words);
  });

  test('a subreddit that does not exist, for which Reddit leads to a search', async () => {
    const { source } = await openOn({ posts: [] });
    await expect(fetchPages(source)).rejects.toMatchObject({
      code: 'no-access',
      message: 'r/Acme does not exist on Reddit',
    });
  });

  test('one subreddit that is not shown leaves the others readable, and is told', async () => {
    const closed = { secret: { status: 403, reason: 'private' } };
    const { source } = await openOn(
      { posts: [post(100)], closed },
      { subreddits: ['secret', 'acme', 'gone'] },
    );
    const pages: Page[] = [];
    const reading = (async () => {
      for await (const page of source.fetch({ cursor: null, signal: never })) pages.push(page);
    })();
    await expect(reading).rejects.toThrow(
      'r/secret is private: only its members can read it; r/gone does not',
    );
    expect(idsOf(pages)).toEqual(['t3_2s']);
  });

  test('keys that are wrong, and keys that are missing', async () => {
    const wrong = { REDDIT_CLIENT_ID: 'id', REDDIT_CLIENT_SECRET: 'no' };
    const { source } = await openOn({ posts: [] }, {}, wrong);
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-key' });
    const { source: keyless } = await openOn({ posts: [] }, { mode: 'oauth' }, {});
    await expect(fetchPages(keyless)).rejects.toMatchObject({ code: 'missing-key' });
  });

  test('feeds that Reddit no longer gives', async () => {
    const { source } = await openOn({ posts: [], closed: { acme: { status: 403 } } }, {}, {});
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'no-access', message: /HTTP 403/ });
    const page = await openOnHandler((_request, response) => response.end('<html>Log in</html>'), {
      mode: 'rss',
    });
    await expect(fetchPages(page)).rejects.toMatchObject({
      code: 'no-access',
      message: /a page in place of/,
    });
  });

  test.each([
    ['broken JSON', '{"kind":"Listing","data":{"chil'],
    ['another schema', '{"data":[]}'],
  ])('%s', async (_name, body) => {
    const source = await openOnHandler((_request, response) => response.end(body));
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-answer' });
  });

  test('a list that repeats its page for ever ends, with a warning', async () => {
    const children = [{ kind: 't3', data: post(100) }];
    const source = await openOnHandler((_request, response) =>
      answer(response, { kind: 'Listing', data: { after: 't3_2s', children } }),
    );
    const pages = await fetchPages(source);
    expect(pages).toHaveLength(2);
    expect(warningsOf(pages)[0]).toMatch(/may be missing/);
  });
});
