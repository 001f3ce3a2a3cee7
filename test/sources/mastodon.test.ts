import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page, Quota, Source } from '../../source/ports/source.ts';
import { openSource, sourceSchema } from '../../source/sources/open.ts';
import { proposeSources } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { type FakeMastodon, type FakeStatus, fakeMastodon, mastodonId } from './fake-mastodon.ts';
import { fetchPages, type Handler, leapingClock, never, serve, testClient } from './loopback.ts';

const now = Date.UTC(2026, 0, 15, 12);
const config = { name: 'mastodon', kind: 'mastodon', enabled: true, weight: 1, tags: ['Acme'] };
const token = { MASTODON_TOKEN: 'good' };

const uriOf = (key: string | number) => `https://other.example/users/bob/statuses/${key}`;

function status(secondsAgo: number, fields: Partial<FakeStatus> = {}): FakeStatus {
  const at = now - secondsAgo * 1_000;
  return {
    id: mastodonId(at),
    uri: uriOf(secondsAgo),
    url: `https://other.example/@bob/${secondsAgo}`,
    created_at: new Date(at).toISOString(),
    language: 'en',
    content: `<p>Acme is slow, <a href="https://other.example/tags/acme">#<span>acme</span></a></p>`,
    spoiler_text: '',
    in_reply_to_id: null,
    reblog: null,
    account: { acct: 'bob@other.example', url: 'https://other.example/@bob' },
    card: null,
    tags: [{ name: 'acme' }],
    media_attachments: [],
    favourites_count: 4,
    reblogs_count: 3,
    replies_count: 2,
    quotes_count: 1,
    ...fields,
  };
}

const series = (count: number, every: number, from = 60) =>
  Array.from({ length: count }, (_, at) => status(from + at * every));

async function openOn(world: Omit<FakeMastodon, 'clock'>, options: object = {}, secrets: object = {}) {
  const clock = leapingClock(now);
  const served: FakeMastodon = Object.assign(world, { clock });
  const { url, requests } = await serve(fakeMastodon(served));
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: { ...secrets } };
  const source = openSource({ ...config, instance: url, ...options }, tools);
  return { source, requests, clock, world: served, url };
}

async function openOnHandler(handler: Handler, secrets: object = {}): Promise<Source> {
  const { url } = await serve(handler);
  const clock = leapingClock(now);
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: { ...secrets } };
  return openSource({ ...config, instance: url }, tools);
}

const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((each) => each.externalId);

function describeContract(name: string, options: object, secrets: object) {
  describeSourceContract(name, async () => {
    const statuses = series(110, 900);
    const clock = leapingClock(now);
    const broken = status(1_001, { uri: '' });
    const world: FakeMastodon = { statuses: [...statuses, broken], clock };
    let failing: number | null = null;
    const fake = fakeMastodon(world);
    const { url } = await serve((request, response) => {
      if (failing === null) return fake(request, response);
      failing -= 1;
      return failing < 0 ? void response.writeHead(503).end() : fake(request, response);
    });
    const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: { ...secrets } };
    return {
      open: () => openSource({ ...config, ...options, instance: url }, tools),
      ids: statuses.map((each) => String(each.uri)),
      hasBrokenItem: true,
      failFrom: (request) => {
        failing = request;
      },
      add: (count) => {
        const added = Array.from({ length: count }, (_, at) => status(10 + at));
        world.statuses.push(...added);
        return added.map((each) => String(each.uri));
      },
    };
  });
}

describeContract('mastodon by tag', {}, {});
describeContract('mastodon by search', { tags: [], query: 'acme' }, token);

describe('what a status becomes', () => {
  const only = async (fields: Partial<FakeStatus>) => {
    const { source, url } = await openOn({ statuses: [status(100, fields)] });
    const [draft] = postsOf(await fetchPages(source));
    return { draft, url };
  };

  test('its text without HTML, its counts, the page of its card', async () => {
    const { draft } = await only({ card: { url: 'https://acme.example/a' } });
    expect(draft).toEqual({
      externalId: uriOf(100),
      url: 'https://other.example/@bob/100',
      link: 'https://acme.example/a',
      author: 'bob@other.example',
      title: null,
      text: 'Acme is slow, #acme',
      lang: 'en',
      createdAt: now - 100_000,
      engagement: { likes: 4, reposts: 3, replies: 2, quotes: 1 },
      parentUrl: null,
      parentText: null,
    });
  });

  test('a content warning comes first; a reply leads to what it answers', async () => {
    const { draft, url } = await only({ spoiler_text: 'Rant', in_reply_to_id: '17' });
    expect(draft?.text).toBe('Rant\n\nAcme is slow, #acme');
    expect(draft?.parentUrl).toBe(`${url}/statuses/17`);
  });

  test('a date to come is taken as the time at which it came', async () => {
    const { draft } = await only({ created_at: '2027-05-01T00:00:00.000Z' });
    expect(draft?.createdAt).toBe(now - 100_000);
  });

  test('a quote carries what it quotes, and pictures without words are told by their descriptions', async () => {
    const quoted_status = { uri: uriOf(1), url: 'https://other.example/@eve/1', content: '<p>Down?</p>' };
    const quote = await only({ quote: { state: 'accepted', quoted_status } });
    expect(quote.draft).toMatchObject({ parentText: 'Down?', parentUrl: 'https://other.example/@eve/1' });
    const media_attachments = [{ description: 'An error page' }, { description: null }, 'broken'];
    expect((await only({ content: '', media_attachments })).draft?.text).toBe('An error page');
  });

  test('a boost is the status that it boosts, and an account of the instance has its host', async () => {
    const account = { acct: 'ann', url: 'https://home.example/@ann' };
    const { draft } = await only({ reblog: { ...status(500), account } });
    expect(draft).toMatchObject({ externalId: uriOf(500), author: 'ann@home.example' });
  });
});

describe('tags', () => {
  test('are read oldest first, each page following the last id at once', async () => {
    const { source, requests } = await openOn({ statuses: series(90, 900) });
    const posts = postsOf(await fetchPages(source));
    const dates = posts.map((each) => each.createdAt ?? 0);
    expect(dates).toEqual(dates.toSorted((left, right) => left - right));
    const asked = requests.map((each) => new URL(each, 'http://x').searchParams.get('min_id'));
    expect(asked[0]).toBe(mastodonId(now - 7 * 86_400_000));
    expect(asked.at(-1)).toBe(mastodonId(now - 60_000));
  });

  test('have each a place of their own; a new one begins with the backfill', async () => {
    const zeta = [status(5_000, { tags: [{ name: 'zeta' }] })];
    const { source, world, url, clock } = await openOn({ statuses: [status(100)] });
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    expect(cursor).toMatchObject({ 'tag:acme': mastodonId(now - 100_000), 'tag:acme.complete': true });
    world.statuses.push(...zeta);
    const tools = { http: testClient(), clock, folder: '/', secrets: {} };
    const both = openSource({ ...config, tags: ['acme', 'zeta'], instance: url }, tools);
    expect(idsOf(await fetchPages(both, cursor))).toContain(uriOf(5_000));
  });

  test('a status that another server sends late is still found', async () => {
    const { source, world } = await openOn({ statuses: series(3, 900) });
    const cursor = (await fetchPages(source)).at(-1)?.cursor ?? null;
    world.statuses.push(status(2_000));
    expect(idsOf(await fetchPages(source, cursor))).toContain(uriOf(2_000));
  });

  test('that nobody has used yet have no posts', async () => {
    const { source } = await openOn({ statuses: [] });
    expect(idsOf(await fetchPages(source))).toEqual([]);
  });

  test('with short pages, since the reader may not see everything, are read to the end', async () => {
    const statuses = series(110, 900);
    const filtered = (each: FakeStatus) => statuses.indexOf(each) % 3 === 1;
    const { source } = await openOn({ statuses, filtered });
    expect(idsOf(await fetchPages(source))).toHaveLength(73);
  });
});

describe('the search', () => {
  test('gets past a second with more statuses than a page', async () => {
    const burst = Array.from({ length: 90 }, (_, at) =>
      status(500, { id: mastodonId(now - 500_000, at), uri: uriOf(`b${at}`) }),
    );
    const { source } = await openOn(
      { statuses: [...burst, ...series(60, 30)] },
      { tags: [], query: 'acme' },
      token,
    );
    expect(new Set(idsOf(await fetchPages(source))).size).toBe(150);
  });

  test('needs a token, and says so before it asks', async () => {
    const { source, requests } = await openOn({ statuses: [] }, { query: 'acme' });
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'missing-key', message: /needs a token/ });
    expect(requests).toEqual([]);
  });
});

test('the set stored is the set served, whatever the lists, stops and lost answers', async () => {
  const clock = leapingClock(now);
  let handler: Handler = () => {};
  const { url } = await serve((request, response) => handler(request, response));
  const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: token };
  const run = fc.record({
    added: fc.uniqueArray(fc.nat(50_000), { maxLength: 120 }),
    stopAfter: fc.integer({ min: 1, max: 3 }),
    failAt: fc.integer({ min: 0, max: 6 }),
  });
  const check = fc.asyncProperty(fc.array(run, { maxLength: 4 }), async (runs) => {
    const world: FakeMastodon = { statuses: [], clock };
    const stored = new Set<string>();
    let cursor: Page['cursor'] | null = null;
    const last = { added: [], stopAfter: 200, failAt: 200 };
    const source = openSource({ ...config, tags: ['acme', 'zeta'], query: 'slow', instance: url }, tools);
    const since = clock.now();
    const fake = fakeMastodon(world);
    for (const { added, stopAfter, failAt } of [...runs, last]) {
      await clock.sleep(60_000_000);
      const ended = clock.now();
      world.statuses.push(
        ...added.map((ago) => {
          const tag = ago % 3 === 0 ? 'acme' : ago % 3 === 1 ? 'zeta' : 'other';
          return status((now - ended) / 1_000 + ago, { tags: [{ name: tag }] });
        }),
      );
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
    expect([...stored].sort()).toEqual(world.statuses.map((each) => String(each.uri)).sort());
  });
  await fc.assert(check, { numRuns: 40 });
});

describe('limits', () => {
  test('the quota is told, and nothing is asked once nothing is left', async () => {
    const { source } = await openOn({ statuses: series(110, 900), requestsLeft: 2 });
    const quotas: Quota[] = [];
    const reading = async () => {
      const onQuota = (quota: Quota) => void quotas.push(quota);
      for await (const page of source.fetch({ cursor: null, signal: never, onQuota })) void page;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'rate-limited', until: now + 240_000 });
    expect(quotas).toEqual([
      { remaining: 1, limit: 300, resetsAt: now + 240_000 },
      { remaining: 0, limit: 300, resetsAt: now + 240_000 },
    ]);
  });

  test('a 429 is a state with an end', async () => {
    const { source } = await openOn({ statuses: [], requestsLeft: 0 });
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'rate-limited', until: now + 240_000 });
  });
});

describe('what an instance refuses, in words', () => {
  test('one that shows nothing without a login, with and without a token', async () => {
    const { source } = await openOn({ statuses: series(2, 900), closed: true });
    await expect(fetchPages(source)).rejects.toMatchObject({
      code: 'missing-key',
      message: /needs a token/,
      fix: /MASTODON_TOKEN/,
    });
    const { source: known } = await openOn({ statuses: series(2, 900), closed: true }, {}, token);
    expect(idsOf(await fetchPages(known))).toHaveLength(2);
    const { source: wrong } = await openOn({ statuses: [] }, {}, { MASTODON_TOKEN: 'bad' });
    await expect(fetchPages(wrong)).rejects.toMatchObject({ code: 'bad-key' });
  });

  test.each([
    ['a site that is no instance', 404, '<html>Not found</html>', 'no-access'],
    [
      'a token without the scope',
      403,
      '{"error":"This action is outside the authorized scopes"}',
      'no-access',
    ],
    ['a request that it does not understand', 422, '{"error":"Validation failed"}', 'bad-query'],
    ['broken JSON', 200, '[{"id":"1"', 'bad-answer'],
    ['another schema', 200, '{"statuses":{}}', 'bad-answer'],
  ])('%s', async (_name, code, body, expected) => {
    const source = await openOnHandler((_request, response) => response.writeHead(code).end(body), token);
    await expect(fetchPages(source)).rejects.toMatchObject({ code: expected, fix: expect.any(String) });
  });

  test('a page that repeats itself for ever ends, with a warning', async () => {
    const page = JSON.stringify([status(100)]);
    const source = await openOnHandler((_request, response) => response.end(page));
    const pages = await fetchPages(source);
    expect(idsOf(pages)).toEqual([uriOf(100)]);
    expect(pages.at(-1)?.warnings[0]).toMatch(/repeats the same page/);
  });

  test('a source without tags and words, and a tag with its #', async () => {
    const { source } = await openOn({ statuses: [] }, { tags: [] });
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'bad-query' });
    expect(sourceSchema.safeParse({ name: 'm', kind: 'mastodon', tags: ['#acme'] }).success).toBe(false);
    expect(sourceSchema.safeParse({ name: 'm', kind: 'mastodon', instance: 'not a host' }).success).toBe(
      false,
    );
  });
});

test('the wizard proposes the tag of a topic of few words', () => {
  const proposed = (topic: string) =>
    proposeSources(topic).find(({ config: { kind } }) => kind === 'mastodon');
  expect(proposed('Acme Cloud')).toEqual({
    config: { name: 'mastodon', kind: 'mastodon', tags: ['acmecloud'] },
    title: 'Mastodon',
    target: '#acmecloud on mastodon.social',
  });
  expect(proposed('what people say of acme')).toBeUndefined();
});
