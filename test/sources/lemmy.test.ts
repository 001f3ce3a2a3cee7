import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, Page } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { proposeSources } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { type FakeItem, fakeLemmy } from './fake-lemmy.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const published = (secondsAgo: number) =>
  new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', '.123456Z');
const post = (id: number, secondsAgo: number, fields: object = {}): FakeItem => ({
  id,
  type: 'post',
  published: published(secondsAgo),
  text: 'acme **fails**',
  ...fields,
});
const comment = (id: number, secondsAgo: number): FakeItem => ({ ...post(id, secondsAgo), type: 'comment' });
const urlOf = ({ type, id }: FakeItem) => `https://other.example/${type}/${id}`;

async function openOn(handler: Handler, options: object = {}) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: {} };
  const config = { name: 'lemmy', kind: 'lemmy', query: 'acme', baseUrl: url, ...options };
  return Object.assign(openSource(config, tools), { requests, clock });
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);

describeSourceContract('lemmy', async () => {
  const items = Array.from({ length: 120 }, (_, at) => post(at, 90 + at * 3_000));
  items.push(...Array.from({ length: 30 }, (_, at) => comment(at, 50 + at * 9_000)));
  const ids = items.map(urlOf);
  items.push(post(9_999, 400, { ap_id: null }));
  const { handler, failFrom } = failable(fakeLemmy(items, { maxLimit: 40 }));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const config = { name: 'lemmy', kind: 'lemmy', query: 'acme', baseUrl: url };
  return {
    open: () => openSource(config, { http, clock, folder: '/', secrets: {} }),
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => post(2_000 + at, 1 + at));
      items.push(...added);
      return added.map(urlOf);
    },
  };
});

describe('what an item becomes', () => {
  test('a post is known by the address at which it was written, and links what it shares', async () => {
    const shared = post(7, 100, { url: 'https://example.com/news' });
    const [page] = await fetchPages(await openOn(fakeLemmy([shared]), { types: ['posts'] }));
    expect(page?.posts).toEqual([
      {
        externalId: 'https://other.example/post/7',
        url: 'https://other.example/post/7',
        link: 'https://example.com/news',
        author: 'ann',
        title: 'Acme 7',
        text: 'acme **fails**',
        lang: null,
        createdAt: now - 100_000 + 123,
        engagement: { likes: 5, reposts: 0, replies: 2, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('a comment carries the post that it answers', async () => {
    const [page] = await fetchPages(await openOn(fakeLemmy([comment(8, 5)]), { types: ['comments'] }));
    expect(page?.posts).toMatchObject([
      {
        externalId: 'https://other.example/comment/8',
        title: null,
        link: null,
        engagement: { likes: 0, replies: 4 },
        parentUrl: 'https://other.example/post/9',
        parentText: 'Acme is down',
      },
    ]);
  });

  test('a time without a zone is UTC, and what was removed is left out in silence', async () => {
    const items = [
      post(1, 0, { published: '2026-01-15T11:00:00.123' }),
      post(2, 50, { deleted: true }),
      post(3, 60, { removed: true }),
    ];
    const pages = await fetchPages(await openOn(fakeLemmy(items), { types: ['posts'] }));
    expect(postsOf(pages).map((each) => each.createdAt)).toEqual([Date.UTC(2026, 0, 15, 11, 0, 0, 123)]);
    expect(warningsOf(pages)).toEqual([]);
  });
});

describe('reading by pages', () => {
  test('a post that vanishes between two pages takes no other with it', async () => {
    const items = Array.from({ length: 120 }, (_, at) => post(at, 90 + at * 60));
    const fake = fakeLemmy(items);
    const withdraw: Handler = (request, response) => {
      fake(request, response);
      items.splice(10, 1);
    };
    expect(idsOf(await fetchPages(await openOn(first([withdraw], fake), { types: ['posts'] })))).toHaveLength(
      120,
    );
  });

  test('a list longer than is read ends with a warning', async () => {
    const items = Array.from({ length: 1_100 }, (_, at) => post(at, 90 + at));
    const pages = await fetchPages(await openOn(fakeLemmy(items), { types: ['posts'] }));
    expect(idsOf(pages)).toHaveLength(1_000);
    expect(warningsOf(pages)).toEqual([expect.stringMatching(/^only the newest 1000 posts can be read/)]);
  });

  test('a post that arrives hours late from another instance is found', async () => {
    const items = [post(1, 100)];
    const source = await openOn(fakeLemmy(items), { types: ['posts'] });
    const pages = await fetchPages(source);
    items.push(post(2, 5 * 3_600));
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toContain(urlOf(post(2, 0)));
  });
});

describe('limits and refusals', () => {
  test.each([
    ['400 with its word', say(400, { error: 'rate_limit_error' }), 60_000],
    ['429', say(429, { error: 'too_many' }), 60_000],
    ['429 with a time', say(429, {}, { 'retry-after': '7' }), 7_000],
  ])('a limit told by %s is waited out', async (_name, refusal, waitMs) => {
    const source = await openOn(first([refusal], fakeLemmy([post(1, 5)])), { types: ['posts'] });
    expect(idsOf(await fetchPages(source))).toHaveLength(1);
    expect(source.clock.slept).toContain(waitMs);
  });

  test.each([
    ['a private instance', say(400, { error: 'instance_is_private' }), 'no-access', /members only/],
    ['a query error', say(400, { error: 'invalid\u001b[31m_query' }), 'bad-query', /invalid_query$/],
    ['an instance with another API', say(404, ''), 'bad-answer', /version 3/],
    ['an answer of version 4', say(200, { results: [], next_page: null }), 'bad-answer', /version 3/],
    ['a web page', say(200, '<html></html>'), 'bad-answer', /shape/],
    ['half an answer', say(200, '{"posts": [{"post'), 'bad-answer', /shape/],
    ['a failing server', say(502, ''), 'http-status', /502/],
    ['a guard in front of it', say(403, '<html>no robots</html>'), 'http-status', /403/],
  ])('%s is told in words', async (_name, handler, code, message) => {
    await expect(fetchPages(await openOn(handler))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });
  });
});

test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
  let fake: Handler = () => {};
  const { url } = await serve((request, response) => fake(request, response));
  const http = testClient({ retries: 0 });
  const burst = fc.record({ at: fc.nat(900), count: fc.integer({ min: 1, max: 90 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { maxLength: 4 }),
      fc.integer({ min: 20, max: 50 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      async (bursts, maxLimit, cuts) => {
        let id = 0;
        const items = bursts.flatMap(({ at, count }) =>
          Array.from({ length: count }, () => {
            id += 1;
            return id % 3 === 0 ? comment(id, at) : post(id, at);
          }),
        );
        fake = fakeLemmy(items, { maxLimit });
        const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
        const source = openSource({ name: 'lemmy', kind: 'lemmy', query: 'acme', baseUrl: url }, tools);
        const seen = new Set<string>();
        let cursor: Cursor | null = null;
        for (const cut of [...cuts, 1_000]) {
          let pages = 0;
          for await (const page of source.fetch({ cursor, signal: never })) {
            for (const fetched of idsOf([page])) seen.add(fetched);
            cursor = page.cursor;
            pages += 1;
            if (pages === cut) break;
          }
        }
        expect([...seen].sort()).toEqual(items.map(urlOf).sort());
      },
    ),
    { numRuns: 25 },
  );
});

test('the wizard proposes the largest instance', () => {
  expect(proposeSources('Acme')).toContainEqual({
    config: { name: 'lemmy', kind: 'lemmy', query: 'Acme' },
    title: 'Lemmy',
    target: 'posts and comments with Acme on lemmy.world',
  });
});
