import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page, Quota, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { type FakeBluesky, type FakeBlueskyPost, fakeBluesky } from './fake-bluesky.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const secrets = { BLUESKY_APP_PASSWORD: 'app-pass' };
const config = {
  name: 'bluesky',
  kind: 'bluesky',
  enabled: true,
  weight: 1,
  query: 'acme',
  handle: '@ann.example',
};

const uriOf = (key: string) => `at://did:plc:bob/app.bsky.feed.post/${key}`;

function post(secondsAgo: number, record: object = {}, fields: object = {}): FakeBlueskyPost {
  const createdAt = new Date(now - secondsAgo * 1_000).toISOString();
  return {
    uri: uriOf(`k${secondsAgo}`),
    cid: 'bafy',
    author: { did: 'did:plc:bob', handle: 'bob.example', displayName: 'Bob' },
    record: {
      $type: 'app.bsky.feed.post',
      text: `Acme is slow, ${secondsAgo}`,
      langs: ['en'],
      createdAt,
      ...record,
    },
    indexedAt: createdAt,
    likeCount: 4,
    repostCount: 3,
    replyCount: 2,
    quoteCount: 1,
    ...fields,
  };
}

const series = (count: number, every: number, from = 60) =>
  Array.from({ length: count }, (_, at) => post(from + at * every));

async function openOn(world: Omit<FakeBluesky, 'clock'>, options: object = {}, given: object = secrets) {
  const clock = leapingClock(now);
  const served: FakeBluesky = Object.assign(world, { clock });
  const { url, requests } = await serve(fakeBluesky(served));
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: { ...given } };
  return {
    source: openSource({ ...config, baseUrl: url, ...options }, tools),
    requests,
    clock,
    world: served,
  };
}

async function openOnHandler(handler: Handler): Promise<Source> {
  const { url } = await serve((request, response) => {
    if (!request.url?.includes('createSession')) return handler(request, response);
    response.end('{"accessJwt":"a","refreshJwt":"b"}');
  });
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  return openSource({ ...config, baseUrl: url }, tools);
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);
const only = async (world: Omit<FakeBluesky, 'clock'>) =>
  postsOf(await fetchPages((await openOn(world)).source))[0];

describeSourceContract('bluesky', async () => {
  const posts = series(330, 900);
  const clock = leapingClock(now);
  const world: FakeBluesky = { posts: [...posts, post(1_001, { text: 7 })], clock };
  let failing: number | null = null;
  const fake = fakeBluesky(world);
  const { url } = await serve((request, response) => {
    if (failing === null) return fake(request, response);
    failing -= 1;
    return failing < 0 ? void response.writeHead(502).end() : fake(request, response);
  });
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
  return {
    open: () => openSource({ ...config, baseUrl: url }, tools),
    ids: posts.map((each) => each.uri),
    hasBrokenItem: true,
    failFrom: (request) => {
      failing = request;
    },
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => post(10 + at));
      world.posts.push(...added);
      return added.map((each) => each.uri);
    },
  };
});

describe('what a post becomes', () => {
  test('its words, counts and web page; the card it shows is its link', async () => {
    const card = { $type: 'app.bsky.embed.external', external: { uri: 'https://acme.example/', title: 'x' } };
    expect(await only({ posts: [post(100, { embed: card })] })).toEqual({
      externalId: uriOf('k100'),
      url: 'https://bsky.app/profile/bob.example/post/k100',
      link: 'https://acme.example/',
      author: 'bob.example',
      title: null,
      text: 'Acme is slow, 100',
      lang: 'en',
      createdAt: now - 100_000,
      engagement: { likes: 4, reposts: 3, replies: 2, quotes: 1 },
      parentUrl: null,
      parentText: null,
    });
  });

  test('a reply leads to what it answers, and a link in the text is its link', async () => {
    const features = [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://acme.example/b' }];
    const facets = [
      { features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'a' }] },
      { features },
      'broken',
    ];
    const reply = { root: { uri: uriOf('r') }, parent: { uri: 'at://did:plc:eve/app.bsky.feed.post/p' } };
    const draft = await only({
      posts: [post(100, { reply, facets }, { author: { handle: 'handle.invalid' } })],
    });
    expect(draft).toMatchObject({
      parentUrl: 'https://bsky.app/profile/did:plc:eve/post/p',
      link: 'https://acme.example/b',
      author: null,
      url: 'https://bsky.app/profile/did:plc:bob/post/k100',
    });
  });

  test('a quote carries the words that it quotes; pictures without words are told by their descriptions', async () => {
    const quoted = { uri: uriOf('q'), value: { text: 'Is it down?' } };
    const embed = { $type: 'app.bsky.embed.recordWithMedia#view', record: { record: quoted } };
    const images = { $type: 'app.bsky.embed.images', images: [{ alt: 'An error page' }, { alt: '' }] };
    const [quote, picture] = postsOf(
      await fetchPages(
        (await openOn({ posts: [post(1, {}, { embed }), post(2, { text: '', embed: images })] })).source,
      ),
    );
    expect(quote).toMatchObject({
      parentText: 'Is it down?',
      parentUrl: expect.stringMatching(/did:plc:bob\/post\/q$/),
    });
    expect(picture?.text).toBe('An error page');
  });

  test('a post that claims to be of tomorrow is as old as the network knows it', async () => {
    const posts = [post(100, { createdAt: '2027-01-01T00:00:00Z' })];
    expect((await only({ posts }))?.createdAt).toBe(now - 100_000);
  });
});

describe('the walk', () => {
  test('asks for the newest first, since an hour before the last run, a hundred at a time', async () => {
    const { source, requests } = await openOn({ posts: series(250, 2_000) });
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    requests.length = 0;
    expect(idsOf(await fetchPages(source, cursor))).toHaveLength(2);
    const asked = new URL(requests[0] ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      q: 'acme',
      sort: 'latest',
      limit: '100',
      since: new Date(now - 60_000 - 3_600_000).toISOString(),
    });
  });

  test('a post that vanishes between two pages hides no other', async () => {
    const posts = series(250, 900);
    const { source, world } = await openOn({ posts });
    const seen = new Set<string>();
    for await (const page of source.fetch({ cursor: null, signal: never })) {
      for (const each of page.posts) seen.add(each.externalId);
      world.posts.splice(0, 3);
    }
    expect(seen.size).toBe(250);
  });

  test('short and empty pages are not the end', async () => {
    const posts = series(450, 900);
    const hidden = (each: FakeBlueskyPost) => posts.indexOf(each) >= 80 && posts.indexOf(each) < 330;
    const { source } = await openOn({ posts, hidden });
    expect(idsOf(await fetchPages(source))).toHaveLength(200);
  });

  test('two hundred posts of one millisecond are all read', async () => {
    const at = { createdAt: new Date(now - 500_000).toISOString() };
    const burst = Array.from({ length: 230 }, (_, index) =>
      post(index, at, { uri: uriOf(`b${index}`), indexedAt: at.createdAt }),
    );
    const { source } = await openOn({ posts: [...burst, ...series(5, 900, 3_000)] });
    expect(new Set(idsOf(await fetchPages(source))).size).toBe(235);
  });

  test('the set stored is the set served, whatever the posts, stops and lost answers', async () => {
    const clock = leapingClock(now);
    let handler: Handler = () => {};
    const { url } = await serve((request, response) => handler(request, response));
    const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets };
    const run = fc.record({
      added: fc.uniqueArray(fc.nat(50_000), { maxLength: 250 }),
      stopAfter: fc.integer({ min: 1, max: 3 }),
      failAt: fc.integer({ min: 0, max: 6 }),
      expired: fc.boolean(),
    });
    const check = fc.asyncProperty(fc.array(run, { maxLength: 4 }), async (runs) => {
      const world: FakeBluesky = { posts: [], clock };
      const stored = new Set<string>();
      let cursor: Page['cursor'] | null = null;
      const last = { added: [], stopAfter: 100, failAt: 100, expired: true };
      const fake = fakeBluesky(world);
      const source = openSource({ ...config, baseUrl: url }, tools);
      const since = clock.now();
      for (const { added, stopAfter, failAt, expired } of [...runs, last]) {
        await clock.sleep(60_000_000);
        const ended = clock.now();
        world.posts.push(...added.map((ago) => post((now - ended) / 1_000 + ago)));
        world.expired = expired;
        let asked = 0;
        handler = (request, response) => {
          asked += 1;
          return asked > failAt ? void response.destroy() : fake(request, response);
        };
        let pages = 0;
        try {
          for await (const page of source.fetch({ cursor, signal: never, since })) {
            for (const each of page.posts) stored.add(each.externalId);
            cursor = JSON.parse(JSON.stringify(page.cursor));
            pages += 1;
            if (pages === stopAfter) break;
          }
        } catch {
          // The next run goes on from the cursor.
        }
      }
      expect([...stored].sort()).toEqual(world.posts.map((each) => each.uri).sort());
    });
    await fc.assert(check, { numRuns: 40 });
  });
});

describe('sessions and limits', () => {
  test('one login serves every run; an ended session is renewed, and only then is there another login', async () => {
    const { source, world } = await openOn({ posts: series(3, 900) });
    await fetchPages(source);
    await fetchPages(source);
    expect(world.logins).toBe(1);
    world.expired = true;
    expect(idsOf(await fetchPages(source))).toHaveLength(3);
    expect([world.logins, world.renewals]).toEqual([1, 1]);
    world.expired = true;
    world.renewable = false;
    expect(idsOf(await fetchPages(source))).toHaveLength(3);
    expect([world.logins, world.renewals]).toEqual([2, 1]);
  });

  test('tells the quota and asks no more once nothing is left', async () => {
    const { source } = await openOn({ posts: series(330, 900), requestsLeft: 3 });
    const quotas: Quota[] = [];
    const reading = async () => {
      const onQuota = (quota: Quota) => void quotas.push(quota);
      for await (const page of source.fetch({ cursor: null, signal: never, onQuota })) void page;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'rate-limited', until: now + 300_000 });
    expect(quotas.map(({ remaining, limit }) => [remaining, limit])).toEqual([
      [1, 3000],
      [0, 3000],
    ]);
  });

  test('a login that is refused for a while is a state with an end', async () => {
    const { source } = await openOn({ posts: [], requestsLeft: 0 });
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'rate-limited', until: now + 300_000 });
  });

  test('refresh reads the counts of 25 posts a request', async () => {
    const posts = series(60, 900);
    const { source, requests } = await openOn({ posts });
    const updates = [];
    const ids = [...posts.map((each) => each.uri), uriOf('gone'), 'not a uri'];
    for await (const batch of source.refresh?.(ids, { signal: never }) ?? []) updates.push(...batch);
    expect(updates).toHaveLength(60);
    expect(updates[0]?.engagement).toEqual({ likes: 4, reposts: 3, replies: 2, quotes: 1 });
    expect(requests.filter((each) => each.includes('getPosts'))).toHaveLength(3);
  });
});

describe('what Bluesky refuses, in words', () => {
  test.each([
    [
      'a wrong password',
      { status: 401, error: 'AuthenticationRequired', message: 'Invalid identifier or password' },
      'bad-key',
      /BLUESKY_APP_PASSWORD/,
    ],
    [
      'an account that was taken down',
      { status: 401, error: 'AccountTakedown', message: 'Account has been taken down' },
      'no-access',
      /taken the account/,
    ],
    [
      'an account that asks for a code',
      { status: 401, error: 'AuthFactorTokenRequired', message: 'A sign in code has been sent' },
      'bad-key',
      /code by mail/,
    ],
  ])('%s', async (_name, refusal, code, words) => {
    const { source } = await openOn({ posts: [], refusal });
    const error = await fetchPages(source).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, fix: expect.any(String) });
    expect(error.message).toMatch(words);
  });

  test('a query that it cannot read, a host that does not search, a password that is not there', async () => {
    const { source } = await openOn({ posts: [] }, { query: 'bad:(' });
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-query' });
    const walled = await openOnHandler((_request, response) =>
      response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>403 Forbidden</h1>'),
    );
    await expect(fetchPages(walled)).rejects.toMatchObject({ code: 'no-access' });
    const { source: keyless, requests } = await openOn({ posts: [] }, {}, {});
    await expect(fetchPages(keyless)).rejects.toMatchObject({ code: 'missing-key' });
    expect(requests).toEqual([]);
  });

  test.each([
    ['broken JSON', '{"posts":[{"uri":'],
    ['another schema', '{"feed":[]}'],
  ])('%s', async (_name, body) => {
    const source = await openOnHandler((_request, response) => response.end(body));
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-answer' });
  });

  test('a page that repeats itself for ever ends, with a warning', async () => {
    const page = JSON.stringify({ posts: [post(100)], cursor: '1' });
    const source = await openOnHandler((_request, response) => response.end(page));
    const pages = await fetchPages(source);
    expect(new Set(idsOf(pages)).size).toBe(1);
    expect(pages.at(-1)?.warnings[0]).toMatch(/may be missing/);
  });
});
