import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { HttpSettings } from '../../source/config/schema.ts';
import type { Page, Source } from '../../source/ports/source.ts';
import type { SourceTools } from '../../source/sources/kind.ts';
import { openSource } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { fetchPages, leapingClock, serve, serveBody, testClient } from './loopback.ts';

function toolsWith(settings: Partial<HttpSettings> = {}): SourceTools {
  const clock = leapingClock();
  return { http: testClient({ retries: 0, ...settings }, clock), clock, folder: '/', secrets: {} };
}

function openFeed(url: string, tools = toolsWith()): Source {
  return openSource({ name: 'feed', kind: 'rss', enabled: true, weight: 1, url }, tools);
}

const rss = (items: string) => `<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;
const item = (id: number | string) =>
  `<item><guid isPermaLink="false">${id}</guid><title>Post ${id}</title><link>https://acme.example/${id}</link></item>`;
const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);

describeSourceContract('rss', async () => {
  const ids = Array.from({ length: 1_200 }, (_, at) => String(at));
  const added: string[] = [];
  let failing: number | null = null;
  const { url } = await serve((_request, response) => {
    if (failing !== null && --failing < 0) return void response.writeHead(500).end();
    response.end(
      rss(`${[...added, ...ids].map(item).join('')}<item><category>nothing else</category></item>`),
    );
  });
  const tools = toolsWith();
  return {
    open: () => openFeed(url, tools),
    ids,
    hasBrokenItem: true,
    failFrom: (request) => {
      failing = request;
    },
    add: (count) => {
      added.push(...Array.from({ length: count }, (_, at) => `new-${at}`));
      return added;
    },
  };
});

test('a backfill says how far back the feed reaches, and only when that is not far enough', async () => {
  const dated = (day: number) =>
    `<item><guid>${day}</guid><title>t</title><pubDate>${new Date(Date.UTC(2026, 0, day)).toUTCString()}</pubDate></item>`;
  const { url } = await serveBody(rss([9, 5, 7].map(dated).join('')));
  const source = openFeed(url);
  const warningsSince = async (since: number) => {
    const options = { cursor: null, signal: new AbortController().signal, since };
    const pages: Page[] = [];
    for await (const page of source.fetch(options)) pages.push(page);
    expect(postsOf(pages)).toHaveLength(3);
    return pages.flatMap(({ warnings }) => warnings);
  };
  expect(await warningsSince(Date.UTC(2026, 0, 1))).toEqual([
    'a feed has no history: its oldest entry is of 2026-01-05',
  ]);
  expect(await warningsSince(Date.UTC(2026, 0, 6))).toEqual([]);
});

describe('conditional requests', () => {
  test('the validators of the last whole answer are sent, and a 304 is nothing new', async () => {
    const { url, requests } = await serve((request, response) => {
      const known =
        request.headers['if-none-match'] === '"v1"' && request.headers['if-modified-since'] === 'then';
      if (known) response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"', 'last-modified': 'then' }).end(rss(item(1)));
    });
    const source = openFeed(url);
    const first = await fetchPages(source);
    expect(postsOf(first)).toHaveLength(1);
    expect(await fetchPages(source, first.at(-1)?.cursor)).toEqual([]);
    expect(requests).toHaveLength(2);
  });

  test('a run that ended before the last page asks again without them', async () => {
    const items = Array.from({ length: 1_200 }, (_, at) => item(at)).join('');
    const { url } = await serve((request, response) => {
      if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end(rss(items));
    });
    const source = openFeed(url);
    const pages = await fetchPages(source);
    expect(pages.map((page) => page.posts.length)).toEqual([500, 500, 200]);
    const rest = await fetchPages(source, pages[0]?.cursor);
    expect(postsOf(rest)).toHaveLength(700);
  });

  test('the validators of another address are not used', async () => {
    const { url } = await serve((request, response) => {
      if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end(rss(item(1)));
    });
    const first = await fetchPages(openFeed(`${url}/a`));
    expect(postsOf(await fetchPages(openFeed(`${url}/b`), first.at(-1)?.cursor))).toHaveLength(1);
  });

  test('the same content without validators is not handed out twice', async () => {
    const source = openFeed((await serveBody(rss(item(1)))).url);
    const first = await fetchPages(source);
    expect(postsOf(await fetchPages(source, first.at(-1)?.cursor))).toEqual([]);
  });

  test('a validator that is no valid header is left out rather than sent', async () => {
    const { url, requests } = await serveBody(rss(item(1)));
    const cursor = { url, etag: 'a\r\nX-Injected: yes', lastModified: '\u0000' };
    expect(postsOf(await fetchPages(openFeed(url), cursor))).toHaveLength(1);
    expect(requests).toHaveLength(1);
  });
});

describe('guids that are not unique', () => {
  const shared = (link: string, title: string) =>
    `<item><guid isPermaLink="false">same</guid><title>${title}</title>${link ? `<link>${link}</link>` : ''}</item>`;

  test('entries with one guid and different links are all kept', async () => {
    const { url } = await serveBody(
      rss(shared('https://a.example/1', 'x') + shared('https://a.example/2', 'x')),
    );
    const posts = postsOf(await fetchPages(openFeed(url)));
    expect(new Set(posts.map((post) => post.externalId)).size).toBe(2);
  });

  test('without links, different titles tell them apart', async () => {
    const posts = postsOf(
      await fetchPages(openFeed((await serveBody(rss(shared('', 'a') + shared('', 'b')))).url)),
    );
    expect(posts.map((post) => post.title)).toEqual(['a', 'b']);
    expect(new Set(posts.map((post) => post.externalId)).size).toBe(2);
  });

  test('the same entry twice is one post, an edited title does not make another', async () => {
    const { url } = await serveBody(
      rss(shared('https://a.example/1', 'old') + shared('https://a.example/1', 'new')),
    );
    expect(postsOf(await fetchPages(openFeed(url)))).toMatchObject([{ externalId: 'same', title: 'old' }]);
  });

  test('a guid once seen to be shared keeps its entries apart when they come alone', async () => {
    let body = rss(shared('https://a.example/1', 'x') + shared('https://a.example/2', 'x'));
    const { url } = await serve((_request, response) => response.end(body));
    const source = openFeed(url);
    const first = await fetchPages(source);
    body = rss(shared('https://a.example/3', 'x'));
    const [third] = postsOf(await fetchPages(source, first.at(-1)?.cursor));
    expect(postsOf(first).map((post) => post.externalId)).not.toContain(third?.externalId);
    body = rss(shared('https://a.example/2', 'x'));
    const [second] = postsOf(await fetchPages(source, first.at(-1)?.cursor));
    expect(postsOf(first).map((post) => post.externalId)).toContain(second?.externalId);
  });
});

describe('what comes instead of a feed', () => {
  test('a web page is named as one, with the feeds that it offers', async () => {
    const { url } = await serveBody(
      '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>Hi</body></html>',
      'text/html',
    );
    await expect(fetchPages(openFeed(url))).rejects.toMatchObject({
      code: 'web-page',
      message: `${url}/ is a web page, not a feed; it offers ${url}/feed.xml`,
      fix: `Set url to ${url}/feed.xml`,
    });
  });

  test('a web page without feeds is named as one', async () => {
    const { url } = await serveBody('<html><body>Please log in</body></html>', 'text/html');
    await expect(fetchPages(openFeed(url))).rejects.toMatchObject({ code: 'web-page' });
  });

  test('a feed that broke off is read whole the next time, although the service says that it is the same', async () => {
    const whole = rss([1, 2, 3].map(item).join(''));
    let isCut = true;
    const { url } = await serve((request, response) => {
      response.setHeader('etag', '"one"');
      if (request.headers['if-none-match'] === '"one"') return void response.writeHead(304).end();
      response.end(isCut ? whole.slice(0, whole.lastIndexOf('</title>')) : whole);
    });
    const [cut] = await fetchPages(openFeed(url));
    expect(cut?.posts).toHaveLength(2);
    isCut = false;
    const again = await fetchPages(openFeed(url), cut?.cursor ?? null);
    expect(again.flatMap(({ posts }) => posts)).toHaveLength(3);
  });

  test('a truncated gzip is an error in words', async () => {
    const whole = gzipSync(rss(Array.from({ length: 500 }, (_, at) => item(at)).join('')));
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole.subarray(0, whole.length / 2)),
    );
    await expect(fetchPages(openFeed(url))).rejects.toMatchObject({ code: 'bad-answer' });
  });

  test.each(['plain', 'compressed'])('a feed of 50 MB, %s, is refused at the cap', async (form) => {
    const chunk = item(1).padEnd(1_000, ' ').repeat(1_000);
    const { url } = await serve((_request, response) => {
      if (form === 'compressed') {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(rss(chunk.repeat(50))));
        return;
      }
      let sent = 0;
      const send = () => {
        while (sent < 50 && !response.destroyed) {
          sent += 1;
          if (!response.write(chunk)) return void response.once('drain', send);
        }
        response.end();
      };
      send();
    });
    await expect(fetchPages(openFeed(url))).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('16 MiB'),
    });
  });

  test.each([
    ['a 500', 500, 'http-status'],
    ['a 404', 404, 'http-status'],
    ['a 429', 429, 'rate-limited'],
  ])('%s is an error with its code', async (_name, status, code) => {
    const { url } = await serve((_request, response) => response.writeHead(status).end());
    await expect(fetchPages(openFeed(url))).rejects.toMatchObject({ code, fix: expect.any(String) });
  });

  test('an unreachable host, a circle of redirects and a silent host are errors with their codes', async () => {
    const circle = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
    await expect(fetchPages(openFeed(circle.url))).rejects.toMatchObject({ code: 'redirect-loop' });
    const silent = await serve(() => {});
    await expect(fetchPages(openFeed(silent.url, toolsWith({ timeoutMs: 200 })))).rejects.toMatchObject({
      code: 'timeout',
    });
    await expect(fetchPages(openFeed('http://nowhere.invalid/'))).rejects.toMatchObject({
      code: 'unreachable-host',
    });
  });
});

test('a feed in Latin-1 by its header is read as such', async () => {
  const { url } = await serveBody(
    Buffer.from(rss('<item><title>déjà vu</title></item>'), 'latin1'),
    'text/xml; charset=ISO-8859-1',
  );
  expect(postsOf(await fetchPages(openFeed(url)))[0]?.title).toBe('déjà vu');
});

test('a page to which several entries link says nothing of any of them', async () => {
  const incident = (id: string) =>
    `<item><guid isPermaLink="false">${id}</guid><title>Incident ${id}</title><link>https://status.example/all</link></item>`;
  const { url } = await serveBody(rss(incident('1') + incident('2') + item('3')));
  const posts = postsOf(await fetchPages(openFeed(url)));
  expect(posts.map(({ link }) => link)).toEqual([null, null, 'https://acme.example/3']);
  expect(posts[0]?.url).toBe('https://status.example/all');
});

test('the own link of an entry is both where it is read and what it is about', async () => {
  const { url } = await serveBody(rss(item(1)));
  expect(postsOf(await fetchPages(openFeed(url)))[0]).toMatchObject({
    url: 'https://acme.example/1',
    link: 'https://acme.example/1',
  });
});
