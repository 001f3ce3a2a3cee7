import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type FeedEntry, readFeed } from '../../source/sources/feed.ts';

const url = 'https://feeds.example/acme';
const folder = new URL('../fixtures/feeds/', import.meta.url);
const read = (body: string | Buffer, contentType: string | null = null) =>
  readFeed(Buffer.from(body as string), { url, contentType });
const fixture = (name: string) => read(readFileSync(new URL(name, folder)));
const rss = (items: string, head = '') =>
  `<?xml version="1.0"?>${head}<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;

const blank: FeedEntry = {
  id: '',
  url: null,
  title: null,
  text: '',
  author: null,
  createdAt: null,
  lang: null,
  likes: 0,
  replies: 0,
  parentUrl: null,
};

describe('every format', () => {
  test('RSS 0.91: relative links belong to the site, an entry without a guid is known by its link', async () => {
    const feed = await fixture('rss-0.91.xml');
    expect(feed).toMatchObject({ format: 'rss', title: 'Acme News', warnings: [] });
    expect(feed.entries).toEqual([
      {
        ...blank,
        id: 'https://acme.example/news/sync',
        url: 'https://acme.example/news/sync',
        title: 'Sync is back',
        text: 'The sync service works again & nothing was lost.',
        lang: 'en',
      },
    ]);
  });

  test('RSS 2.0: the full content wins, titles lose their markup and keep what only looks like it', async () => {
    const feed = await fixture('rss-2.0.xml');
    expect(feed.title).toBe('Acme Forum');
    expect(feed.entries).toEqual([
      {
        ...blank,
        id: 'topic-1',
        url: 'https://forum.acme.example/t/1',
        title: 'Login & sync broken since Vec<T>',
        text: "Since 9 o'clock nothing works:\n\n- login\n- sync",
        author: 'Jörg',
        lang: 'de',
        createdAt: Date.UTC(2026, 0, 13, 14, 30),
        replies: 12,
      },
      {
        ...blank,
        id: 'https://forum.acme.example/t/2',
        url: 'https://forum.acme.example/t/2',
        title: 'No date that anybody knows',
        author: 'Ann',
        lang: 'de',
      },
    ]);
    expect(feed.warnings).toEqual(['1 entry has a date that cannot be read']);
  });

  test('RSS 1.0 (RDF)', async () => {
    const feed = await fixture('rdf-1.0.xml');
    expect(feed.format).toBe('rdf');
    expect(feed.entries).toEqual([
      {
        ...blank,
        id: 'https://acme.example/a',
        url: 'https://acme.example/a',
        title: '障害のお知らせ',
        text: '復旧しました。',
        author: '佐藤',
        lang: 'ja',
        createdAt: Date.UTC(2026, 0, 13, 0, 30),
      },
    ]);
  });

  test('Atom 1.0: xml:base, languages, text constructs, reply counts and what is replied to', async () => {
    const feed = await fixture('atom-1.0.xml');
    expect(feed.entries).toEqual([
      {
        ...blank,
        id: 'urn:acme:1',
        url: 'https://acme.example/blog/posts/1',
        title: 'Use <b> wisely',
        text: 'Un petit <mot>.\n\nDeux.',
        author: 'The Acme team',
        lang: 'fr',
        createdAt: Date.UTC(2026, 0, 13, 8, 0, 0, 250),
        replies: 4,
      },
      {
        ...blank,
        id: 'urn:acme:2',
        url: 'https://other.example/two',
        title: 'Two & more',
        text: 'Only a summary',
        author: 'Zoé',
        lang: 'fr',
        createdAt: Date.UTC(2026, 0, 12, 10),
        parentUrl: 'https://acme.example/blog/posts/1',
      },
    ]);
  });

  test('Atom 0.3', async () => {
    const feed = await fixture('atom-0.3.xml');
    expect(feed.entries).toEqual([
      {
        ...blank,
        id: 'tag:acme.example,2004:1',
        url: 'https://acme.example/2004/1',
        title: 'Was it me?',
        text: 'Yes.',
        author: 'Ann',
        lang: 'en',
        createdAt: Date.UTC(2004, 4, 6, 7, 8, 9),
      },
    ]);
  });

  test('JSON Feed: plain text keeps its lines', async () => {
    const feed = await fixture('feed.json');
    expect(feed.entries).toEqual([
      {
        ...blank,
        id: '1',
        url: 'https://acme.example/1',
        title: 'Tom & <Jerry>',
        text: 'Hola\nmundo',
        author: 'Ana',
        lang: 'es',
        createdAt: Date.UTC(2026, 0, 13, 13),
      },
      {
        ...blank,
        id: '2',
        text: 'first line\nsecond line',
        lang: 'es',
        createdAt: Date.UTC(2026, 0, 12, 10),
      },
    ]);
  });
});

describe('links as people mean them', () => {
  test('FeedBurner links are replaced by the true ones', async () => {
    const feed = await read(
      '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>t</title><link>http://feedproxy.google.com/~r/x/1</link><feedburner:origLink>https://acme.example/1</feedburner:origLink></item></channel></rss>',
    );
    expect(feed.entries[0]?.url).toBe('https://acme.example/1');
  });

  test('the redirects of Google Alerts are unwrapped', async () => {
    const feed = await read(
      rss(
        '<item><title>t</title><link>https://www.google.com/url?rct=j&amp;url=https://acme.example/1%3Fa%3D1&amp;ct=ga</link></item>',
      ),
    );
    expect(feed.entries[0]?.url).toBe('https://acme.example/1?a=1');
  });

  test('the lone link to the comments is no text', async () => {
    const feed = await read(
      rss(
        '<item><title>t</title><comments>https://x.example/c</comments><description>&lt;a href="https://x.example/c"&gt;Comments&lt;/a&gt;</description></item>',
      ),
    );
    expect(feed.entries[0]?.text).toBe('');
  });
});
