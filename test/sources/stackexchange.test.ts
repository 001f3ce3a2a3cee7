import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  Cursor,
  EngagementUpdate,
  FetchOptions,
  Page,
  Quota,
  Source,
} from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { proposeSources } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import {
  type FakeQuestion,
  type FakeStackexchangeOptions,
  fakeStackexchange,
  sayGzip,
} from './fake-stackexchange.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);

function question(id: number, secondsAgo: number, fields: object = {}): FakeQuestion {
  return {
    question_id: id,
    link: `https://stackoverflow.com/questions/${id}/acme`,
    title: `Acme &quot;fails&quot; with List&lt;int&gt; ${id}`,
    body: '<p>It&#39;s down &amp; out</p>\n\n<pre><code>a &lt; b\n</code></pre>\n',
    owner: { user_id: 1, display_name: 'J&#246;rg' },
    tags: ['acme'],
    creation_date: now / 1000 - secondsAgo,
    score: 3,
    answer_count: 2,
    ...fields,
  };
}

async function openOn(handler: Handler, options: object = {}, secrets: Record<string, string> = {}) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  const config = { name: 'so', kind: 'stackexchange', query: 'acme', baseUrl: url, ...options };
  return Object.assign(openSource(config, tools), { requests, clock });
}

const openOnQuestions = (
  questions: readonly FakeQuestion[],
  options: object = {},
  fake: FakeStackexchangeOptions = {},
) => openOn(fakeStackexchange(questions, fake), options);
const idsOf = (pages: readonly Page[]) =>
  pages.flatMap((page) => page.posts.map((post) => Number(post.externalId)));

describeSourceContract('stackexchange', async () => {
  const questions = Array.from({ length: 260 }, (_, at) => question(at, 90 + at * 1_500));
  const ids = questions.map(({ question_id: id }) => String(id));
  questions.push(question(9_999, 400, { title: '' }));
  const { handler, failFrom } = failable(fakeStackexchange(questions));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const config = { name: 'so', kind: 'stackexchange', query: 'acme', baseUrl: url };
  return {
    open: () => openSource(config, { http, clock, folder: '/', secrets: {} }),
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => question(2_000 + at, 1 + at));
      questions.push(...added);
      return added.map(({ question_id: id }) => String(id));
    },
  };
});

describe('what a question becomes', () => {
  test('title and name lose their entities, the body its HTML', async () => {
    const [page] = await fetchPages(await openOnQuestions([question(7, 100)]));
    expect(page?.posts).toEqual([
      {
        externalId: '7',
        url: 'https://stackoverflow.com/questions/7/acme',
        link: 'https://stackoverflow.com/questions/7/acme',
        author: 'Jörg',
        title: 'Acme "fails" with List<int> 7',
        text: "It's down & out\n\na < b",
        lang: null,
        createdAt: now - 100_000,
        engagement: { likes: 3, reposts: 0, replies: 2, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('a question that was voted down or has no owner is read all the same', async () => {
    const [page] = await fetchPages(await openOnQuestions([question(1, 5, { score: -4, owner: undefined })]));
    expect(page?.posts).toMatchObject([{ author: null, engagement: { likes: 0 } }]);
  });

  test('words, tags and site narrow it', async () => {
    const questions = [
      question(1, 5),
      question(2, 6, { tags: ['zeta'] }),
      question(3, 7, { title: 'Other' }),
    ];
    const both = await openOnQuestions(questions, {
      query: '',
      tagged: ['zeta', 'none'],
      site: 'serverfault',
    });
    expect(idsOf(await fetchPages(both))).toEqual([2]);
    expect(new URL(both.requests[0] ?? '', 'http://x').searchParams.get('tagged')).toBe('zeta;none');
    await expect(fetchPages(await openOnQuestions([], { query: ' ' }))).rejects.toMatchObject({
      code: 'bad-query',
      fix: 'Set query, tagged or both',
    });
  });
});

describe('limits', () => {
  test('a backoff is waited for before the next call, and across runs', async () => {
    const questions = Array.from({ length: 150 }, (_, at) => question(at, 90 + at * 60));
    const times: number[] = [];
    const source = await openOnQuestions(
      questions,
      {},
      { backoff: 10, onRequest: () => times.push(source.clock.now() - now) },
    );
    const pages = await fetchPages(source);
    expect(times).toEqual([0, 10_000]);
    const cursor = pages.at(-1)?.cursor ?? null;
    const next = await openOnQuestions(questions);
    await fetchPages(next, cursor);
    expect(next.clock.slept[0]).toBe(20_000);
  });

  test('the quota of the day is told', async () => {
    const quotas: Quota[] = [];
    const source = await openOnQuestions([question(1, 5)]);
    for await (const _ of source.fetch({ cursor: null, signal: never, onQuota: (q) => quotas.push(q) }));
    expect(quotas).toEqual([{ remaining: 299, limit: 300, resetsAt: null }]);
  });

  const throttled = (message: string) =>
    sayGzip(400, { error_id: 502, error_message: message, error_name: 'throttle_violation' });

  test('a throttle that ends soon is waited out, one that lasts is a state with an end', async () => {
    const fake = fakeStackexchange([question(1, 5)]);
    const soon = 'too many requests from this IP, more requests available in 30 seconds';
    const source = await openOn(first([throttled(soon)], fake));
    expect(idsOf(await fetchPages(source))).toEqual([1]);
    expect(source.clock.slept).toEqual([30_000]);
    const late = await openOn(throttled(soon.replace('30', '17524')));
    await expect(fetchPages(late)).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('2026-01-15 16:52'),
    });
    await expect(fetchPages(await openOn(throttled('Violation of backoff parameter')))).rejects.toMatchObject(
      {
        code: 'rate-limited',
      },
    );
  });
});

describe('refusals', () => {
  test.each([
    ['an unknown site', { site: 'nowhere' }, {}, 'bad-query', /No site found/],
    ['a key that is not known', {}, { STACKEXCHANGE_KEY: 'old' }, 'bad-key', /STACKEXCHANGE_KEY/],
  ])('%s is told with what to change', async (_name, options, secrets, code, message) => {
    const source = await openOn(fakeStackexchange([], { key: 'good' }), options, secrets);
    await expect(fetchPages(source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('no error ever shows the key', async () => {
    const source = await openOn(say(503, ''), {}, { STACKEXCHANGE_KEY: 'topsecret' });
    const error: unknown = await fetchPages(source).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'http-status', message: expect.stringContaining('key=***') });
    expect(String(error)).not.toContain('topsecret');
  });

  test.each([
    ['half an answer', sayGzip(200, '{"items": [{"question_id": 1'), 'bad-answer'],
    ['a page of a proxy', say(403, '<html>denied</html>'), 'http-status'],
  ])('%s is told in words', async (_name, handler, code) => {
    await expect(fetchPages(await openOn(handler))).rejects.toMatchObject({ code, fix: expect.any(String) });
  });
});

describe('refresh', () => {
  async function refreshed(source: Source, ids: readonly string[], options: Partial<FetchOptions> = {}) {
    const updates: EngagementUpdate[] = [];
    for await (const batch of source.refresh?.(ids, { signal: never, ...options }) ?? [])
      updates.push(...batch);
    return updates;
  }

  test('reads the counts of a hundred questions a request; what was deleted is left out', async () => {
    const questions = Array.from({ length: 150 }, (_, at) => question(at, 90, { score: at - 1 }));
    const quotas: Quota[] = [];
    const source = await openOnQuestions(questions, { site: 'serverfault', query: 'other' });
    const ids = [...questions.map(({ question_id: id }) => String(id)), '777', 'no number'];
    const updates = await refreshed(source, ids, { onQuota: (quota) => quotas.push(quota) });
    expect(updates.toSorted((a, b) => Number(a.externalId) - Number(b.externalId))).toEqual(
      questions.map(({ question_id: id }) => ({
        externalId: String(id),
        engagement: { likes: Math.max(0, id - 1), reposts: 0, replies: 2, quotes: 0 },
      })),
    );
    expect(source.requests.map((path) => path.split('?')[0]?.split(';').length)).toEqual([100, 51]);
    expect(source.requests[0]).toMatch(/^\/2\.3\/questions\/0;1;.*\?site=serverfault&pagesize=100$/);
    expect(quotas).toHaveLength(2);
    expect(await refreshed(source, [])).toEqual([]);
    expect(source.requests).toHaveLength(2);
  });

  test('a count that cannot be read changes nothing', async () => {
    const source = await openOnQuestions([question(1, 5, { score: null }), question(2, 5, { score: -3 })]);
    expect(await refreshed(source, ['1', '2'])).toMatchObject([
      { externalId: '2', engagement: { likes: 0 } },
    ]);
  });

  test('obeys a backoff, tells a throttle with its end and never shows the key', async () => {
    const ids = Array.from({ length: 101 }, (_, at) => String(at));
    const slow = await openOnQuestions([question(1, 5)], {}, { backoff: 10 });
    expect(await refreshed(slow, ids)).toHaveLength(1);
    expect(slow.clock.slept).toEqual([10_000]);
    const message = 'too many requests from this IP, more requests available in 900 seconds';
    const error_name = 'throttle_violation';
    const late = await openOn(sayGzip(400, { error_id: 502, error_message: message, error_name }));
    await expect(refreshed(late, ['1'])).rejects.toMatchObject({ code: 'rate-limited' });
    const failing = await openOn(say(503, ''), {}, { STACKEXCHANGE_KEY: 'topsecret' });
    const error: unknown = await refreshed(failing, ['1']).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'http-status', message: expect.stringContaining('key=***') });
  });

  test('an abort ends it with its reason before anything is asked', async () => {
    const source = await openOnQuestions([question(1, 5)]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(refreshed(source, ['1'], { signal })).rejects.toThrow('enough');
    expect(source.requests).toEqual([]);
  });
});

test('a single second with more questions than can be paged without a key is told', async () => {
  const questions = Array.from({ length: 2_550 }, (_, at) => question(at, 500));
  questions.push(question(5_000, 100));
  const pages = await fetchPages(await openOnQuestions(questions));
  expect(idsOf(pages)).toHaveLength(2_501);
  expect(pages.flatMap((page) => page.warnings)).toHaveLength(1);
});

test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
  let fake: Handler = () => {};
  const { url } = await serve((request, response) => fake(request, response));
  const http = testClient({ retries: 0 });
  const burst = fc.record({ at: fc.nat(900), count: fc.integer({ min: 1, max: 140 }) });
  const cut = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { maxLength: 4 }),
      fc.array(cut, { maxLength: 6 }),
      async (bursts, cuts) => {
        let id = 0;
        const questions = bursts.flatMap(({ at, count }) =>
          Array.from({ length: count }, () => {
            id += 1;
            return question(id, at);
          }),
        );
        fake = fakeStackexchange(questions);
        const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
        const config = { name: 'so', kind: 'stackexchange', query: 'acme', baseUrl: url };
        const source = openSource(config, tools);
        const seen = new Set<number>();
        let cursor: Cursor | null = null;
        for (const pagesWanted of [...cuts, 1_000]) {
          let pages = 0;
          for await (const page of source.fetch({ cursor, signal: never })) {
            for (const fetched of idsOf([page])) seen.add(fetched);
            cursor = page.cursor;
            pages += 1;
            if (pages === pagesWanted) break;
          }
        }
        expect([...seen].sort((a, b) => a - b)).toEqual(questions.map((each) => each.question_id));
      },
    ),
    { numRuns: 25 },
  );
});

test('the wizard proposes it without a key', () => {
  expect(proposeSources('Acme')).toContainEqual({
    config: { name: 'stack-overflow', kind: 'stackexchange', query: 'Acme' },
    title: 'Stack Exchange',
    target: 'questions on stackoverflow with Acme',
  });
});
