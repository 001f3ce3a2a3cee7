import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, Page } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { answerQuestion } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { type FakeReview, fakeAppstore } from './fake-appstore.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const review = (id: number, secondsAgo: number, fields: object = {}): FakeReview => ({
  id: String(id),
  updated: new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', '-00:00'),
  ...fields,
});

async function openOn(handler: Handler, options: object = {}, retries = 0) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries }, clock), clock, folder: '/', secrets: {} };
  const config = { name: 'app', kind: 'appstore', appId: 555, baseUrl: url, ...options };
  return Object.assign(openSource(config, tools), { requests });
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((post) => Number(post.externalId));
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);

describeSourceContract('appstore', async () => {
  const us = Array.from({ length: 120 }, (_, at) => review(at, 90 + at * 9_000));
  const de = Array.from({ length: 20 }, (_, at) => review(1_000 + at, 50 + at * 9_000));
  const ids = [...us, ...de].map(({ id }) => id);
  us.push(review(9_999, 400, { 'im:rating': { label: '9' } }));
  const { handler, failFrom } = failable(fakeAppstore({ us, de }));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const config = { name: 'app', kind: 'appstore', appId: 555, countries: ['us', 'de'], baseUrl: url };
  return {
    open: () => openSource(config, { http, clock, folder: '/', secrets: {} }),
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => review(2_000 + at, 1 + at));
      us.push(...added);
      return added.map(({ id }) => id);
    },
  };
});

describe('what a review becomes', () => {
  test('its stars lead its title, and it shares no link with the others', async () => {
    const pages = await fetchPages(await openOn(fakeAppstore({ us: [review(7, 100, { votes: 4 })] })));
    expect(postsOf(pages)).toEqual([
      {
        externalId: '7',
        url: 'https://apps.apple.com/us/app/id555?see-all=reviews',
        link: null,
        author: 'ann',
        title: '★★☆☆☆ Broken',
        text: 'It crashes',
        lang: null,
        createdAt: now - 100_000,
        engagement: { likes: 4, reposts: 0, replies: 0, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('a single entry that is no list, and an app without reviews, are read', async () => {
    const single = fakeAppstore({ us: [review(7, 100)] }, { showApp: false });
    expect(idsOf(await fetchPages(await openOn(single)))).toEqual([7]);
    expect(await fetchPages(await openOn(fakeAppstore({})))).toMatchObject([{ posts: [], warnings: [] }]);
    const onlyApp = say(200, { feed: { entry: { 'im:name': { label: 'Acme' } } } });
    expect(idsOf(await fetchPages(await openOn(first([onlyApp], fakeAppstore({})))))).toEqual([]);
  });

  test('reviews without dates keep their order and get none', async () => {
    const us = Array.from({ length: 60 }, (_, at) => review(at, 0, { updated: null }));
    const pages = await fetchPages(await openOn(fakeAppstore({ us })));
    expect(idsOf(pages)).toEqual(us.map(({ id }) => Number(id)).reverse());
    expect(postsOf(pages).every((post) => post.createdAt === null)).toBe(true);
  });
});

describe('ten pages and no more', () => {
  test('what lies beyond them is told', async () => {
    const us = Array.from({ length: 600 }, (_, at) => review(at, 90 + at * 60));
    const pages = await fetchPages(await openOn(fakeAppstore({ us })));
    expect(idsOf(pages)).toHaveLength(500);
    expect(warningsOf(pages)).toEqual([
      'us: only the newest 500 posts can be read (back to 2026-01-15T03:39:30.000Z): older ones are missing',
    ]);
  });

  test('reading ends at what is stored', async () => {
    const us = Array.from({ length: 300 }, (_, at) => review(at, 90 + at * 9_000));
    const source = await openOn(fakeAppstore({ us }), { backfillDays: 365 });
    const pages = await fetchPages(source);
    const before = source.requests.length;
    us.push(review(900, 5));
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toContain(900);
    expect(source.requests.length - before).toBe(1);
  });

  test('a review that vanishes between two pages takes no other with it', async () => {
    const us = Array.from({ length: 120 }, (_, at) => review(at, 90 + at * 60));
    const fake = fakeAppstore({ us });
    const withdraw: Handler = (request, response) => {
      fake(request, response);
      us.splice(10, 1);
    };
    expect(idsOf(await fetchPages(await openOn(first([withdraw], fake))))).toHaveLength(120);
  });

  test('a page that repeats is read once', async () => {
    const us = Array.from({ length: 20 }, (_, at) => review(at, 90 + at * 60));
    const fake = fakeAppstore({ us });
    const repeat: Handler = (request, response) => {
      request.url = request.url?.replace('page=2', 'page=1') ?? '';
      fake(request, response);
    };
    expect(idsOf(await fetchPages(await openOn(repeat)))).toHaveLength(20);
  });
});

describe('failures', () => {
  test('a 502 that passes is tried again', async () => {
    const fake = fakeAppstore({ us: [review(7, 100)] });
    const source = await openOn(first([say(502, ''), say(503, '')], fake), {}, 2);
    expect(idsOf(await fetchPages(source))).toEqual([7]);
  });

  test.each([
    ['a failing store', say(502, ''), 'http-status'],
    ['a refusal', say(403, 'Forbidden'), 'http-status'],
    ['a limit', say(429, '', { 'retry-after': '900' }), 'rate-limited'],
    ['half an answer', say(200, '{"feed": {"entry": ['), 'bad-answer'],
    ['another schema', say(200, { reviews: [] }), 'bad-answer'],
  ])('%s is told in words', async (_name, handler, code) => {
    await expect(fetchPages(await openOn(handler))).rejects.toMatchObject({ code, fix: expect.any(String) });
  });
});

test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
  let fake: Handler = () => {};
  const { url } = await serve((request, response) => fake(request, response));
  const http = testClient({ retries: 0 });
  const burst = fc.record({ at: fc.nat(900), count: fc.integer({ min: 1, max: 120 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { maxLength: 4 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      async (bursts, size, cuts) => {
        let id = 0;
        const reviews = bursts.flatMap(({ at, count }) =>
          Array.from({ length: count }, () => {
            id += 1;
            return review(id, at, id % 11 === 0 ? { updated: null } : {});
          }),
        );
        const pageSize = Math.max(size, Math.ceil(reviews.length / 10));
        fake = fakeAppstore({ us: reviews.slice(0, 200), gb: reviews.slice(200) }, { pageSize });
        const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
        const config = { name: 'app', kind: 'appstore', appId: 555, countries: ['us', 'gb'], baseUrl: url };
        const source = openSource(config, tools);
        const seen = new Set<number>();
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
        expect([...seen].sort((a, b) => a - b)).toEqual(reviews.map((each) => Number(each.id)));
      },
    ),
    { numRuns: 25 },
  );
});

describe('the wizard', () => {
  const tools = () => ({ http: testClient(), clock: leapingClock(now), folder: '/', secrets: {} });

  test.each([
    ['https://apps.apple.com/gb/app/slack/id618783545?mt=8', 'app-store-slack', ['gb']],
    ['apps.apple.com/us/app/id618783545', 'app-store-618783545', ['us']],
    [' 618783545 ', 'app-store-618783545', ['us']],
  ])('takes %s', async (answer, name, countries) => {
    const { config } = await answerQuestion('appstore', answer, tools(), never);
    expect(config).toEqual({ name, kind: 'appstore', appId: 618783545, countries });
  });

  test('says what it wants when it gets something else', async () => {
    await expect(answerQuestion('appstore', 'slack', tools(), never)).rejects.toMatchObject({
      code: 'bad-address',
    });
  });
});
