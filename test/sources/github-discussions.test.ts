import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, EngagementUpdate, Page, Quota, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { type FakeIssue, fakeGithub } from './fake-github.ts';
import { type FakeDiscussion, fakeGraphql, sayErrors } from './fake-github-graphql.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const secrets = { GITHUB_TOKEN: 'good' };
const writtenAt = (secondsAgo: number) =>
  new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', 'Z');

function discussion(key: number | string, secondsAgo: number, fields: object = {}): FakeDiscussion {
  return {
    id: `D_${key}`,
    url: `https://github.com/acme/cloud/discussions/${key}`,
    title: `How does Acme ${key} work`,
    body: 'I tried:\r\n\r\n1. `start` it',
    author: { login: 'ann' },
    createdAt: writtenAt(secondsAgo),
    upvoteCount: 5,
    comments: { totalCount: 2 },
    reactions: { totalCount: 6 },
    refusals: { totalCount: 1 },
    confused: { totalCount: 1 },
    ...fields,
  };
}

const issue = (id: number, secondsAgo: number): FakeIssue => ({
  id,
  html_url: `https://github.com/acme/cloud/issues/${id}`,
  title: `Acme fails ${id}`,
  created_at: writtenAt(secondsAgo),
});

interface Opening {
  readonly options?: object;
  readonly secrets?: Record<string, string>;
}

async function openOn(handler: Handler, opening: Opening = {}) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const tools = { http, clock, folder: '/', secrets: opening.secrets ?? secrets };
  const config = { name: 'gh', kind: 'github', query: 'acme', types: ['discussion'], baseUrl: url };
  return Object.assign(openSource({ ...config, ...opening.options }, tools), { requests, clock, url });
}

const openOnDiscussions = (discussions: readonly FakeDiscussion[]) =>
  openOn(fakeGraphql(discussions).handler);
const idsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts.map((post) => post.externalId));
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);

/** REST and GraphQL behind one address, as on api.github.com. */
function both(issues: readonly FakeIssue[], discussions: readonly FakeDiscussion[]): Handler {
  const rest = fakeGithub(issues, { token: 'good' });
  const graphql = fakeGraphql(discussions).handler;
  return (request, response) => (request.method === 'POST' ? graphql : rest)(request, response);
}

async function refreshed(source: Source, ids: readonly string[]): Promise<EngagementUpdate[]> {
  const updates: EngagementUpdate[] = [];
  for await (const batch of source.refresh?.(ids, { signal: never }) ?? []) updates.push(...batch);
  return updates;
}

describeSourceContract('github with discussions', async () => {
  const discussions = Array.from({ length: 230 }, (_, at) => discussion(at, 90 + at * 1_500));
  const issues = Array.from({ length: 120 }, (_, at) => issue(at, 50 + at * 3_000));
  const ids = [...discussions.map(({ id }) => id), ...issues.map(({ id }) => String(id))];
  discussions.push(discussion('broken', 400, { url: null }));
  const { handler, failFrom } = failable(both(issues, discussions));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  const config = { name: 'gh', kind: 'github', query: 'acme', types: ['issue', 'discussion'], baseUrl: url };
  return {
    open: () => openSource(config, tools),
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => discussion(`new-${at}`, 1 + at));
      discussions.push(...added);
      return added.map(({ id }) => id);
    },
  };
});

describe('what a discussion becomes', () => {
  test('its text stays Markdown; upvotes and reactions count, but for those that say no', async () => {
    const [page] = await fetchPages(await openOnDiscussions([discussion(7, 100)]));
    expect(page?.posts).toEqual([
      {
        externalId: 'D_7',
        url: 'https://github.com/acme/cloud/discussions/7',
        link: 'https://github.com/acme/cloud/discussions/7',
        author: 'ann',
        title: 'How does Acme 7 work',
        text: 'I tried:\n\n1. `start` it',
        lang: null,
        createdAt: now - 100_000,
        engagement: { likes: 9, reposts: 0, replies: 2, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('a deleted author, an empty text and missing counts cost only themselves', async () => {
    const bare = discussion(1, 5, {
      author: null,
      body: '',
      reactions: null,
      upvoteCount: 'x',
      comments: {},
    });
    const [page] = await fetchPages(await openOnDiscussions([bare]));
    expect(page?.posts).toMatchObject([
      { text: '', author: null, engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 } },
    ]);
  });
});

describe('asking for discussions', () => {
  test('words, time, order and token are sent as GraphQL wants them', async () => {
    const { handler, asked } = fakeGraphql([discussion(1, 5)]);
    const source = await openOn(handler, { options: { query: 'acme -repo:acme/site', backfillDays: 1 } });
    await fetchPages(source);
    expect(source.requests).toEqual(['/graphql']);
    expect(asked.map(({ variables }) => variables)).toEqual([
      { query: 'acme -repo:acme/site created:>=2026-01-14T12:00:00Z sort:created-asc', after: null },
    ]);
  });

  test('GitHub Enterprise has GraphQL beside its REST API', async () => {
    const { handler } = fakeGraphql([discussion(1, 5)]);
    const { url } = await openOn(handler);
    const source = await openOn(handler, { options: { baseUrl: `${url}/api/v3/` } });
    expect(idsOf(await fetchPages(source))).toEqual(['D_1']);
  });

  test('without a token issues are read all the same, and then it is told once', async () => {
    const options = { types: ['discussion', 'issue'] };
    const handler = both([issue(1, 5)], [discussion(2, 5)]);
    const source = await openOn(handler, { options, secrets: {} });
    const pages: Page[] = [];
    const reading = (async () => {
      for await (const page of source.fetch({ cursor: null, signal: never })) pages.push(page);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'missing-key',
      message: 'GitHub’s discussions cannot be read without GITHUB_TOKEN',
      fix: expect.stringContaining('GITHUB_TOKEN'),
    });
    expect(idsOf(pages)).toEqual(['1']);
    expect(source.refresh).toBeUndefined();
  });

  test('a token that goes missing and comes back costs no discussion', async () => {
    const options = { types: ['issue', 'discussion'], backfillDays: 1 };
    const discussions = [discussion(1, 3_600)];
    const issues = [issue(2, 7_200)];
    const handler = both(issues, discussions);
    const cursor = (await fetchPages(await openOn(handler, { options }))).at(-1)?.cursor ?? null;
    const without: Page[] = [];
    const keyless = await openOn(handler, { options, secrets: {} });
    const reading = (async () => {
      for await (const page of keyless.fetch({ cursor, signal: never })) without.push(page);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'missing-key' });
    discussions.push(discussion(3, 60));
    const late = leapingClock(now + 20 * 86_400_000);
    const { url } = await serve(handler);
    const tools = { http: testClient({ retries: 0 }, late), clock: late, folder: '/', secrets };
    const again = openSource({ name: 'gh', kind: 'github', query: 'acme', ...options, baseUrl: url }, tools);
    expect(idsOf(await fetchPages(again, without.at(-1)?.cursor))).toContain('D_3');
  });
});

describe('the cap on results', () => {
  test('more than a query shows is read whole, oldest first, one request a page', async () => {
    const discussions = Array.from({ length: 450 }, (_, at) => discussion(at, 20 + at * 60));
    const source = await openOn(fakeGraphql(discussions, { cap: 200 }).handler);
    expect(idsOf(await fetchPages(source))).toEqual(discussions.map(({ id }) => id).reverse());
    expect(source.requests).toHaveLength(5);
  });

  test('a second that fills pages is read by cursors, and told when it holds more than is shown', async () => {
    const discussions = Array.from({ length: 1_030 }, (_, at) => discussion(at, 500));
    discussions.push(discussion('before', 900), discussion('after', 100));
    const pages = await fetchPages(await openOnDiscussions(discussions));
    expect(idsOf(pages)).toEqual(expect.arrayContaining(['D_before', 'D_after']));
    expect(idsOf(pages)).toHaveLength(1_002);
    expect(warningsOf(pages)).toEqual([expect.stringMatching(/^more was written at 2026-01-15T11:51:40/)]);
  });

  test('a run that stopped among the pages of a second is led back there', async () => {
    const discussions = Array.from({ length: 950 }, (_, at) => discussion(at, 500));
    const taken: Page[] = [];
    const stopped = await openOnDiscussions(discussions);
    for await (const page of stopped.fetch({ cursor: null, signal: never })) {
      taken.push(page);
      if (taken.length === 8) break;
    }
    const rest = await fetchPages(await openOnDiscussions(discussions), taken.at(-1)?.cursor);
    expect(new Set(idsOf([...taken, ...rest])).size).toBe(950);
    expect(warningsOf(rest)).toEqual([]);
  });

  test('answers that are not in the order of time are told', async () => {
    const nodes = [discussion(1, 5), discussion(2, 90)];
    const search = { discussionCount: 2, pageInfo: { hasNextPage: false, endCursor: 'x' }, nodes };
    const pages = await fetchPages(await openOn(say(200, { data: { search } })));
    expect(idsOf(pages)).toEqual(['D_1', 'D_2']);
    expect(warningsOf(pages)).toEqual([expect.stringContaining('order of time')]);
  });
});

describe('limits', () => {
  test('what is left of the hour is told, and nothing is asked while nothing is left', async () => {
    const rateLimit = { remaining: 0, limit: 5_000, resetAt: new Date(now + 40_000).toISOString() };
    const search = {
      discussionCount: 101,
      pageInfo: { hasNextPage: true, endCursor: 'MQ==' },
      nodes: [discussion(1, 9)],
    };
    const spent = say(200, { data: { rateLimit, search } });
    const source = await openOn(first([spent], fakeGraphql([discussion(2, 9)]).handler));
    const quotas: Quota[] = [];
    for await (const _ of source.fetch({ cursor: null, signal: never, onQuota: (q) => quotas.push(q) }));
    expect(quotas[0]).toEqual({ remaining: 0, limit: 5_000, resetsAt: now + 40_000 });
    expect(quotas[1]).toMatchObject({ remaining: 4_990 });
    expect(source.clock.slept).toEqual([40_000]);
  });

  const limited = { type: 'RATE_LIMITED', message: 'API rate limit already exceeded for user ID 1.' };
  const emptyUntil = (seconds: number) => ({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(now / 1000 + seconds),
  });
  test.each([
    ['the hour that is used up', sayErrors([limited], emptyUntil(30)), 30_000],
    [
      'an hour of which too little is left, by its newer name',
      say(
        200,
        { errors: [{ ...limited, type: 'RATE_LIMIT' }] },
        { ...emptyUntil(30), 'x-ratelimit-remaining': '4' },
      ),
      30_000,
    ],
    ['a secondary limit with a time', sayErrors([limited], { 'retry-after': '20' }), 20_000],
    [
      'a secondary limit without one',
      sayErrors([{ message: 'You have exceeded a secondary rate limit.' }], {
        ...emptyUntil(30),
        'x-ratelimit-remaining': '4990',
      }),
      60_000,
    ],
    [
      'a secondary limit with 403',
      say(403, { message: 'secondary rate limit' }, { 'retry-after': '9' }),
      9_000,
    ],
  ])('%s is waited out', async (_name, refusal, waitMs) => {
    const source = await openOn(first([refusal], fakeGraphql([discussion(1, 5)]).handler));
    expect(idsOf(await fetchPages(source))).toEqual(['D_1']);
    expect(source.clock.slept).toEqual([waitMs]);
  });

  test('a limit that outlasts the run, or does not end, is a state', async () => {
    const late = await openOn(sayErrors([limited], emptyUntil(900)));
    await expect(fetchPages(late)).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('2026-01-15 12:15'),
    });
    await expect(fetchPages(await openOn(sayErrors([limited])))).rejects.toMatchObject({
      code: 'rate-limited',
    });
  });
});

describe('refusals', () => {
  test.each([
    ['a bad token', say(401, { message: 'Bad credentials' }), 'bad-key', /GITHUB_TOKEN: Bad credentials/],
    ['no right', sayErrors([{ type: 'FORBIDDEN', message: 'not by PAT' }]), 'no-access', /not by PAT/],
    ['a mistake in the query', sayErrors([{ type: 'UNPROCESSABLE', message: 'odd' }]), 'bad-query', /odd/],
    ['a timeout', sayErrors([{ message: 'Something went wrong' }]), 'bad-answer', /Something went wrong/],
    ['half an answer', say(200, '{"data": {"search": {"nodes": [{"id'), 'bad-answer', /shape/],
    ['another schema', say(200, { data: { find: [] } }), 'bad-answer', /shape/],
    [
      'a next page without a way to it',
      say(200, {
        data: { search: { discussionCount: 1, pageInfo: { hasNextPage: true, endCursor: null }, nodes: [] } },
      }),
      'bad-answer',
      /shape/,
    ],
    ['errors that say nothing', sayErrors([{}, { message: 7 }]), 'bad-answer', /no reason given/],
    ['a failing server', say(502, ''), 'http-status', /502/],
  ])('%s is told in words', async (_name, handler, code, message) => {
    const error: unknown = await fetchPages(await openOn(handler)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });
    expect(String(error)).not.toContain('good');
  });

  test('what is hidden among the results costs only itself', async () => {
    const data = {
      search: {
        discussionCount: 2,
        pageInfo: { hasNextPage: false, endCursor: null },
        nodes: [null, discussion(1, 5)],
      },
    };
    const hidden = { type: 'FORBIDDEN', message: 'Resource protected by organization SAML enforcement.' };
    const pages = await fetchPages(await openOn(say(200, { data, errors: [hidden, hidden] })));
    expect(idsOf(pages)).toEqual(['D_1']);
    expect(warningsOf(pages)).toEqual([
      expect.stringMatching(/SAML enforcement\. \(and 1 more\)$/),
      expect.stringContaining('1 post has'),
    ]);
  });
});

test('refresh reads the counts of a hundred discussions a request and passes over issues', async () => {
  const discussions = Array.from({ length: 150 }, (_, at) => discussion(at, 90, { upvoteCount: at }));
  discussions.push(discussion('odd', 90, { comments: null }));
  const source = await openOnDiscussions(discussions);
  const ids = ['12345', ...discussions.map(({ id }) => id), 'D_gone'];
  const updates = await refreshed(source, ids);
  expect(source.requests).toHaveLength(2);
  expect(updates).toHaveLength(150);
  expect(updates[149]).toEqual({
    externalId: 'D_149',
    engagement: { likes: 153, reposts: 0, replies: 2, quotes: 0 },
  });
  expect(await refreshed(source, ['12345'])).toEqual([]);
  expect(source.requests).toHaveLength(2);
});

test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
  let fake: Handler = () => {};
  const { url } = await serve((request, response) => fake(request, response));
  const http = testClient({ retries: 0 });
  const burst = fc.record({ at: fc.nat(900), count: fc.integer({ min: 1, max: 240 }) });
  const cut = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(burst, { maxLength: 4 }),
      fc.array(cut, { maxLength: 8 }),
      async (bursts, cuts) => {
        const discussions = bursts.flatMap(({ at, count }, group) =>
          Array.from({ length: count }, (_, place) => discussion(`${group}-${place}`, at)),
        );
        fake = fakeGraphql(discussions).handler;
        const config = { name: 'gh', kind: 'github', query: 'acme', types: ['discussion'], baseUrl: url };
        const seen = new Set<string>();
        let cursor: Cursor | null = null;
        for (const pagesWanted of [...cuts, 1_000]) {
          // Opened anew each time: nothing but the cursor outlives a run.
          const source = openSource(config, { http, clock: leapingClock(now), folder: '/', secrets });
          let pages = 0;
          for await (const page of source.fetch({ cursor, signal: never })) {
            for (const id of idsOf([page])) seen.add(id);
            cursor = page.cursor;
            pages += 1;
            if (pages === pagesWanted) break;
          }
        }
        expect([...seen].sort()).toEqual(discussions.map(({ id }) => id).sort());
      },
    ),
    { numRuns: 25 },
  );
});
