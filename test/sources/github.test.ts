import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, Page, Quota } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { proposeSources } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { type FakeGithubOptions, type FakeIssue, fakeGithub } from './fake-github.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);

function issue(id: number, secondsAgo: number, fields: object = {}): FakeIssue {
  return {
    id,
    number: id,
    html_url: `https://github.com/acme/cloud/issues/${id}`,
    title: `Acme fails ${id}`,
    body: 'Steps:\r\n\r\n1. `start` it',
    user: { login: 'ann' },
    created_at: new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', 'Z'),
    comments: 2,
    reactions: { total_count: 6, '+1': 3, '-1': 1, confused: 1, heart: 1 },
    ...fields,
  };
}

const pull = (id: number, secondsAgo: number) => issue(id, secondsAgo, { pull_request: {} });

async function openOn(handler: Handler, options: object = {}, secrets: Record<string, string> = {}) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  const config = { name: 'gh', kind: 'github', query: 'acme', baseUrl: url, ...options };
  return Object.assign(openSource(config, tools), { requests, clock });
}

const openOnIssues = (issues: readonly FakeIssue[], options: object = {}, fake: FakeGithubOptions = {}) =>
  openOn(fakeGithub(issues, fake), options);
const idsOf = (pages: readonly Page[]) =>
  pages.flatMap((page) => page.posts.map((post) => Number(post.externalId)));
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);

describeSourceContract('github', async () => {
  const issues = Array.from({ length: 250 }, (_, at) => issue(at, 90 + at * 1_500));
  issues.push(...Array.from({ length: 30 }, (_, at) => pull(1_000 + at, 50 + at * 9_000)));
  const ids = issues.map(({ id }) => String(id));
  issues.push(issue(9_999, 400, { html_url: null }));
  const { handler, failFrom } = failable(fakeGithub(issues));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const config = { name: 'gh', kind: 'github', query: 'acme', baseUrl: url };
  return {
    open: () => openSource(config, { http, clock, folder: '/', secrets: {} }),
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => issue(2_000 + at, 1 + at));
      issues.push(...added);
      return added.map(({ id }) => String(id));
    },
  };
});

describe('what an issue becomes', () => {
  test('its text stays Markdown, its reactions count but for those that say no', async () => {
    const [page] = await fetchPages(await openOnIssues([issue(7, 100)]));
    expect(page?.posts).toEqual([
      {
        externalId: '7',
        url: 'https://github.com/acme/cloud/issues/7',
        link: 'https://github.com/acme/cloud/issues/7',
        author: 'ann',
        title: 'Acme fails 7',
        text: 'Steps:\n\n1. `start` it',
        lang: null,
        createdAt: now - 100_000,
        engagement: { likes: 4, reposts: 0, replies: 2, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('an empty text, a deleted author and missing reactions cost only themselves', async () => {
    const bare = issue(1, 5, { body: null, user: null, reactions: undefined, comments: 'x' });
    const [page] = await fetchPages(await openOnIssues([bare]));
    expect(page?.posts).toMatchObject([
      { text: '', author: null, engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 } },
    ]);
  });

  test('issues and pull requests are asked for apart, and either alone', async () => {
    const everything = [issue(1, 5), pull(2, 9)];
    expect(idsOf(await fetchPages(await openOnIssues(everything)))).toEqual([1, 2]);
    expect(idsOf(await fetchPages(await openOnIssues(everything, { types: ['pull-request'] })))).toEqual([2]);
  });
});

describe('the cap on results', () => {
  test('more than a query shows is read whole, oldest first, one request a page', async () => {
    const issues = Array.from({ length: 450 }, (_, at) => issue(at, 20 + at * 60));
    const source = await openOnIssues(issues, { types: ['issue'] }, { cap: 200 });
    expect(idsOf(await fetchPages(source))).toEqual(issues.map(({ id }) => id).reverse());
    expect(source.requests).toHaveLength(5);
  });

  test('a second that fills pages is read by pages, and told when it holds more than is shown', async () => {
    const issues = Array.from({ length: 1_030 }, (_, at) => issue(at, 500));
    issues.push(issue(5_000, 900), issue(5_001, 100));
    const pages = await fetchPages(await openOnIssues(issues, { types: ['issue'] }));
    expect(idsOf(pages)).toEqual(expect.arrayContaining([5_000, 5_001]));
    expect(idsOf(pages)).toHaveLength(1_002);
    expect(warningsOf(pages)).toEqual([expect.stringMatching(/^more was written at 2026-01-15T11:51:40/)]);
  });

  test('an issue that vanishes between two pages takes no other with it', async () => {
    const issues = Array.from({ length: 150 }, (_, at) => issue(at, 20 + at * 60));
    const fake = fakeGithub(issues);
    const source = await openOn(
      first(
        [
          (request, response) => {
            fake(request, response);
            issues.splice(149, 1);
          },
        ],
        fake,
      ),
      { types: ['issue'] },
    );
    expect(idsOf(await fetchPages(source))).toHaveLength(150);
  });

  test('an incomplete answer is asked for again, and told when it stays so', async () => {
    const patient = await openOnIssues([issue(1, 5)], { types: ['issue'] }, { incomplete: 1 });
    expect(warningsOf(await fetchPages(patient))).toEqual([]);
    const slow = await openOnIssues([issue(1, 5)], { types: ['issue'] }, { incomplete: 2 });
    expect(warningsOf(await fetchPages(slow))).toEqual([expect.stringContaining('may have left issues out')]);
  });
});

describe('limits', () => {
  test('what is left is told, and nothing is asked while nothing is left', async () => {
    const spent = {
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now / 1000 + 40),
    };
    const empty = { total_count: 0, incomplete_results: false, items: [] };
    const source = await openOn(first([say(200, empty, spent)], fakeGithub([pull(2, 9)])));
    const quotas: Quota[] = [];
    for await (const _ of source.fetch({ cursor: null, signal: never, onQuota: (q) => quotas.push(q) }));
    expect(quotas[0]).toEqual({ remaining: 0, limit: 10, resetsAt: now + 40_000 });
    expect(source.clock.slept).toEqual([40_000]);
  });

  const limited = (status: number, headers: Record<string, string>, message: string) =>
    say(status, { message }, headers);
  test.each([
    ['403 with Retry-After', limited(403, { 'retry-after': '20' }, 'secondary'), 20_000],
    [
      '403 with nothing left',
      limited(
        403,
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 30) },
        'API rate limit exceeded for 192.0.2.1.',
      ),
      30_000,
    ],
    ['403 that says it', limited(403, {}, 'You have exceeded a secondary rate limit.'), 60_000],
    ['429 without a time', limited(429, {}, 'slow down'), 60_000],
  ])('%s is waited out', async (_name, refusal, waitMs) => {
    const source = await openOn(first([refusal], fakeGithub([issue(1, 5)])), { types: ['issue'] });
    expect(idsOf(await fetchPages(source))).toEqual([1]);
    expect(source.clock.slept).toContain(waitMs);
  });

  test('a limit that outlasts the run is a state with an end', async () => {
    const source = await openOn(limited(403, { 'retry-after': '900' }, 'secondary rate limit'));
    await expect(fetchPages(source)).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('2026-01-15 12:15'),
    });
  });
});

describe('refusals', () => {
  test('a token is sent as it should be, and a bad one is told with what to change', async () => {
    const fake = fakeGithub([issue(1, 5)], { token: 'good' });
    expect(idsOf(await fetchPages(await openOn(fake, {}, { GITHUB_TOKEN: 'good' })))).toEqual([1]);
    await expect(fetchPages(await openOn(fake, {}, { GITHUB_TOKEN: 'old' }))).rejects.toMatchObject({
      code: 'bad-key',
      message: 'GitHub does not accept the key in GITHUB_TOKEN: Bad credentials',
    });
  });

  test.each([
    [
      'a query error',
      say(422, { message: 'Validation Failed', errors: [{ message: 'No such user' }] }),
      'bad-query',
    ],
    ['a refusal that is no limit', say(403, { message: 'Resource not accessible' }), 'http-status'],
    ['half an answer', say(200, '{"total_count": 3, "items": [{"id'), 'bad-answer'],
    ['another schema', say(200, { results: [] }), 'bad-answer'],
    ['a failing server', say(502, ''), 'http-status'],
  ])('%s is told in words', async (_name, handler, code) => {
    await expect(fetchPages(await openOn(handler))).rejects.toMatchObject({ code, fix: expect.any(String) });
  });
});

describe('running again', () => {
  test('an issue that was indexed late, within the overlap, is still found', async () => {
    const issues = [issue(1, 100)];
    const source = await openOnIssues(issues);
    const pages = await fetchPages(source);
    issues.push(issue(2, 1_900));
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toContain(2);
  });

  test('a changed query starts anew, and a backfill reaches as far as it is told', async () => {
    const issues = [issue(1, 20 * 86_400), issue(2, 60)];
    const source = await openOnIssues(issues);
    const pages = await fetchPages(source);
    expect(idsOf(pages)).toEqual([2]);
    const other = await openOnIssues(issues, { query: 'fails' });
    expect(idsOf(await fetchPages(other, pages.at(-1)?.cursor))).toEqual([2]);
    const all: Page[] = [];
    for await (const page of source.fetch({ cursor: null, signal: never, since: now - 30 * 86_400_000 }))
      all.push(page);
    expect(idsOf(all)).toEqual([1, 2]);
  });

  test('the set fetched is the set served, wherever runs are cut and whatever the pages hold', async () => {
    let issues: FakeIssue[] = [];
    let fake: Handler = () => {};
    const { url } = await serve((request, response) => fake(request, response));
    const http = testClient({ retries: 0 });
    const bursts = fc.array(fc.record({ at: fc.nat(900), count: fc.integer({ min: 1, max: 130 }) }), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        bursts,
        fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 8 }),
        async (groups, cuts) => {
          let id = 0;
          issues = groups.flatMap(({ at, count }) =>
            Array.from({ length: count }, () => {
              id += 1;
              return id % 3 === 0 ? pull(id, at) : issue(id, at);
            }),
          );
          fake = fakeGithub(issues);
          const tools = { http, clock: leapingClock(now), folder: '/', secrets: {} };
          const source = openSource({ name: 'gh', kind: 'github', query: 'acme', baseUrl: url }, tools);
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
          expect([...seen].sort((a, b) => a - b)).toEqual(issues.map((each) => each.id));
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('the wizard proposes it without a token, words together', () => {
  expect(proposeSources(' Acme Cloud ')).toContainEqual({
    config: { name: 'github', kind: 'github', query: '"Acme Cloud"' },
    title: 'GitHub',
    target: 'issues and pull requests with "Acme Cloud"',
  });
});
