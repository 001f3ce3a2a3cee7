import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparableUrl, maxOutlines, nameFeeds, readOpml, writeOpml } from '../../source/sources/opml.ts';

const opml = (body: string, before = '') =>
  Buffer.from(`<?xml version="1.0"?>${before}<opml version="1.0"><head/><body>${body}</body></opml>`);
const urls = async (bytes: Buffer) => (await readOpml(bytes)).feeds.map(({ url }) => url);

describe('a list of feeds', () => {
  test('is read from folders of any depth, with titles and entities', async () => {
    const body = `
      <outline text="News &amp; more">
        <outline text="Deeper"><outline type="rss" text="A &lt;b&gt; &#x26; C" xmlUrl="https://a.example/feed?x=1&amp;y=2"/></outline>
        <outline title="Title wins" text="text" xmlUrl="http://b.example/rss" htmlUrl="http://b.example"/>
      </outline>
      <outline XMLURL="https://c.example/" text=""/>`;
    expect(await readOpml(opml(body))).toEqual({
      feeds: [
        { title: 'A <b> & C', url: 'https://a.example/feed?x=1&y=2' },
        { title: 'Title wins', url: 'http://b.example/rss' },
        { title: '', url: 'https://c.example/' },
      ],
      repeated: 0,
      warnings: [],
    });
  });

  test('has each address once; a fragment and an old scheme make no difference', async () => {
    const body = [
      'https://a.example/feed',
      'https://a.example/feed#top',
      'feed:https://a.example/feed',
      'feed://a.example/feed',
      'HTTPS://A.example/feed',
    ].map((url) => `<outline text="x" xmlUrl="${url}"/>`);
    expect(await readOpml(opml(body.join('')))).toMatchObject({
      feeds: [{ url: 'https://a.example/feed' }],
      repeated: 4,
    });
  });

  test('takes a relative address from the site of the outline, and says what it cannot use', async () => {
    const body = `
      <outline text="rel" xmlUrl="/feed.xml" htmlUrl="https://a.example/blog/"/>
      <outline text="lost" xmlUrl="/feed.xml"/>
      <outline text="odd" xmlUrl="javascript:alert(1)"/>
      <outline text="none" type="rss"/>
      <outline text="folder"/>`;
    const { feeds, warnings } = await readOpml(opml(body));
    expect(feeds).toEqual([{ title: 'rel', url: 'https://a.example/feed.xml' }]);
    expect(warnings).toEqual([
      '"lost" has no usable address (/feed.xml): left out',
      '"odd" has no usable address (javascript:alert(1)): left out',
      '"none" has no xmlUrl: left out',
    ]);
  });

  test('is read in its own encoding', async () => {
    const text =
      '<?xml version="1.0" encoding="iso-8859-1"?><opml><body><outline text="Stra\u00dfe" xmlUrl="https://a.example/"/></body></opml>';
    expect((await readOpml(Buffer.from(text, 'latin1'))).feeds[0]?.title).toBe('Straße');
  });

  test('that breaks off, or is not well-formed, yields what stands before, and a warning', async () => {
    const cut = opml('<outline xmlUrl="https://a.example/"/><outline xmlUrl="https://b').subarray(0, 100);
    const { feeds, warnings } = await readOpml(cut);
    expect(feeds).toHaveLength(1);
    expect(warnings.join()).toContain('breaks off');
    expect(await urls(opml('<outline text="R&D" xmlUrl="https://a.example/?a=1&b=2">'))).toEqual([
      'https://a.example/?a=1&b=2',
    ]);
  });

  test('that is none is refused with a fix', async () => {
    for (const text of ['', 'hello', '<rss><channel/></rss>', '{"feeds":[]}'])
      await expect(readOpml(Buffer.from(text))).rejects.toMatchObject({ code: 'not-opml' });
  });
});

describe('hostile XML', () => {
  test('expands no entity', async () => {
    const doctype =
      '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>';
    const { feeds, warnings } = await readOpml(
      opml('<outline text="&b;&x;" xmlUrl="https://a.example/"/>', doctype),
    );
    expect(feeds[0]?.title).toBe('&b;&x;');
    expect(warnings.join()).toContain('not expanded');
  });

  test('of ten thousand outlines is read, beyond that it is cut with a warning', async () => {
    const outline = (_: unknown, index: number) =>
      `<outline text="same" xmlUrl="https://a.example/${index}"/>`;
    const full = await readOpml(opml(Array.from({ length: maxOutlines }, outline).join('')));
    expect(full).toMatchObject({ warnings: [] });
    expect(full.feeds).toHaveLength(maxOutlines);
    expect(new Set(nameFeeds(full.feeds, ['same']).map(({ name }) => name)).size).toBe(maxOutlines);
    const more = await readOpml(opml(Array.from({ length: maxOutlines + 5 }, outline).join('')));
    expect(more.feeds).toHaveLength(maxOutlines);
    expect(more.warnings.join()).toContain('only the first 10000');
  });

  test('nested by the hundred thousand, or with tags that never close, ends soon', async () => {
    const deep = `<opml><outline xmlUrl="https://a.example/"/>${'<outline><a>'.repeat(300_000)}${'</b>'.repeat(300_000)}`;
    const { feeds, warnings } = await readOpml(Buffer.from(deep));
    expect(feeds).toHaveLength(1);
    expect(warnings.join()).toContain('levels deep');
  });

  test('beyond the size limit is refused', async () => {
    await expect(readOpml(Buffer.alloc(16_777_217, 32))).rejects.toMatchObject({ code: 'file-too-large' });
  });

  test('never makes it fail in another way, whatever it is', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<opml>',
        '<outline ',
        'xmlUrl="',
        '"/>',
        '</',
        '<!DOCTYPE',
        '<![CDATA[',
        ']]>',
        '&#0;',
        '&#xD800;',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        await readOpml(Buffer.from(`<opml>${pieces.join('')}`)).catch((error) =>
          expect(error).toMatchObject({ code: 'not-opml' }),
        );
      }),
    );
  });
});

describe('names', () => {
  test('are made of titles, or of addresses where those give none', () => {
    const feeds = [
      { title: 'Ärger & Söhne: Blog!', url: 'https://a.example/' },
      { title: '日本のブログ', url: 'https://www.b.example/feed' },
      { title: '', url: 'https://[::1]/' },
      { title: 'Taken', url: 'https://c.example/' },
    ];
    expect(nameFeeds(feeds, ['taken']).map(({ name }) => name)).toEqual([
      'arger-sohne-blog',
      'b.example',
      '1',
      'taken-2',
    ]);
  });

  test('are always valid and never twice', () => {
    const titles = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'a-2', 'A'.repeat(99))),
    );
    fc.assert(
      fc.property(titles, (all) => {
        const feeds = all.map((title, index) => ({ title, url: `https://x.example/${index}` }));
        const names = nameFeeds(feeds, ['a', 'x.example']).map(({ name }) => name);
        for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{0,59}$/);
        expect(new Set([...names, 'a', 'x.example']).size).toBe(names.length + 2);
      }),
    );
  });
});

test('what is written is read back, whatever the names and addresses', async () => {
  const feed = fc.record({
    name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,59}$/),
    url: fc.webUrl({ withQueryParameters: true, withFragments: true }).map(comparableUrl),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }),
      fc.uniqueArray(feed, { selector: ({ url }) => url, maxLength: 20 }),
      async (title, feeds) => {
        const list = await readOpml(Buffer.from(writeOpml(title, feeds)));
        expect(list.feeds).toEqual(feeds.map(({ name, url }) => ({ title: name, url })));
        expect(list.warnings).toEqual([]);
      },
    ),
  );
});
