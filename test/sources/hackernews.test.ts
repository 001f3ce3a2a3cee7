import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngagementUpdate, FetchOptions, Page, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { proposeSources } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { answer, type FakeHit, fakeAlgolia } from './fake-algolia.ts';
import { fetchPages, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const nowSeconds = now / 1_000;

function story(id: number | string, secondsAgo: number, fields: object = {}): FakeHit {
  return {
    objectID: String(id),
    created_at_i: nowSeconds - secondsAgo,
    _tags: ['story'],
    author: 'ann',
    title: `Acme story ${id}`,
    url: `https://example.com/${id}`,
    points: 3,
    num_comments: 2,
    ...fields,
  };
}

async function openOn(
  hits: readonly FakeHit[],
  options: object = {},
  cap?: number,
): Promise<Source & { requests: string[] }> {
  const { url, requests } = await serve(fakeAlgolia(hits, cap));
  const tools = { http: testClient(), clock: leapingClock(now), folder: '/', secrets: {} };
  const config = {
    name: 'hn',
    kind: 'hackernews',
    enabled: true,
    weight: 1,
    query: 'acme',
    baseUrl: url,
    ...options,
  };
  return Object.assign(openSource(config, tools), { requests });
}

async function take(source: Source, options: Partial<FetchOptions>): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for await (const page of source.fetch({ cursor: null, signal: never, ...options })) pages.push(page);
  return pages;
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((post) => post.externalId);

describeSourceContract('hackernews', async () => {
  const hits = Array.from({ length: 60 }, (_, at) => story(at, at * 9_000));
  hits.push({ ...story('broken', 50), author: 'acme', title: null, url: null });
  let failing: number | null = null;
  const fake = fakeAlgolia(hits, 20);
  const { url } = await serve((request, response) => {
    if (failing === null) return fake(request, response);
    failing -= 1;
    return failing < 0 ? void response.writeHead(500).end() : fake(request, response);
  });
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const config = { name: 'hn', kind: 'hackernews', enabled: true, weight: 1, query: 'acme', baseUrl: url };
  return {
    open: () => openSource(config, { http, clock, folder: '/', secrets: {} }),
    ids: Array.from({ length: 60 }, (_, at) => String(at)),
    hasBrokenItem: true,
    failFrom: (request) => {
      failing = request;
    },
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => story(`new-${at}`, 1 + at));
      hits.push(...added);
      return added.map((hit) => hit.objectID);
    },
  };
});

describe('what a hit becomes', () => {
  test('a story points at its discussion, links the page it is about and counts its reactions', async () => {
    const [post] = postsOf(
      await fetchPages(await openOn([story(7, 100, { story_text: 'Is it <i>down</i>?<p>Since 9.' })])),
    );
    expect(post).toEqual({
      externalId: '7',
      url: 'https://news.ycombinator.com/item?id=7',
      link: 'https://example.com/7',
      author: 'ann',
      title: 'Acme story 7',
      text: 'Is it down?\n\nSince 9.',
      lang: null,
      createdAt: now - 100_000,
      engagement: { likes: 3, reposts: 0, replies: 2, quotes: 0 },
      parentUrl: null,
      parentText: null,
    });
  });

  test('a comment carries the story that it answers, and its text without HTML', async () => {
    const comment: FakeHit = {
      objectID: '9',
      created_at_i: nowSeconds - 5,
      _tags: ['comment'],
      author: 'bob',
      comment_text:
        '<p>See <a href="https:&#x2F;&#x2F;example.com&#x2F;a-very-long-path" rel="nofollow">https:&#x2F;&#x2F;example.com&#x2F;a-very...</a> &amp; acme<p><pre><code>a\n  b</code></pre>',
      story_title: 'Acme is down',
      story_url: null,
      story_id: 8,
      parent_id: 8,
      points: null,
      num_comments: null,
    };
    const [post] = postsOf(await fetchPages(await openOn([comment])));
    expect(post).toMatchObject({
      title: null,
      text: 'See https://example.com/a-very-long-path & acme\n\na\n  b',
      parentText: 'Acme is down',
      parentUrl: 'https://news.ycombinator.com/item?id=8',
      link: null,
      engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 },
    });
  });

  test('an author or title of null, or of a wrong type, costs only itself', async () => {
    const hits = [
      story(1, 5, { author: null }),
      story(2, 6, { title: null, story_text: 'Acme' }),
      story(3, 7, { points: 'x' }),
    ];
    const posts = postsOf(await fetchPages(await openOn(hits)));
    expect(posts.map((post) => [post.externalId, post.author, post.title])).toEqual([
      ['3', 'ann', 'Acme story 3'],
      ['2', 'ann', null],
      ['1', null, 'Acme story 1'],
    ]);
  });

  test('hits without id, date or words are counted in a warning', async () => {
    const { url } = await serve((_request, response) =>
      answer(response, {
        nbHits: 4,
        hits: [null, { objectID: 'x' }, { created_at_i: 5, title: 'a' }, story(1, 1)],
      }),
    );
    const pages = await fetchPages(await openOn([], { baseUrl: url }));
    expect(idsOf(pages)).toEqual(['1']);
    expect(pages[0]?.warnings).toEqual(['3 hits have no id, no date or no text: left out']);
  });

  test('only the tags and the time asked for are returned', async () => {
    const hits = [story(1, 5), story(2, 5, { _tags: ['comment'] }), story(3, 3 * 86_400)];
    expect(idsOf(await fetchPages(await openOn(hits, { tags: ['story'], backfillDays: 2 })))).toEqual(['1']);
  });
});

describe('the cap of 1,000 hits', () => {
  test('a busy week is read whole, oldest first, with few requests', async () => {
    const hits = Array.from({ length: 4_500 }, (_, at) => story(at, at * 130));
    const source = await openOn(hits);
    const pages = await fetchPages(source);
    expect(new Set(idsOf(pages)).size).toBe(4_500);
    const dates = postsOf(pages).map((post) => post.createdAt ?? 0);
    expect(dates).toEqual(dates.toSorted((left, right) => left - right));
    expect(source.requests.length).toBeLessThan(20);
  });

  test('a single second beyond the cap is told, and the rest still comes', async () => {
    const hits = [
      ...Array.from({ length: 8 }, (_, at) => story(at, 500)),
      story('old', 900),
      story('new', 100),
    ];
    const pages = await fetchPages(await openOn(hits, { backfillDays: 0.05 }, 5));
    expect(idsOf(pages)).toHaveLength(7);
    expect(idsOf(pages)).toEqual(expect.arrayContaining(['old', 'new']));
    expect(pages.flatMap((page) => page.warnings)).toEqual([
      expect.stringMatching(/^8 hits at .*, of which only 5/),
    ]);
  });

  test('the set fetched is the set served, however the posts lie in time', async () => {
    const burst = fc.record({ at: fc.nat(7_000), count: fc.integer({ min: 1, max: 10 }) });
    let hits: FakeHit[] = [];
    const { url } = await serve((request, response) => fakeAlgolia(hits, 10)(request, response));
    const http = testClient();
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { maxLength: 12 }), fc.nat(6), async (bursts, stopAfter) => {
        // At most the cap in one second: more cannot be told apart by time.
        const perSecond = new Map(bursts.map(({ at, count }) => [at, count]));
        hits = [...perSecond].flatMap(([at, count]) =>
          Array.from({ length: count }, (_, index) => story(`${at}-${index}`, at)),
        );
        const config = {
          name: 'hn',
          kind: 'hackernews',
          enabled: true,
          weight: 1,
          query: 'acme',
          baseUrl: url,
        };
        const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
        const source = openSource({ ...config, backfillDays: 0.0833 }, tools);
        const seen: string[] = [];
        let cursor: Page['cursor'] | null = null;
        let pages = 0;
        for await (const page of source.fetch({ cursor, signal: never })) {
          seen.push(...page.posts.map((post) => post.externalId));
          cursor = page.cursor;
          pages += 1;
          if (pages === stopAfter) break;
        }
        const rest = idsOf(await fetchPages(source, cursor));
        expect([...new Set([...seen, ...rest])].sort()).toEqual(hits.map((hit) => hit.objectID).sort());
        expect(new Set(seen).size).toBe(seen.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('running again', () => {
  test('an item that appeared late, within the overlap, is still found', async () => {
    const hits = [story(1, 7_200)];
    const source = await openOn(hits);
    const first = await fetchPages(source);
    hits.push(story('late', 1_800));
    expect(idsOf(await fetchPages(source, first.at(-1)?.cursor))).toContain('late');
  });

  test('runs that are stopped after every page get past a busy hour', async () => {
    const hits = Array.from({ length: 100 }, (_, at) => story(at, 20 + at * 30));
    const source = await openOn(hits, { backfillDays: 0.05 }, 10);
    const whole = await fetchPages(source);
    let cursor = whole.at(-1)?.cursor ?? null;
    const seen = new Set<string>();
    for (let turn = 0; turn < 60 && seen.size < hits.length; turn += 1) {
      for await (const page of source.fetch({ cursor, signal: never })) {
        for (const post of page.posts) seen.add(post.externalId);
        cursor = page.cursor;
        break;
      }
    }
    expect(seen.size).toBe(hits.length);
  });

  test.each([
    ['ahead of', 5 * 3_600],
    ['behind', -5 * 3_600],
  ])('a clock that is hours %s the service loses nothing', async (_, aheadSeconds) => {
    const hits = [story(1, 7_200), story(2, 60)];
    const { url } = await serve(fakeAlgolia(hits));
    const clockAt = (secondsLater: number) => leapingClock(now + (aheadSeconds + secondsLater) * 1000);
    const open = (secondsLater: number) => {
      const clock = clockAt(secondsLater);
      const config = { name: 'hn', kind: 'hackernews', query: 'acme', baseUrl: url };
      return openSource(config, { http: testClient({}, clock), clock, folder: '/', secrets: {} });
    };
    const seen = new Set<string>();
    let cursor = null;
    for (let turn = 0; turn < 6; turn += 1) {
      // Half an hour passes, a story is written a minute before the next run.
      hits.push(story(10 + turn, -turn * 1_800 + 60));
      const pages: readonly Page[] = await fetchPages(open(turn * 1_800), cursor);
      for (const id of idsOf(pages)) seen.add(id);
      cursor = pages.at(-1)?.cursor ?? cursor;
    }
    expect([...seen].sort()).toEqual(hits.map(({ objectID }) => objectID).sort());
  });

  test('an estimated count of hits does not cut time to pieces', async () => {
    const { url, requests } = await serve((_request, response) =>
      answer(response, { nbHits: 900, hits: [story(1, 1)], exhaustiveNbHits: false }),
    );
    expect(idsOf(await fetchPages(await openOn([], { baseUrl: url })))).toEqual(['1']);
    expect(requests).toHaveLength(1);
  });

  test('a backfill begins where it is told to, and one that was stopped goes on from there', async () => {
    const hits = Array.from({ length: 1_500 }, (_, index) => story(index + 1, index * 600));
    const source = await openOn(hits, { backfillDays: 1 });
    const since = (nowSeconds - 8 * 86_400) * 1000;
    const pages = await take(source, { since });
    const wanted = hits.filter((hit) => hit.created_at_i * 1000 >= since).map(({ objectID }) => objectID);
    expect(idsOf(pages).toSorted()).toEqual(wanted.toSorted());
    expect(pages.length).toBeGreaterThan(1);
    const rest = await take(source, { cursor: pages[0]?.cursor ?? null });
    expect(new Set([...idsOf(pages.slice(0, 1)), ...idsOf(rest)])).toEqual(new Set(wanted));
    expect(idsOf(await take(source, { since: (nowSeconds + 60) * 1000 }))).toEqual([]);
  });

  test('a changed query starts from the beginning', async () => {
    const hits = [story(1, 86_400 * 5, { title: 'Acme and Zeta' })];
    const first = await fetchPages(await openOn(hits));
    expect(idsOf(await fetchPages(await openOn(hits), first.at(-1)?.cursor))).toEqual([]);
    expect(idsOf(await fetchPages(await openOn(hits, { query: 'zeta' }), first.at(-1)?.cursor))).toEqual([
      '1',
    ]);
  });

  test('an answer that is no search result is an error in words', async () => {
    const { url } = await serve((_request, response) => response.end('<html>maintenance</html>'));
    await expect(fetchPages(await openOn([], { baseUrl: url }))).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('refresh', () => {
  const tagged = (id: number, points: number, tags: readonly string[] = ['story']) =>
    story(id, 90_000, { points, _tags: [...tags, 'author_ann', `story_${id}`], title: 'Other words' });

  async function refreshed(source: Source, ids: readonly string[], options: Partial<FetchOptions> = {}) {
    const updates: EngagementUpdate[] = [];
    for await (const batch of source.refresh?.(ids, { signal: never, ...options }) ?? [])
      updates.push(...batch);
    return updates;
  }

  test('reads the counts of a hundred stories a request, whatever the query, and no comments', async () => {
    const hits = Array.from({ length: 150 }, (_, at) => tagged(at, at));
    hits.push(tagged(500, 4, ['poll']), tagged(501, 5));
    hits.push(story(900, 10, { _tags: ['comment', 'story_1'], comment_text: 'Acme', title: null }));
    const source = await openOn(hits);
    const ids = [...Array.from({ length: 150 }, (_, at) => String(at)), '500', '900', '777', 'new-1'];
    const updates = await refreshed(source, ids);
    expect(updates.map(({ externalId }) => Number(externalId)).toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 150 }, (_, at) => at),
      500,
    ]);
    expect(updates.find(({ externalId }) => externalId === '42')).toEqual({
      externalId: '42',
      engagement: { likes: 42, reposts: 0, replies: 2, quotes: 0 },
    });
    expect(source.requests).toHaveLength(2);
    const asked = new URL(source.requests[1] ?? '', 'http://fake').searchParams;
    expect(asked.get('tags')).toMatch(/^\(story,poll\),\(story_100,.*story_777\)$/);
    expect(asked.get('hitsPerPage')).toBe('100');
    expect(await refreshed(source, ['new-1'])).toEqual([]);
    expect(source.requests).toHaveLength(2);
  });

  test('counts that cannot be read change nothing, and a failure is told in words', async () => {
    const odd = story(1, 5, { _tags: ['story', 'story_1'], points: 'many', num_comments: null });
    expect(await refreshed(await openOn([odd]), ['1'])).toEqual([]);
    const { url } = await serve((_request, response) => response.end('<html>maintenance</html>'));
    const broken = await openOn([], { baseUrl: url });
    await expect(refreshed(broken, ['1'])).rejects.toMatchObject({ code: 'bad-answer' });
  });

  test('an abort ends it with its reason before anything is asked', async () => {
    const source = await openOn([tagged(1, 1)]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(refreshed(source, ['1'], { signal })).rejects.toThrow('enough');
    expect(source.requests).toEqual([]);
  });
});

test('the wizard proposes it, filled in with the topic', () => {
  expect(proposeSources(' Acme Cloud ')).toContainEqual({
    config: { name: 'hacker-news', kind: 'hackernews', query: 'Acme Cloud' },
    title: 'Hacker News',
    target: 'story and comment with Acme Cloud',
  });
  expect(proposeSources('  ')).toEqual([]);
});
