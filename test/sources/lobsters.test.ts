import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, EngagementUpdate, FetchOptions, Page, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { wordFilter } from '../../source/sources/words.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { type FakeStory, fakeLobsters } from './fake-lobsters.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);

/** Times are those of Chicago, as on the site. */
function story(id: number | string, secondsAgo: number, fields: object = {}): FakeStory {
  const at = new Date(now - secondsAgo * 1000 - 6 * 3_600_000).toISOString().replace('Z', '-06:00');
  return {
    short_id: `s${id}`,
    short_id_url: `https://lobste.rs/s/s${id}`,
    created_at: at,
    title: `Acme Cloud fails ${id}`,
    url: `https://acme.example/${id}`,
    score: 12,
    flags: 0,
    comment_count: 3,
    description: '<p>Why &amp; how</p>\n',
    description_plain: 'Why & how\r\n',
    comments_url: `https://lobste.rs/s/s${id}/acme_cloud_fails`,
    submitter_user: 'ann',
    user_is_author: false,
    tags: ['devops'],
    ...fields,
  };
}

async function openOn(handler: Handler, options: object = {}) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: {} };
  const source = openSource({ name: 'lobsters', kind: 'lobsters', baseUrl: url, ...options }, tools);
  return Object.assign(source, { requests, clock });
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);

describeSourceContract('lobsters', async () => {
  const stories = Array.from({ length: 130 }, (_, at) => story(at, 90 + at * 3_000));
  const ids = stories.map((each) => each.short_id);
  stories.push(story('broken', 400, { title: null }));
  const { handler, failFrom } = failable(fakeLobsters(stories));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  return {
    open: () => {
      const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
      return openSource({ name: 'lobsters', kind: 'lobsters', baseUrl: url }, tools);
    },
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => story(`new${at}`, 1 + at));
      stories.push(...added);
      return added.map((each) => each.short_id);
    },
  };
});

describe('what a story becomes', () => {
  test('it is read at its discussion and links what it is about', async () => {
    expect(postsOf(await fetchPages(await openOn(fakeLobsters([story(7, 100)]))))).toEqual([
      {
        externalId: 's7',
        url: 'https://lobste.rs/s/s7/acme_cloud_fails',
        link: 'https://acme.example/7',
        author: 'ann',
        title: 'Acme Cloud fails 7',
        text: 'Why & how',
        lang: null,
        createdAt: now - 100_000,
        engagement: { likes: 12, reposts: 0, replies: 3, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('the shapes of older versions are read too', async () => {
    const old = story(1, 5, {
      url: '',
      description_plain: undefined,
      submitter_user: { username: 'bob', karma: 5 },
      score: -2,
    });
    expect(postsOf(await fetchPages(await openOn(fakeLobsters([old]))))).toMatchObject([
      {
        author: 'bob',
        text: 'Why & how',
        link: 'https://lobste.rs/s/s1/acme_cloud_fails',
        engagement: { likes: 0 },
      },
    ]);
  });
});

describe('which stories', () => {
  const stories = [
    story(1, 50),
    story(2, 60, { title: 'Zeta', tags: ['rust'], description_plain: 'about "acme  cloud" itself' }),
    story(3, 70, { title: 'Other', url: 'https://zeta.example/acme', tags: ['go'] }),
  ];

  test('tags in one list, domains in one each', async () => {
    const source = await openOn(fakeLobsters(stories), { tags: ['rust', 'go'], domains: ['acme.example'] });
    expect(idsOf(await fetchPages(source))).toEqual(['s3', 's2', 's2', 's1']);
    expect(source.requests).toEqual([
      '/t/rust,go.json',
      '/t/rust,go/page/2.json',
      '/domains/acme.example.json',
      '/domains/acme.example/page/2.json',
    ]);
  });

  test('words are looked for here, and what does not hold them costs no second visit', async () => {
    const quiet = Array.from({ length: 60 }, (_, at) =>
      story(100 + at, 500 + at * 600, { title: 'Zeta', url: null }),
    );
    const all = [...quiet, ...stories];
    const source = await openOn(fakeLobsters(all), { query: '"acme cloud"' });
    const pages = await fetchPages(source);
    expect(idsOf(pages)).toEqual(['s2', 's1']);
    const before = source.requests.length;
    all.push(story(9, 5));
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toContain('s9');
    expect(source.requests.length - before).toBe(1);
  });

  test.each([
    ['acme', 'About ACME!', true],
    ['go', 'google', false],
    ['go lang', 'Lang and Go', true],
    ['"go lang"', 'lang and go', false],
    ['c++', 'C++ 26', true],
    ['', 'anything', true],
    ['"', 'anything', false],
    ['größe', 'Die GRÖSSE', false],
    ['größe', 'Die Größe', true],
  ])('%j in %j: %s', (query, text, found) => {
    expect(wordFilter(query)(text)).toBe(found);
  });
});

describe('limits and refusals', () => {
  test('the documented limits are kept', async () => {
    const stories = Array.from({ length: 390 }, (_, at) => story(at, 90 + at * 60));
    const source = await openOn(fakeLobsters(stories));
    expect(idsOf(await fetchPages(source))).toHaveLength(390);
    expect(source.requests).toHaveLength(31);
    expect(source.clock.now() - now).toBeGreaterThanOrEqual(60_000);
  });

  test.each([
    ['since 1970', String(now / 1000 + 30)],
    ['from now', '30'],
  ])('a 429 with its end in seconds %s is waited out', async (_name, reset) => {
    const headers = { 'ratelimit-limit': '30', 'ratelimit-remaining': '0', 'ratelimit-reset': reset };
    const source = await openOn(
      first([say(429, 'Throttled, sleep(1)', headers)], fakeLobsters([story(1, 5)])),
    );
    expect(idsOf(await fetchPages(source))).toEqual(['s1']);
    expect(source.clock.slept).toContain(30_000);
  });

  test.each([
    ['an unknown tag', { tags: ['nope'] }, fakeLobsters([]), 'bad-query'],
    ['a site that is none', {}, say(404, '<html></html>'), 'http-status'],
    ['a limit of a day', {}, say(429, '', { 'retry-after': '86400' }), 'rate-limited'],
    ['a limit without a time', {}, say(429, ''), 'rate-limited'],
    ['half an answer', {}, say(200, '[{"short_id": "x'), 'bad-answer'],
    ['another schema', {}, say(200, { stories: [] }), 'bad-answer'],
    ['a failing site', {}, say(500, ''), 'http-status'],
  ])('%s is told in words', async (_name, options, handler, code) => {
    const source = await openOn(handler, options);
    await expect(fetchPages(source)).rejects.toMatchObject({ code, fix: expect.any(String) });
  });
});

describe('refresh', () => {
  async function refreshed(source: Source, ids: readonly string[], options: Partial<FetchOptions> = {}) {
    const updates: EngagementUpdate[] = [];
    for await (const batch of source.refresh?.(ids, { signal: never, ...options }) ?? [])
      updates.push(...batch);
    return updates;
  }

  test('reads the counts of a story a request; what is gone, merged or not told is left out', async () => {
    const stories = [
      story(1, 5, { score: 40, comment_count: 9 }),
      story(2, 5, { score: null }),
      story(3, 5, { merged_into: 's1' }),
      story(4, 5),
    ];
    const source = await openOn(fakeLobsters(stories));
    expect(await refreshed(source, ['s1', 's2', 's3', 'gone', '../x', 's4'])).toEqual([
      { externalId: 's1', engagement: { likes: 40, reposts: 0, replies: 9, quotes: 0 } },
      { externalId: 's4', engagement: { likes: 12, reposts: 0, replies: 3, quotes: 0 } },
    ]);
    expect(source.requests.filter((path) => path !== '/s/s1.json')).toEqual([
      '/s/s2.json',
      '/s/s3.json',
      '/s/gone.json',
      '/s/s4.json',
    ]);
  });

  test('asks for thirty, one a second, and says so', async () => {
    const stories = Array.from({ length: 40 }, (_, at) => story(at, 5));
    const source = await openOn(fakeLobsters(stories));
    const notices: string[] = [];
    const ids = stories.map((each) => each.short_id);
    const updates = await refreshed(source, ids, { onNotice: (notice) => notices.push(notice) });
    expect(updates.map((each) => each.externalId)).toEqual(ids.slice(0, 30));
    expect(notices[0]).toBe('asking for the first 30 of 40 posts: each is a request');
    expect(source.clock.now() - now).toBeGreaterThanOrEqual(29_000);
  });

  test('keeps what was read before a failure or an abort', async () => {
    const fake = fakeLobsters([story(1, 5), story(2, 5)]);
    const source = await openOn(first([fake, say(500, '')], fake));
    const updates: EngagementUpdate[] = [];
    const refreshing = async () => {
      for await (const batch of source.refresh?.(['s1', 's2'], { signal: never }) ?? [])
        updates.push(...batch);
    };
    await expect(refreshing()).rejects.toMatchObject({ code: 'http-status' });
    expect(updates).toMatchObject([{ externalId: 's1' }]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(refreshed(source, ['s1'], { signal })).rejects.toThrow('enough');
    expect(source.requests).toHaveLength(2);
  });
});

test('a story that vanishes between two pages takes no other with it', async () => {
  const stories = Array.from({ length: 60 }, (_, at) => story(at, 90 + at * 60));
  const fake = fakeLobsters(stories);
  const withdraw: Handler = (request, response) => {
    fake(request, response);
    stories.splice(4, 1);
  };
  expect(idsOf(await fetchPages(await openOn(first([withdraw], fake))))).toHaveLength(60);
});

test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
  let fake: Handler = () => {};
  const { url } = await serve((request, response) => fake(request, response));
  const http = testClient({ retries: 0 });
  const burst = fc.record({ at: fc.nat(9_000), count: fc.integer({ min: 1, max: 60 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { maxLength: 4 }),
      fc.integer({ min: 20, max: 30 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      async (bursts, pageSize, cuts) => {
        let id = 0;
        const stories = bursts.flatMap(({ at, count }) =>
          Array.from({ length: count }, () => {
            id += 1;
            return story(id, at, id % 4 === 0 ? { title: 'Zeta', url: null } : {});
          }),
        );
        fake = fakeLobsters(stories, pageSize);
        const seen = new Set<string>();
        let cursor: Cursor | null = null;
        for (const cut of [...cuts, 1_000]) {
          const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
          const config = { name: 'lobsters', kind: 'lobsters', baseUrl: url, query: 'acme' };
          let pages = 0;
          for await (const page of openSource(config, tools).fetch({ cursor, signal: never })) {
            for (const fetched of idsOf([page])) seen.add(fetched);
            cursor = page.cursor;
            pages += 1;
            if (pages === cut) break;
          }
        }
        const wanted = stories.filter((each) => each.title !== 'Zeta').map((each) => each.short_id);
        expect([...seen].sort()).toEqual(wanted.sort());
      },
    ),
    { numRuns: 25 },
  );
});
