import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FetchOptions, Page, Quota, Source } from '../../source/ports/source.ts';
import { openSource, sourceSchema } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { answer } from './fake-algolia.ts';
import { type FakeX, type FakeXPost, fakeX, problem, xId } from './fake-x.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const minute = 60_000;
const day = 86_400_000;
const ann = { id: '77', username: 'ann', name: 'Ann' };

function post(minutesAgo: number, fields: object = {}): FakeXPost {
  const at = now - minutesAgo * minute;
  return {
    id: xId(at),
    text: `Acme is slow, minute ${minutesAgo}`,
    author_id: '77',
    created_at: new Date(at).toISOString(),
    lang: 'en',
    public_metrics: { retweet_count: 2, reply_count: 3, like_count: 5, quote_count: 1, bookmark_count: 9 },
    ...fields,
  };
}

const config = { name: 'x', kind: 'x', enabled: true, weight: 1, query: 'acme', maxResults: 10 };

async function openOn(
  world: Omit<FakeX, 'clock'>,
  options: object = {},
  secret: string | undefined = 'good',
) {
  const clock = leapingClock(now);
  const served: FakeX = Object.assign(world, { clock });
  const { url, requests } = await serve(fakeX(served));
  const tools = { http: testClient({}, clock), clock, folder: '/', secrets: { X_BEARER_TOKEN: secret } };
  return {
    source: openSource({ ...config, baseUrl: url, ...options }, tools),
    requests,
    clock,
    world: served,
  };
}

async function openOnHandler(handler: Handler): Promise<Source> {
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  return openSource(
    { ...config, baseUrl: url },
    { http, clock, folder: '/', secrets: { X_BEARER_TOKEN: 'good' } },
  );
}

async function take(source: Source, request: Partial<FetchOptions> = {}, atMost = Number.POSITIVE_INFINITY) {
  const pages: Page[] = [];
  for await (const page of source.fetch({ cursor: null, signal: never, ...request })) {
    pages.push(page);
    if (pages.length >= atMost) break;
  }
  return pages;
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);
const parameter = (request: string | undefined, name: string) =>
  new URL(request ?? '/', 'http://x').searchParams.get(name);
const minutesTo = (count: number, from = 1) => Array.from({ length: count }, (_, at) => post(from + at));

describeSourceContract('x', async () => {
  const posts = minutesTo(34, 40);
  const broken: FakeXPost = { id: xId(now - 60.5 * minute) };
  const clock = leapingClock(now);
  let failing: number | null = null;
  const world: FakeX = { posts: [...posts, broken], users: [ann], clock };
  const fake = fakeX(world);
  const { url } = await serve((request, response) => {
    if (failing === null) return fake(request, response);
    failing -= 1;
    return failing < 0 ? void response.writeHead(503).end() : fake(request, response);
  });
  const http = testClient({ retries: 0 }, clock);
  const tools = { http, clock, folder: '/', secrets: { X_BEARER_TOKEN: 'good' } };
  return {
    open: () => openSource({ ...config, baseUrl: url }, tools),
    ids: posts.map((each) => each.id),
    hasBrokenItem: true,
    failFrom: (request) => {
      failing = request;
    },
    add: (count) => {
      const added = minutesTo(count);
      world.posts.push(...added);
      return added.map((each) => each.id);
    },
  };
});

describe('what a post becomes', () => {
  test('its author, counts and the page it links, with t.co written out', async () => {
    const text = 'Acme &amp; co: https://t.co/a1 https://t.co/b2';
    const urls = [
      { url: 'https://t.co/b2', expanded_url: 'https://x.com/ann/status/1/photo/1' },
      {
        url: 'https://t.co/a1',
        expanded_url: 'https://bit.ly/1',
        unwound_url: 'https://acme.example/a?b=1&c=2',
      },
    ];
    const { source } = await openOn({ posts: [post(5, { text, entities: { urls } })], users: [ann] });
    expect(postsOf(await fetchPages(source))).toEqual([
      {
        externalId: xId(now - 5 * minute),
        url: `https://x.com/ann/status/${xId(now - 5 * minute)}`,
        link: 'https://acme.example/a?b=1&c=2',
        author: 'ann',
        title: null,
        text: 'Acme & co: https://acme.example/a?b=1&c=2 https://x.com/ann/status/1/photo/1',
        lang: 'en',
        createdAt: now - 5 * minute,
        engagement: { likes: 5, reposts: 2, replies: 3, quotes: 1 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('a reply carries what it answers; a retweet has the whole text of its original', async () => {
    const original = { id: '20', text: 'Is it down for you too? I see errors all over the place.' };
    const posts = [
      post(1, { text: 'same here!', referenced_tweets: [{ type: 'replied_to', id: '20' }] }),
      post(2, { text: 'RT @bob: Is it down for…', referenced_tweets: [{ type: 'retweeted', id: '20' }] }),
      post(3, { referenced_tweets: [{ type: 'quoted', id: '21' }] }),
    ];
    const { source } = await openOn({ posts, referred: [original], users: [] });
    const [reply, retweet, quote] = postsOf(await fetchPages(source));
    expect(reply).toMatchObject({ parentText: original.text, parentUrl: 'https://x.com/i/status/20' });
    expect(retweet?.text).toBe(`RT @bob: ${original.text}`);
    expect(quote).toMatchObject({ parentText: null, parentUrl: 'https://x.com/i/status/21', author: null });
    expect(quote?.url).toMatch(/^https:\/\/x\.com\/i\/status\/\d+$/);
  });

  test('a long post is whole, and a language that is none is not told', async () => {
    const fields = { lang: 'qme', note_tweet: { text: 'Long '.repeat(200) }, public_metrics: 'many' };
    const { source } = await openOn({ posts: [post(1, fields)], users: [ann] });
    const [long] = postsOf(await fetchPages(source));
    expect(long).toMatchObject({ lang: null, engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 } });
    expect(long?.text).toHaveLength(1_000);
  });

  test('what X could not show is told once a page', async () => {
    const gone = { title: 'Not Found Error', resource_type: 'tweet', detail: 'Could not find tweet' };
    const source = await openOnHandler((_request, response) =>
      answer(response, { data: [post(1)], errors: [gone, gone], meta: { result_count: 1 } }),
    );
    expect(warningsOf(await fetchPages(source))).toEqual([
      'X left out part of what was asked for: Not Found Error (2)',
    ]);
  });
});

describe('the cursor', () => {
  test('since_id stays that of the last window while pages follow; then it is the newest of the first page', async () => {
    const { source, requests, world } = await openOn({ posts: minutesTo(5, 100), users: [] });
    const before = (await fetchPages(source)).at(-1)?.cursor ?? null;
    world.posts.push(...minutesTo(25, 10));
    requests.length = 0;
    const pages = await fetchPages(source, before);
    expect(idsOf(pages)).toHaveLength(25);
    expect(requests.map((each) => parameter(each, 'since_id'))).toEqual(
      Array(3).fill(xId(now - 100 * minute)),
    );
    expect(pages[0]?.cursor).toMatchObject({
      newestId: xId(now - 10 * minute),
      nextToken: expect.any(String),
    });
    expect(pages.at(-1)?.cursor).toEqual({ query: 'acme', sinceId: xId(now - 10 * minute), readUntil: now });
  });

  test('what was written while a window was left half read comes after its rest', async () => {
    const { source, world } = await openOn({ posts: minutesTo(25, 100), users: [] });
    const [first] = await take(source, {}, 1);
    world.posts.push(...minutesTo(3, 1));
    const rest = await fetchPages(source, first?.cursor);
    expect(idsOf(rest)).toHaveLength(18);
    expect(rest.at(-1)?.cursor.sinceId).toBe(xId(now - minute));
  });

  test('a token that has expired costs no post and no second reading', async () => {
    const world: Omit<FakeX, 'clock'> = { posts: minutesTo(35, 100), users: [] };
    const { source } = await openOn(world);
    const [first] = await take(source, {}, 1);
    world.expired = (token) => token === first?.cursor.nextToken;
    const rest = await fetchPages(source, first?.cursor);
    expect(new Set([...idsOf([first as Page]), ...idsOf(rest)]).size).toBe(35);
    expect(world.charged).toBe(35);
  });

  test('a source that had nothing for weeks has lost nothing', async () => {
    const { source, clock, requests, world } = await openOn({ posts: [post(100)], users: [] });
    let cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    for (let turn = 0; turn < 5; turn += 1) {
      await clock.sleep(3 * day);
      const pages = await fetchPages(source, cursor);
      expect(warningsOf(pages)).toEqual([]);
      cursor = pages.at(-1)?.cursor ?? cursor;
    }
    expect(parameter(requests.at(-1), 'since_id')).toBeNull();
    const late = { ...post(0), id: xId(clock.now() - 1_000) };
    world.posts.push(late);
    expect(idsOf(await fetchPages(source, cursor))).toEqual([late.id]);
  });

  test('after more than seven days the span that is lost is told', async () => {
    const { source, clock } = await openOn({ posts: [post(100)], users: [] });
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    await clock.sleep(9 * day);
    expect(warningsOf(await fetchPages(source, cursor))).toEqual([
      'X shows the last 7 days only: posts from 2026-01-15 11:58 to 2026-01-17 12:01 UTC are lost',
    ]);
  });

  test('a window left half read for eight days is ended with a warning, and the next one begins', async () => {
    const { source, clock, world } = await openOn({ posts: minutesTo(25, 100), users: [] });
    const [first] = await take(source, {}, 1);
    await clock.sleep(8 * day);
    const late = { ...post(0), id: xId(clock.now() - 1_000) };
    world.posts.push(late);
    const pages = await fetchPages(source, first?.cursor);
    expect(idsOf(pages)).toEqual([late.id]);
    expect(warningsOf(pages)).toHaveLength(2);
  });

  test('since is asked for as start_time, and what is older than seven days is told', async () => {
    const { source, requests } = await openOn({ posts: minutesTo(3), users: [] });
    expect(warningsOf(await take(source, { since: now - 2 * day }))).toEqual([]);
    expect(parameter(requests[0], 'start_time')).toBe('2026-01-13T12:00:00Z');
    expect(warningsOf(await take(source, { since: now - 7 * day }))).toEqual([]);
    const [warning] = warningsOf(await take(source, { since: now - 30 * day }));
    expect(warning).toMatch(/2025-12-16 12:00 to 2026-01-08 12:01 UTC are lost$/);
  });

  test('a changed query starts from the beginning', async () => {
    const { source, requests } = await openOn({ posts: minutesTo(3), users: [] });
    await fetchPages(source, { query: 'other', sinceId: xId(now), readUntil: now });
    expect(parameter(requests[0], 'since_id')).toBeNull();
  });

  test('a page that repeats itself for ever ends, with a warning', async () => {
    const posts = minutesTo(2);
    const meta = { newest_id: posts[0]?.id, oldest_id: posts[1]?.id, result_count: 2, next_token: 'again' };
    const source = await openOnHandler((_request, response) => answer(response, { data: posts, meta }));
    const pages = await fetchPages(source);
    expect(new Set(idsOf(pages)).size).toBe(2);
    expect(warningsOf(pages)).toContain('X repeats the same page: older posts may be missing');
    expect(pages.length).toBeLessThan(20);
  });

  test('the set stored is the set served, whatever the pages, stops, expired tokens and lost answers', async () => {
    const clock = leapingClock(now);
    let handler: Handler = () => {};
    const { url } = await serve((request, response) => handler(request, response));
    const http = testClient({ retries: 0 }, clock);
    const tools = { http, clock, folder: '/', secrets: { X_BEARER_TOKEN: 'good' } };
    const run = fc.record({
      added: fc.uniqueArray(fc.nat(400), { maxLength: 30 }),
      stopAfter: fc.integer({ min: 1, max: 4 }),
      failAt: fc.integer({ min: 0, max: 6 }),
      expire: fc.boolean(),
    });
    const check = fc.asyncProperty(
      fc.array(run, { maxLength: 5 }),
      fc.integer({ min: 10, max: 25 }),
      async (runs, maxResults) => {
        const world: FakeX = { posts: [], users: [], clock };
        const stored = new Set<string>();
        let cursor: Page['cursor'] | null = null;
        const last = { added: [], stopAfter: 100, failAt: 100, expire: false };
        for (const { added, stopAfter, failAt, expire } of [...runs, last]) {
          // New posts are newer than what was there: X lists them in the order of writing.
          world.posts.push(...added.map((at) => ({ id: xId(clock.now() + at * 100, at), text: 'acme' })));
          await clock.sleep(minute);
          world.expired = () => expire;
          let asked = 0;
          handler = (request, response) => {
            asked += 1;
            if (asked > failAt) return void response.destroy();
            fakeX(world)(request, response);
          };
          const source = openSource({ ...config, maxResults, baseUrl: url }, tools);
          let pages = 0;
          try {
            for await (const page of source.fetch({ cursor, signal: never })) {
              for (const each of page.posts) stored.add(each.externalId);
              cursor = JSON.parse(JSON.stringify(page.cursor));
              pages += 1;
              if (pages === stopAfter) break;
            }
          } catch {
            // The next run goes on from the cursor.
          }
        }
        expect([...stored].sort()).toEqual(world.posts.map((each) => each.id).sort());
        expect(world.posts).toHaveLength(stored.size);
      },
    );
    await fc.assert(check, { numRuns: 60 });
  });
});

describe('money and limits', () => {
  test('asks before each request, reads no more than granted and says what it was charged', async () => {
    const { source, requests } = await openOn({ posts: minutesTo(45), users: [] }, { maxResults: 20 });
    const grants = [20, 15, 9];
    const pages = await take(source, { reserveReads: () => grants.shift() ?? 0 });
    expect(requests.map((each) => parameter(each, 'max_results'))).toEqual(['20', '15']);
    expect(pages.map((page) => page.reads)).toEqual([20, 15]);
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toHaveLength(10);
    expect(source.pricePerRead).toBe(0.005);
  });

  test('with fewer than ten reads left nothing is asked', async () => {
    const { source, requests } = await openOn({ posts: minutesTo(5), users: [] });
    expect(await take(source, { reserveReads: () => 9 })).toEqual([]);
    expect(requests).toEqual([]);
  });

  test('tells the quota and does not ask once it is used up', async () => {
    const { source, requests } = await openOn({ posts: minutesTo(45), users: [], requestsLeft: 2 });
    const quotas: Quota[] = [];
    const pages: Page[] = [];
    const reading = (async () => {
      const request = { cursor: null, signal: never, onQuota: (quota: Quota) => void quotas.push(quota) };
      for await (const page of source.fetch(request)) pages.push(page);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'rate-limited', until: now + 600_000 });
    expect(quotas.map(({ remaining, limit }) => [remaining, limit])).toEqual([
      [1, 450],
      [0, 450],
    ]);
    expect(pages).toHaveLength(2);
    expect(requests).toHaveLength(2);
  });

  test('a 429 is a state with an end', async () => {
    const { source } = await openOn({ posts: minutesTo(5), users: [], requestsLeft: 0 });
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'rate-limited', until: now + 600_000 });
  });

  test('refresh reads the counts of a hundred posts a request and of no more than granted', async () => {
    const posts = minutesTo(130);
    const { source, requests } = await openOn({ posts, users: [] });
    const ids = [...posts.map((each) => each.id), xId(now - 3 * day), 'not-an-id'];
    const updates = [];
    for await (const batch of source.refresh?.(ids, { signal: never }) ?? []) updates.push(...batch);
    expect(updates).toHaveLength(130);
    expect(updates[0]).toEqual({
      externalId: posts[0]?.id,
      engagement: { likes: 5, reposts: 2, replies: 3, quotes: 1 },
    });
    expect(requests).toHaveLength(2);
    const few = [];
    for await (const batch of source.refresh?.(ids, { signal: never, reserveReads: () => 7 }) ?? []) {
      few.push(...batch);
    }
    expect(few).toHaveLength(7);
  });
});

describe('what X refuses, in words', () => {
  const cap = {
    title: 'UsageCapExceeded',
    period: 'Monthly',
    detail: 'Usage cap exceeded: Monthly product cap',
  };
  const reset = { 'x-rate-limit-remaining': '39999', 'x-rate-limit-reset': '1768478400' };
  const parameters = { query: ['acme ('] };
  const message = 'There were errors processing your request: \u001b[31mmissing EOF at ( (at position 6)';

  test.each([
    ['a token that is not valid', 401, { title: 'Unauthorized' }, 'bad-key', /X_BEARER_TOKEN/],
    ['an app in no project', 403, { reason: 'client-not-enrolled' }, 'no-access', /no project/],
    ['a suspended app', 403, { detail: 'This app is suspended.' }, 'no-access', /suspended/],
    ['a plan without search', 403, { detail: 'Not in your plan' }, 'no-access', /Not in your plan/],
    ['credits that are used up', 402, { title: 'CreditsDepleted' }, 'no-credits', /no credits/],
    ['the cap of the month', 429, cap, 'usage-cap', /this month/],
    [
      'a mistyped query',
      400,
      { errors: [{ parameters, message }] },
      'bad-query',
      /: There were .* missing EOF/,
    ],
  ])('%s', async (_name, status, body, code, words) => {
    const source = await openOnHandler((_request, response) => problem(response, status, body, reset));
    const error = await fetchPages(source).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, fix: expect.any(String) });
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('\u001b');
  });

  test('a token that is not there', async () => {
    const { source, requests } = await openOn({ posts: [], users: [] }, {}, '');
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'missing-key' });
    expect(requests).toEqual([]);
  });

  test.each([
    ['broken JSON', '{"data":[{"id":"1"'],
    ['another schema', '{"statuses":[],"search_metadata":{}}'],
  ])('%s', async (_name, body) => {
    const source = await openOnHandler((_request, response) => response.end(body));
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-answer' });
  });

  test('a query over 512 characters is a mistake in the configuration', () => {
    const parsed = sourceSchema.safeParse({ name: 'x', kind: 'x', query: 'a'.repeat(513) });
    expect(parsed.error?.issues[0]?.message).toMatch(/at most 512 characters.*shorten it/);
    expect(sourceSchema.safeParse({ name: 'x', kind: 'x', query: 'a'.repeat(512) }).success).toBe(true);
  });
});
