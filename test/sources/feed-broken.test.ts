import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { maxFeedEntries, readFeed } from '../../source/sources/feed.ts';

const url = 'https://feeds.example/acme';
const folder = new URL('../fixtures/feeds/', import.meta.url);
const read = (body: string | Buffer) => readFeed(Buffer.from(body as string), { url, contentType: null });
const fixture = (name: string) => read(readFileSync(new URL(name, folder)));
const rss = (items: string, head = '') =>
  `<?xml version="1.0"?>${head}<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;

describe('broken feeds', () => {
  test('a truncated feed with bare ampersands yields the entries that are whole, and says so', async () => {
    const feed = await fixture('truncated.xml');
    expect(feed.entries).toMatchObject([
      {
        id: '1',
        url: 'https://acme.example/1?a=1&b=2',
        title: 'AT&T down <3',
        text: 'Whole',
        createdAt: Date.UTC(2026, 0, 12, 10),
      },
    ]);
    expect(feed.warnings).toEqual(['the feed is damaged: 1 entry could be read']);
    expect(feed.breaksOff).toBe(true);
  });

  test('the last entry of a feed that is broken but whole is kept', async () => {
    const feed = await read(rss('<item><title>a & b</title></item><item><title>last'));
    expect(feed.entries.map(({ title }) => title)).toEqual(['a & b', 'last']);
    expect(feed.breaksOff).toBe(false);
  });

  test('a truncated Atom feed keeps links, authors and XHTML', async () => {
    const whole = readFileSync(new URL('atom-1.0.xml', folder), 'utf8');
    const feed = await read(whole.slice(0, whole.indexOf('href="https://acme.example/blog/posts/1"')));
    const { entries } = await read(whole);
    expect(feed.entries).toEqual(
      entries.slice(0, 1).map((entry) => ({ ...entry, replies: 0, parentUrl: null })),
    );
    expect(feed.warnings).toHaveLength(1);
  });

  test('a truncated JSON Feed keeps the items that are whole', async () => {
    const whole = readFileSync(new URL('feed.json', folder), 'utf8');
    const feed = await read(whole.slice(0, whole.indexOf('"content_text"')));
    expect(feed.entries).toMatchObject([
      { id: '1', title: 'Tom & <Jerry>', text: 'Hola\nmundo', author: 'Ana' },
    ]);
    expect(feed.warnings).toHaveLength(1);
  });

  test.each([
    '',
    '   ',
    'hello',
    '<!doctype html><html><body>hi</body></html>',
    '{"a":1}',
    '[]',
    '\u0000\u0001',
  ])('%j is not a feed, and is said to be none', async (body) => {
    await expect(read(body)).rejects.toMatchObject({ code: 'not-a-feed', message: `${url} is not a feed` });
  });

  test('a feed without entries is a feed', async () => {
    expect(await read(rss(''))).toMatchObject({ entries: [], warnings: [] });
  });

  test('dates in 1970 and 2099 are passed on as the feed says them', async () => {
    const feed = await read(
      rss(
        '<item><title>a</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item><item><title>b</title><pubDate>2099-06-01</pubDate></item>',
      ),
    );
    expect(feed.entries.map((entry) => entry.createdAt)).toEqual([0, Date.UTC(2099, 5, 1)]);
  });

  test('escape sequences are passed on for the pipeline to clean', async () => {
    const feed = await read(rss('<item><title>\u001b[31mred\u0007</title></item>'));
    expect(feed.entries[0]?.title).toBe('\u001b[31mred\u0007');
  });

  test('invalid UTF-8 is shown as such, with a warning', async () => {
    const feed = await read(Buffer.from(rss('<item><title>caf\u00e9</title></item>'), 'latin1'));
    expect(feed.entries[0]?.title).toBe('caf\uFFFD');
    expect(feed.warnings).toEqual(['some bytes are not valid UTF-8: shown as \uFFFD']);
  });
});

describe('hostile feeds', () => {
  test('entities are neither expanded nor fetched', async () => {
    const lines = Array.from(
      { length: 9 },
      (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
    ).join('');
    const head = `<!DOCTYPE rss [<!-- don't --><!ENTITY l0 "lol"><!ENTITY file SYSTEM "file:///etc/passwd">${lines}]>`;
    const feed = await read(rss('<item><title>a &l9; b &file; c</title><guid>1</guid></item>', head));
    expect(feed.entries[0]?.title).toBe('a &l9; b &file; c');
    expect(feed.warnings).toEqual(['the feed declares XML entities: they are not expanded']);
  });

  test.each([
    [
      'tags nested 100,000 deep',
      rss(`<item><title>t</title><description>${'<a>'.repeat(100_000)}x</description></item>`),
    ],
    ['tags that are never closed', rss(`<item><title>t</title>${'<a>'.repeat(300_000)}`)],
    ['items inside items', rss('<item><title>t</title>'.repeat(50_000))],
    ['an attribute of 5 MB', rss(`<item x="${'a'.repeat(5_000_000)}"><title>t</title></item>`)],
    [
      'a million ampersands',
      rss(`<item><title>t</title><description>${'&'.repeat(1_000_000)}</description></item>`),
    ],
    [
      'a million angle brackets',
      rss(`<item><title>t</title><description>${'<'.repeat(1_000_000)}</description></item>`),
    ],
    [
      'declarations that are never closed',
      `${rss('<item><title>t</title></item>')}${'<!DOCTYPE ['.repeat(100_000)}`,
    ],
  ])('%s cost little time and keep the entry', async (_name, body) => {
    const startedAt = performance.now();
    const feed = await read(body);
    expect(feed.entries[0]?.title).toBe('t');
    // Linear work takes well under a second here; the quadratic kind took from eight seconds to minutes.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('entries beyond the limit are left out, with a warning', async () => {
    const feed = await read(
      rss(
        Array.from(
          { length: maxFeedEntries + 5 },
          (_, at) => `<item><guid>${at}</guid><title>t</title></item>`,
        ).join(''),
      ),
    );
    expect(feed.entries).toHaveLength(maxFeedEntries);
    expect(feed.warnings).toEqual(['only the first 10000 entries are read']);
  });

  test('a feed too large for a tree is read as a stream, to the same result', async () => {
    const item = (at: number) =>
      `<item><guid>${at}</guid><title>t${at}</title><description>${'word '.repeat(2_000)}</description></item>`;
    const feed = await read(rss(Array.from({ length: 1_000 }, (_, at) => item(at)).join('')));
    expect(feed.entries).toHaveLength(1_000);
    expect(feed.entries[999]).toMatchObject({ id: '999', title: 't999' });
    expect(feed.warnings).toEqual([]);
  });

  test('a large feed that breaks off says so too', async () => {
    const items = `<item><guid>1</guid><title>${'t'.repeat(9_000_000)}</title></item><item><title>ha`;
    const feed = await read(rss(items).replace(/<\/channel><\/rss>$/, ''));
    expect(feed.warnings).toEqual(['the feed is damaged: 1 entry could be read']);
  });

  test('a post of 1 MB comes through whole', async () => {
    const feed = await read(
      rss(`<item><title>t</title><description>${'word '.repeat(200_000)}</description></item>`),
    );
    expect(feed.entries[0]?.text).toHaveLength(999_999);
  });

  test('links that are not web addresses are dropped', async () => {
    const feed = await read(
      rss('<item><title>t</title><guid>1</guid><link>javascript:alert(1)</link></item>'),
    );
    expect(feed.entries[0]?.url).toBeNull();
  });
});
