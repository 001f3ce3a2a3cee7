import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, EngagementUpdate, FetchOptions, Page, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { answerQuestion } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { type FakeForumPost, fakeDiscourse } from './fake-discourse.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);

/** Each in a topic of its own unless told otherwise. */
function post(id: number, secondsAgo: number, fields: object = {}): FakeForumPost {
  return {
    id,
    topic_id: id + 500,
    post_number: 1,
    created_at: new Date(now - secondsAgo * 1000).toISOString(),
    blurb: 'acme &lt;T&gt; is <span class="search-highlight">down</span> &amp; out',
    ...fields,
  };
}

async function openOn(handler: Handler, options: object = {}) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: {} };
  const source = openSource({ name: 'forum', kind: 'discourse', url, query: 'acme', ...options }, tools);
  return Object.assign(source, { requests, clock, url });
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => Number(each.externalId));
const searchesOf = (requests: readonly string[]) =>
  requests.map((request) => new URL(request, 'http://x').searchParams.get('q'));

describeSourceContract('discourse', async () => {
  const posts = Array.from({ length: 130 }, (_, at) => post(at, 90 + at * 2_500));
  const ids = posts.map(({ id }) => String(id));
  posts.push(post(9_999, 400, { post_number: 2, blurb: '<br>', username: 'acme' }));
  const { handler, failFrom } = failable(fakeDiscourse(posts, { pageSize: 20 }));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  return {
    // Each run at the same noon: waiting for the limits of the forum takes minutes.
    open: () => {
      const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
      return openSource({ name: 'forum', kind: 'discourse', url, query: 'acme' }, tools);
    },
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => post(2_000 + at, 1 + at));
      posts.push(...added);
      return added.map(({ id }) => String(id));
    },
  };
});

describe('what a post becomes', () => {
  test('the first of a topic has its title, a reply has the topic that it is part of', async () => {
    const posts = [post(7, 100), post(8, 50, { post_number: 3 })];
    const source = await openOn(fakeDiscourse(posts));
    const [opening, reply] = postsOf(await fetchPages(source));
    expect(opening).toEqual({
      externalId: '7',
      url: `${source.url}/t/acme-topic-507/507/1`,
      link: `${source.url}/t/acme-topic-507/507`,
      author: 'ann',
      title: 'Acme <b> topic 507',
      text: 'acme <T> is down & out',
      lang: null,
      createdAt: now - 100_000,
      engagement: { likes: 3, reposts: 0, replies: 3, quotes: 0 },
      parentUrl: null,
      parentText: null,
    });
    expect(reply).toMatchObject({
      title: null,
      link: null,
      parentUrl: `${source.url}/t/acme-topic-508/508`,
      parentText: 'Acme <b> topic 508',
      engagement: { replies: 0 },
    });
  });

  test('words, category and tags are asked for, a day at a time', async () => {
    const source = await openOn(fakeDiscourse([]), {
      category: 'support',
      tags: ['a', 'b'],
      backfillDays: 1,
    });
    expect(await fetchPages(source)).toMatchObject([{ posts: [] }]);
    expect(searchesOf(source.requests)).toEqual([
      'acme #support tags:a,b after:2026-01-14 before:2026-01-15 order:latest',
      'acme #support tags:a,b after:2026-01-15 before:2026-01-16 order:latest',
    ]);
  });

  test('a topic yields one post a day, its newest', async () => {
    const topic = { topic_id: 1 };
    const posts = [post(1, 90_000, topic), post(2, 80_000, topic), post(3, 600, topic), post(4, 60, topic)];
    expect(idsOf(await fetchPages(await openOn(fakeDiscourse(posts))))).toEqual([2, 4]);
  });
});

describe('days and pages', () => {
  test('days that are over are not read again, but for the last', async () => {
    const posts = [post(1, 4 * 86_400), post(2, 100)];
    const source = await openOn(fakeDiscourse(posts));
    const pages = await fetchPages(source);
    expect(idsOf(pages)).toEqual([1, 2]);
    const before = source.requests.length;
    posts.push(post(3, 50));
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toEqual([2, 3]);
    expect(source.requests.length - before).toBe(2);
  });

  test('a day with more than ten pages is told', async () => {
    const posts = Array.from({ length: 60 }, (_, at) => post(at, 90 + at));
    const pages = await fetchPages(
      await openOn(fakeDiscourse(posts, { pageSize: 5 }), { backfillDays: 0.2 }),
    );
    expect(idsOf(pages)).toHaveLength(50);
    expect(pages.flatMap((page) => page.warnings)).toEqual([
      expect.stringMatching(/^only the newest 50 posts can be read/),
    ]);
  });

  test('a post that vanishes between two pages takes no other with it', async () => {
    const posts = Array.from({ length: 60 }, (_, at) => post(at, 90 + at));
    const fake = fakeDiscourse(posts, { pageSize: 20 });
    const withdraw: Handler = (request, response) => {
      fake(request, response);
      posts.splice(3, 1);
    };
    const source = await openOn(first([withdraw], fake), { backfillDays: 0.2 });
    expect(idsOf(await fetchPages(source))).toHaveLength(60);
  });
});

describe('refresh', () => {
  async function refreshed(source: Source, ids: readonly string[], options: Partial<FetchOptions> = {}) {
    const updates: EngagementUpdate[] = [];
    for await (const batch of source.refresh?.(ids, { signal: never, ...options }) ?? [])
      updates.push(...batch);
    return updates;
  }
  const reply = (id: number, fields: object = {}) => post(id, 5, { post_number: 2, ...fields });

  test('reads the likes of a reply a request; what is gone or not told is left out', async () => {
    const posts = [
      reply(1, { like_count: 8 }),
      reply(2, { like_count: 0 }),
      reply(3, { actions_summary: null }),
      reply(4, { user_deleted: true }),
      reply(5, { members_only: true }),
      post(6, 5),
      reply(7),
    ];
    const source = await openOn(fakeDiscourse(posts));
    expect(await refreshed(source, ['1', '2', '3', '4', '5', '6', '999', '../x', '7'])).toEqual([
      { externalId: '1', engagement: { likes: 8, reposts: 0, replies: 0, quotes: 0 } },
      { externalId: '2', engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 } },
      { externalId: '7', engagement: { likes: 3, reposts: 0, replies: 0, quotes: 0 } },
    ]);
    expect(source.requests).toEqual([1, 2, 3, 4, 5, 6, 999, 7].map((id) => `/posts/${id}.json`));
  });

  test('asks for thirty, one a second, and says so', async () => {
    const posts = Array.from({ length: 40 }, (_, at) => reply(at));
    const source = await openOn(fakeDiscourse(posts));
    const notices: string[] = [];
    const ids = posts.map(({ id }) => String(id));
    const updates = await refreshed(source, ids, { onNotice: (notice) => notices.push(notice) });
    expect(updates.map((each) => each.externalId)).toEqual(ids.slice(0, 30));
    expect(notices[0]).toBe('asking for the first 30 of 40 posts: each is a request');
    const tookMs = source.clock.now() - now;
    expect(tookMs).toBeGreaterThanOrEqual(29_000);
    expect(tookMs).toBeLessThan(60_000);
  });

  test.each([
    ['a private forum', say(403, { errors: ['Log in'], error_type: 'not_logged_in' }), 'no-access'],
    ['another site', say(404, '<html></html>'), 'bad-answer'],
    ['a failing forum', say(502, ''), 'http-status'],
  ])('%s is told in words', async (_name, handler, code) => {
    await expect(refreshed(await openOn(handler), ['1'])).rejects.toMatchObject({ code });
  });

  test('a limit is waited out, and an abort ends it with its reason', async () => {
    const source = await openOn(first([say(429, '', { 'retry-after': '5' })], fakeDiscourse([reply(1)])));
    expect(await refreshed(source, ['1'])).toHaveLength(1);
    expect(source.clock.slept).toContain(5_000);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(refreshed(source, ['1'], { signal })).rejects.toThrow('enough');
    expect(source.requests).toHaveLength(2);
  });
});

describe('limits and refusals', () => {
  test('the limits of anonymous visitors are kept', async () => {
    const source = await openOn(fakeDiscourse([]), { backfillDays: 20 });
    await fetchPages(source);
    expect(source.requests).toHaveLength(21);
    expect(source.clock.now() - now).toBeGreaterThanOrEqual(120_000);
  });

  test.each([
    ['nothing but words', say(429, { failed: 'FAILED', message: 'slow down' }), 60_000],
    ['seconds in the body', say(429, { errors: ['slow'], extras: { wait_seconds: 17 } }), 17_000],
    [
      'a header',
      say(429, 'Slow down, too many requests from this IP address', { 'retry-after': '5' }),
      5_000,
    ],
  ])('a limit told by %s is waited out', async (_name, refusal, waitMs) => {
    const source = await openOn(first([refusal], fakeDiscourse([post(1, 5)])));
    expect(idsOf(await fetchPages(source))).toEqual([1]);
    expect(source.clock.slept).toContain(waitMs);
  });

  test('an overloaded forum that finds nothing is no success', async () => {
    const overloaded = {
      posts: [],
      grouped_search_result: { error: 'extreme load', more_full_page_results: null },
    };
    await expect(fetchPages(await openOn(say(200, overloaded)))).rejects.toMatchObject({
      code: 'rate-limited',
    });
  });

  test.each([
    [
      'a private forum',
      say(403, { errors: ['You need to be logged in'], error_type: 'not_logged_in' }),
      'no-access',
    ],
    ['a guard in front of it', say(403, '<html>robots</html>'), 'http-status'],
    ['another site', say(404, '<html></html>'), 'bad-answer'],
    ['half an answer', say(200, '{"posts": [{"id'), 'bad-answer'],
    ['a failing forum', say(502, ''), 'http-status'],
  ])('%s is told in words', async (_name, handler, code) => {
    await expect(fetchPages(await openOn(handler))).rejects.toMatchObject({ code, fix: expect.any(String) });
  });

  test('a query that is too short is told with what to change', async () => {
    await expect(fetchPages(await openOn(fakeDiscourse([]), { query: 'ab' }))).rejects.toMatchObject({
      code: 'bad-query',
      message: expect.stringContaining('invalid parameters: q'),
    });
  });
});

test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
  let fake: Handler = () => {};
  const { url } = await serve((request, response) => fake(request, response));
  const http = testClient({ retries: 0 });
  const burst = fc.record({ at: fc.nat(200_000), count: fc.integer({ min: 1, max: 70 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { maxLength: 4 }),
      fc.integer({ min: 30, max: 50 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      async (bursts, pageSize, cuts) => {
        let id = 0;
        const posts = bursts.flatMap(({ at, count }) =>
          Array.from({ length: count }, () => {
            id += 1;
            return post(id, at);
          }),
        );
        fake = fakeDiscourse(posts, { pageSize });
        const seen = new Set<number>();
        let cursor: Cursor | null = null;
        for (const cut of [...cuts, 1_000]) {
          const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
          const source = openSource({ name: 'forum', kind: 'discourse', url, query: 'acme' }, tools);
          let pages = 0;
          for await (const page of source.fetch({ cursor, signal: never })) {
            for (const fetched of idsOf([page])) seen.add(fetched);
            cursor = page.cursor;
            pages += 1;
            if (pages === cut) break;
          }
        }
        expect([...seen].sort((a, b) => a - b)).toEqual(posts.map((each) => each.id));
      },
    ),
    { numRuns: 25 },
  );
});

describe('the wizard', () => {
  const tools = () => ({
    http: testClient({ retries: 0 }),
    clock: leapingClock(now),
    folder: '/',
    secrets: {},
  });

  test('takes the address of a forum, and no other', async () => {
    const { url } = await serve(fakeDiscourse([]));
    expect(await answerQuestion('discourse', ` ${url}/ `, tools(), never)).toMatchObject({
      config: { name: '127.0.0.1', kind: 'discourse', url },
    });
    const blog = await serve((_request, response) => response.writeHead(404).end());
    await expect(answerQuestion('discourse', blog.url, tools(), never)).rejects.toMatchObject({
      message: expect.stringContaining('does not answer as a Discourse forum does'),
    });
    await expect(answerQuestion('discourse', ' ', tools(), never)).rejects.toMatchObject({
      code: 'bad-address',
    });
  });
});
