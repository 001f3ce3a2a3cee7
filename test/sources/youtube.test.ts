import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cursor, EngagementUpdate, FetchOptions, Page, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { nextPacificMidnight } from '../../source/sources/pacific-midnight.ts';
import { answerQuestion } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { failable, first, say } from './failing.ts';
import { channelId, type FakeVideo, fakeYoutube, refusal } from './fake-youtube.ts';
import { fetchPages, type Handler, leapingClock, never, serve, serveBody, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const publishedAt = (secondsAgo: number) =>
  new Date(now - secondsAgo * 1000).toISOString().replace('.000Z', 'Z');
const video = (id: string | number, secondsAgo: number): FakeVideo => ({
  id: `video${String(id).padStart(6, '0')}`,
  title: `It's Acme & <co> ${id}`,
  publishedAt: publishedAt(secondsAgo),
});
const comment = (id: string, secondsAgo: number) => ({
  id,
  text: `Same here! ${id}`,
  publishedAt: publishedAt(secondsAgo),
});
const secrets = { YOUTUBE_API_KEY: 'good' };

async function openOn(handler: Handler, options: object, keys: Record<string, string> = secrets) {
  const { url, requests } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: keys };
  const config = { name: 'yt', kind: 'youtube', baseUrl: url, apiUrl: url, ...options };
  return Object.assign(openSource(config, tools), { requests, clock });
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);
const warningsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.warnings);

describeSourceContract('youtube', async () => {
  const videos = Array.from({ length: 120 }, (_, at) => video(at, 90 + at * 3_000));
  const comments = Array.from({ length: 40 }, (_, at) => comment(`c${at}`, 50 + at * 9_000));
  const ids = [...videos, ...comments].map(({ id }) => id);
  comments.push(comment('', 400));
  const { handler, failFrom } = failable(fakeYoutube({ videos, comments }));
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const http = testClient({ retries: 0 }, clock);
  const options = { query: 'acme', channels: [channelId], comments: true, baseUrl: url, apiUrl: url };
  return {
    open: () =>
      openSource({ name: 'yt', kind: 'youtube', ...options }, { http, clock, folder: '/', secrets }),
    ids,
    hasBrokenItem: true,
    failFrom,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => video(`new${at}`, 1 + at));
      videos.push(...added);
      return added.map(({ id }) => id);
    },
  };
});

describe('without a key', () => {
  test('a channel is read from its feed', async () => {
    const source = await openOn(fakeYoutube({ feed: [video(7, 100)] }), { channels: [channelId] }, {});
    expect(postsOf(await fetchPages(source))).toEqual([
      {
        externalId: 'video000007',
        url: 'https://www.youtube.com/watch?v=video000007',
        link: 'https://www.youtube.com/watch?v=video000007',
        author: 'Acme',
        title: "It's Acme & <co> 7",
        text: 'We had an outage.',
        lang: null,
        createdAt: now - 100_000,
        engagement: { likes: 7, reposts: 0, replies: 0, quotes: 0 },
        parentUrl: null,
        parentText: null,
      },
    ]);
  });

  test('a channel that published more than its feed holds is told', async () => {
    const feed = Array.from({ length: 20 }, (_, at) => video(at, 90 + at * 60));
    const pages = await fetchPages(await openOn(fakeYoutube({ feed }), { channels: [channelId] }, {}));
    expect(idsOf(pages)).toHaveLength(15);
    expect(warningsOf(pages)).toEqual([expect.stringMatching(/may be missing$/)]);
  });

  test('what needs none is read before the missing key is told', async () => {
    const source = await openOn(
      fakeYoutube({ feed: [video(7, 100)] }),
      { channels: [channelId], query: 'acme', comments: true },
      {},
    );
    const pages: Page[] = [];
    const fetching = async () => {
      for await (const page of source.fetch({ cursor: null, signal: never })) pages.push(page);
    };
    await expect(fetching()).rejects.toMatchObject({ code: 'missing-key' });
    expect(idsOf(pages)).toEqual(['video000007']);
    await expect(fetchPages(await openOn(fakeYoutube({}), { query: 'acme' }, {}))).rejects.toMatchObject({
      code: 'missing-key',
    });
  });

  test.each([
    ['an unknown channel', { channels: [`UC${'b'.repeat(22)}`] }, 'bad-query', /no feed of channel/],
    ['nothing to look for', {}, 'bad-query', /empty/],
  ])('%s is told in words', async (_name, options, code, message) => {
    await expect(fetchPages(await openOn(fakeYoutube({}), options, {}))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('with a key', () => {
  test('videos are found by words, and the key is in no address', async () => {
    const source = await openOn(fakeYoutube({ videos: [video(7, 100)] }), { query: 'acme' });
    expect(postsOf(await fetchPages(source))).toMatchObject([
      {
        externalId: 'video000007',
        title: "It's Acme & <co> 7",
        text: 'We had an outage & a <b> ...',
        createdAt: now - 100_000,
      },
    ]);
    expect(source.requests.join()).not.toContain('good');
  });

  test('a comment names the video that it is on', async () => {
    const source = await openOn(fakeYoutube({ comments: [comment('Ug.x', 5)] }), {
      channels: [channelId],
      comments: true,
    });
    expect(postsOf(await fetchPages(source))).toMatchObject([
      {
        externalId: 'Ug.x',
        url: 'https://www.youtube.com/watch?v=video000001&lc=Ug.x',
        link: null,
        author: '@ann',
        title: null,
        text: 'Same here! Ug.x',
        engagement: { likes: 4, replies: 2 },
        parentUrl: 'https://www.youtube.com/watch?v=video000001',
      },
    ]);
  });

  test('a second run asks for no more than a day before the newest', async () => {
    const videos = Array.from({ length: 120 }, (_, at) => video(at, 90 + at * 5_000));
    const source = await openOn(fakeYoutube({ videos }), { query: 'acme' });
    const pages = await fetchPages(source);
    const before = source.requests.length;
    videos.push(video('late', 20_000));
    expect(idsOf(await fetchPages(source, pages.at(-1)?.cursor))).toContain('video00late');
    expect(source.requests.length - before).toBe(1);
  });

  test('a token that is no longer good begins the list again', async () => {
    const videos = Array.from({ length: 120 }, (_, at) => video(at, 90 + at * 60));
    const source = await openOn(fakeYoutube({ videos }), { query: 'acme' });
    let cursor: Cursor | null = null;
    for await (const page of source.fetch({ cursor, signal: never })) {
      cursor = { ...page.cursor, 'search.next': 'expired' };
      break;
    }
    expect(new Set(idsOf(await fetchPages(source, cursor))).size).toBe(120);
  });

  test('a search that found more than is shown is told', async () => {
    const videos = Array.from({ length: 520 }, (_, at) => video(at, 90 + at * 60));
    const pages = await fetchPages(await openOn(fakeYoutube({ videos }), { query: 'acme' }));
    expect(idsOf(pages)).toHaveLength(500);
    expect(warningsOf(pages)).toEqual([expect.stringMatching(/may be missing$/)]);
  });

  test('switched off comments are a warning', async () => {
    const source = await openOn(first([say(404, '')], refusal(403, 'commentsDisabled')), {
      channels: [channelId],
      comments: true,
    });
    // The feed comes first and is not there.
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-query' });
    const feed = fakeYoutube({ feed: [video(1, 5)] });
    const other = await openOn(first([feed], refusal(403, 'commentsDisabled')), {
      channels: [channelId],
      comments: true,
    });
    expect(warningsOf(await fetchPages(other))).toEqual([
      expect.stringContaining('comments are switched off'),
    ]);
  });
});

describe('refresh', () => {
  async function refreshed(source: Source, ids: readonly string[], options: Partial<FetchOptions> = {}) {
    const updates: EngagementUpdate[] = [];
    for await (const batch of source.refresh?.(ids, { signal: never, ...options }) ?? [])
      updates.push(...batch);
    return updates;
  }
  const counted = (id: string | number, likes: number) => ({
    ...video(id, 90),
    statistics: { viewCount: '1000', likeCount: String(likes), favoriteCount: '0', commentCount: '5' },
  });

  test('reads the counts of fifty videos a request; what is gone and comments are left out', async () => {
    const videos = Array.from({ length: 70 }, (_, at) => counted(at, at));
    const source = await openOn(fakeYoutube({ videos }), { query: 'acme' });
    const ids = [...videos.map(({ id }) => id), 'video000777', 'UgzComment.of-26characters'];
    expect(await refreshed(source, ids)).toEqual(
      videos.map(({ id }, at) => ({
        externalId: id,
        engagement: { likes: at, reposts: 0, replies: 5, quotes: 0 },
      })),
    );
    const asked = source.requests.map((path) => new URL(path, 'http://x').searchParams.get('id')?.split(','));
    expect(asked.map((each) => each?.length)).toEqual([50, 21]);
    expect(source.requests.join()).not.toContain('good');
    expect(await refreshed(source, ['Ug.x'])).toEqual([]);
    expect(source.requests).toHaveLength(2);
  });

  test('a count that is not told changes nothing', async () => {
    const hidden = { ...video(1, 5), statistics: { viewCount: '9', commentCount: '2' } };
    const off = { ...video(2, 5), statistics: { viewCount: '9', likeCount: '2' } };
    const source = await openOn(fakeYoutube({ videos: [hidden, off, counted(3, 8)] }), { query: 'acme' });
    const ids = [hidden.id, off.id, 'video000003'];
    expect(await refreshed(source, ids)).toMatchObject([{ externalId: 'video000003' }]);
  });

  test('needs a key, and tells a spent quota', async () => {
    expect((await openOn(fakeYoutube({}), { channels: [channelId] }, {})).refresh).toBeUndefined();
    const spent = await openOn(refusal(403, 'quotaExceeded'), { channels: [channelId] });
    await expect(refreshed(spent, ['video000001'])).rejects.toMatchObject({ code: 'rate-limited' });
  });

  test('an abort ends it with its reason before anything is asked', async () => {
    const source = await openOn(fakeYoutube({ videos: [counted(1, 1)] }), { query: 'acme' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(refreshed(source, ['video000001'], { signal })).rejects.toThrow('enough');
    expect(source.requests).toEqual([]);
  });
});

describe('limits and refusals', () => {
  test('a spent quota is a state that ends at midnight in California', async () => {
    const source = await openOn(
      refusal(403, 'quotaExceeded', 'You have exceeded your <a href="/x">quota</a>.'),
      {
        query: 'acme',
      },
    );
    await expect(fetchPages(source)).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('2026-01-16 08:00'),
    });
  });

  test.each([
    ['2026-01-15T07:59:59Z', '2026-01-15T08:00:00.000Z'],
    ['2026-01-15T08:00:00Z', '2026-01-16T08:00:00.000Z'],
    ['2026-07-15T23:00:00Z', '2026-07-16T07:00:00.000Z'],
    ['2026-03-08T09:00:00Z', '2026-03-09T07:00:00.000Z'],
    ['2026-11-01T09:00:00Z', '2026-11-02T08:00:00.000Z'],
  ])('after %s it is midnight there at %s', (at, midnight) => {
    expect(new Date(nextPacificMidnight(Date.parse(at))).toISOString()).toBe(midnight);
  });

  test('a limit of the minute is waited out', async () => {
    const fake = fakeYoutube({ videos: [video(1, 5)] });
    const source = await openOn(first([refusal(403, 'rateLimitExceeded')], fake), { query: 'acme' });
    expect(idsOf(await fetchPages(source))).toEqual(['video000001']);
    expect(source.clock.slept).toEqual([60_000]);
  });

  test.each([
    ['a bad key', fakeYoutube({}, { key: 'another' }), 'bad-key', /YOUTUBE_API_KEY/],
    [
      'an API that is not switched on',
      refusal(403, 'accessNotConfigured', 'Enable it'),
      'no-access',
      /Enable it/,
    ],
    [
      'a wrong parameter',
      refusal(400, 'invalidSearchFilter', 'bad <b>filter</b>'),
      'bad-query',
      /bad filter$/,
    ],
    ['a failing service', say(503, ''), 'http-status', /503/],
    ['half an answer', say(200, '{"items": [{"id'), 'bad-answer', /shape/],
    ['another schema', say(200, { data: [] }), 'bad-answer', /shape/],
  ])('%s is told in words', async (_name, handler, code, message) => {
    await expect(fetchPages(await openOn(handler, { query: 'acme' }))).rejects.toMatchObject({
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
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(500_000), { maxLength: 150 }),
      fc.integer({ min: 10, max: 100 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 }),
      async (ages, pageSize, cuts) => {
        const videos = ages.filter((_, at) => at % 3 > 0).map((age, at) => video(at, age));
        const comments = ages.filter((_, at) => at % 3 === 0).map((age, at) => comment(`c${at}`, age));
        fake = fakeYoutube({ videos, comments }, { pageSize });
        const tools = { http, clock: leapingClock(now), folder: '/', secrets };
        const options = { query: 'acme', channels: [channelId], comments: true, baseUrl: url, apiUrl: url };
        const source = openSource({ name: 'yt', kind: 'youtube', ...options }, tools);
        const seen = new Set<string>();
        let cursor: Cursor | null = null;
        for (const cut of [...cuts, 1_000]) {
          let pages = 0;
          for await (const page of source.fetch({ cursor, signal: never })) {
            for (const id of idsOf([page])) seen.add(id);
            cursor = page.cursor;
            pages += 1;
            if (pages === cut) break;
          }
        }
        expect([...seen].sort()).toEqual([...videos, ...comments].map(({ id }) => id).sort());
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

  test('takes the address of a channel, with its id or without', async () => {
    const direct = await answerQuestion(
      'youtube',
      `https://www.youtube.com/channel/${channelId}/videos`,
      tools(),
      never,
    );
    expect(direct).toMatchObject({ config: { kind: 'youtube', channels: [channelId] }, target: '1 channel' });
    const { url } = await serveBody(
      `<html><head><link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=${channelId}"></head></html>`,
      'text/html',
    );
    const { config } = await answerQuestion('youtube', `${url}/@Acme.Cloud`, tools(), never);
    expect(config).toEqual({ name: 'youtube-acme.cloud', kind: 'youtube', channels: [channelId] });
  });

  test('says what it wants when it gets something else', async () => {
    const { url } = await serveBody('<html></html>', 'text/html');
    await expect(answerQuestion('youtube', url, tools(), never)).rejects.toMatchObject({
      code: 'bad-address',
    });
    await expect(answerQuestion('youtube', ' ', tools(), never)).rejects.toMatchObject({
      code: 'bad-address',
    });
  });
});
