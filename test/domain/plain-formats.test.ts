import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AtomSignal, atomEntry, atomHead } from '../../source/domain/atom.ts';
import { formatBytes } from '../../source/domain/format-bytes.ts';
import { formatMs } from '../../source/domain/format-ms.ts';
import { escapeMarkdown, linkMarkdown, quoteMarkdown } from '../../source/domain/markdown.ts';
import { shorten } from '../../source/domain/shorten.ts';
import { readTags } from '../../source/domain/tag-words.ts';
import { fillTemplate, unknownFact } from '../../source/domain/template.ts';
import { facts } from '../notifiers/messages.ts';

describe('shortening', () => {
  test('keeps what fits as it is, and ends what does not with a mark', () => {
    expect(shorten('abcde', { characters: 5 })).toBe('abcde');
    expect(shorten('abcdef', { characters: 5 })).toBe('abcd…');
    expect(shorten('abc def', { characters: 5 })).toBe('abc…');
    expect(shorten('abc   def', { characters: 7 })).toBe('abc…');
    expect(shorten('abc \n', { characters: 4 })).toBe('abc…');
    expect(shorten(' abcdef', { characters: 5 })).toBe(' abc…');
  });

  test('goes back to a space for forty characters, and no further', () => {
    const word = (length: number) => `a ${'x'.repeat(length)}`;
    expect(shorten(word(60), { characters: 42 })).toBe('a…');
    expect(shorten(word(60), { characters: 43 })).toBe(`a ${'x'.repeat(40)}…`);
  });

  test('counts what people see as one character as one, and never cuts it', () => {
    expect(shorten('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', { characters: 2 })).toBe('👨‍👩‍👧…');
    expect(shorten('éé', { characters: 2 })).toBe('éé');
  });

  test('holds to a length of the reader, by its own measure', () => {
    const bytes = (text: string) => Buffer.byteLength(text);
    expect(shorten('ääää', { characters: 99, length: 8, measure: bytes })).toBe('ääää');
    expect(shorten('äääää', { characters: 99, length: 9, measure: bytes })).toBe('äää…');
    expect(shorten('abcdef', { characters: 99, length: 5 })).toBe('abcd…');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 40 }), (text, length) => {
        const short = shorten(text.toWellFormed(), { characters: 20, length, measure: bytes });
        expect(bytes(short)).toBeLessThanOrEqual(length);
        expect([...new Intl.Segmenter().segment(short)].length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a template', () => {
  test('has every fact of a signal, and keeps what is none', () => {
    const all =
      '{id} {category} {sentiment} {urgency} {salience} {because} {source} {author} {text} {url} {echoes} {other} {}';
    expect(fillTemplate(all, { ...facts, text: 'Down\nsince 9', title: null }, (text) => `<${text}>`)).toBe(
      `<42> <outage> <negative> <4> <87> <${facts.explanation}> <hn> <alice> <Down since 9> <${facts.url}> <4> {other} {}`,
    );
    expect(
      fillTemplate(
        '{author}|{url}|{text}',
        { ...facts, author: null, url: null, text: 'x'.repeat(300) },
        (text) => text,
      ),
    ).toBe(`unknown||${'x'.repeat(199)}…`);
  });

  test('is wrong at the first name that is no fact', () => {
    expect(unknownFact('{id}: {text} { id }')).toBeNull();
    expect(unknownFact('{id} {nope} {neither}')).toBe('nope');
    expect(unknownFact('{toString}')).toBe('toString');
    expect(unknownFact('{}')).toBe('');
  });
});

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1_048_575, '1.0 MiB'],
  [1_048_576, '1.0 MiB'],
  [5.5 * 2 ** 30, '5.5 GiB'],
  [2 ** 40, '1024.0 GiB'],
])('%d bytes are %s', (bytes, told) => {
  expect(formatBytes(bytes)).toBe(told);
});

test.each([
  [0.042, '0.04 ms'],
  [0.999, '1 ms'],
  [3.14, '3.1 ms'],
  [31.4, '31 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1_000, '1 s'],
  [1_234, '1.2 s'],
  [94_400, '94 s'],
])('%d milliseconds are %s', (ms, told) => {
  expect(formatMs(ms)).toBe(told);
});

test.each([
  ['login +checkout -ios', ['login', 'checkout'], ['ios']],
  ['#Login, LOGIN,,-#iOS −mac', ['login'], ['ios', 'mac']],
  [' - + # ', [], []],
  ['e-mail', ['e-mail'], []],
])('the tags of %j', (text, add, remove) => {
  expect(readTags(text)).toEqual({ add, remove });
});

describe('Markdown', () => {
  test.each([
    ['# head', '\\# head'],
    ['1. first', '1\\. first'],
    ['12) twelfth', '12\\) twelfth'],
    ['2026 was', '2026 was'],
    ['- item', '\\- item'],
    ['+ item', '\\+ item'],
    ['=== rule', '\\=== rule'],
    [': term', '\\: term'],
    ['a # b - c', 'a # b - c'],
    [
      '*a* _b_ `c` [d] <e> ~f~ |g| {h} $i$ ^j^ &amp; \\',
      '\\*a\\* \\_b\\_ \\`c\\` \\[d\\] \\<e\\> \\~f\\~ \\|g\\| \\{h\\} \\$i\\$ \\^j\\^ \\&amp; \\\\',
    ],
    ['two\nlines', 'two lines'],
  ])('shows %j as it is', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  test('quotes line by line, and links where an address cannot end early', () => {
    expect(quoteMarkdown('# a\n\nb')).toBe('> \\# a\n>\n> b');
    expect(linkMarkdown('a]b', 'https://x.example/<a> b\\c')).toBe(
      '[a\\]b](<https://x.example/%3Ca%3E%20b%5Cc>)',
    );
  });
});

describe('an Atom feed', () => {
  const signal: AtomSignal = {
    id: 7,
    title: null,
    text: 'Login <b>down</b> & "out"\nsince \u001b[2J9',
    author: "O'Neil",
    source: 'hn',
    url: 'https://x.example/?a=1&b=2',
    category: 'outage',
    sentiment: 'negative',
    urgency: 0,
    tags: ['log<in'],
    createdAt: Date.UTC(2026, 10, 20),
    lastSeenAt: Date.UTC(2026, 10, 21),
  };

  test('says of a signal what there is, in words that XML can carry', () => {
    expect(atomEntry(signal).split('\n')).toEqual([
      '<entry>',
      '<id>urn:signal-harvester:signal:7</id>',
      '<title>Login &lt;b&gt;down&lt;/b&gt; &amp; &quot;out&quot; since 9</title>',
      '<published>2026-11-20T00:00:00.000Z</published>',
      '<updated>2026-11-21T00:00:00.000Z</updated>',
      '<author><name>O&apos;Neil</name></author>',
      '<link rel="alternate" href="https://x.example/?a=1&amp;b=2"/>',
      '<category term="outage"/>',
      '<category term="log&lt;in"/>',
      '<summary type="text">outage, negative, urgency 0</summary>',
      '<content type="text">Login &lt;b&gt;down&lt;/b&gt; &amp; &quot;out&quot;',
      'since 9</content>',
      '</entry>',
      '',
    ]);
  });

  test('leaves out what is not known, and cuts a long title', () => {
    const bare = atomEntry({
      ...signal,
      url: null,
      category: null,
      sentiment: null,
      urgency: null,
      tags: [],
      author: null,
    });
    expect(bare).not.toMatch(/<link|<category/);
    expect(bare).toContain('<name>hn</name>');
    expect(bare).toContain('<summary type="text"></summary>');
    const titled = (title: string) => /<title>(.*)<\/title>/.exec(atomEntry({ ...signal, title }))?.[1];
    expect(titled('t'.repeat(120))).toBe('t'.repeat(120));
    expect(titled('t'.repeat(121))).toBe(`${'t'.repeat(119)}…`);
    expect(titled(`${'t'.repeat(118)}😀😀`)).toBe(`${'t'.repeat(118)}\ufffd…`);
    expect(titled('a\ufffeb\uffff')).toBe('ab');
  });

  test('is named by its topic', () => {
    expect(atomHead('Acme\n& Co', Date.UTC(2026, 10, 20))).toBe(
      [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        '<id>urn:signal-harvester:feed</id>',
        '<title>Signals: Acme &amp; Co</title>',
        '<updated>2026-11-20T00:00:00.000Z</updated>',
        '<generator>Signal Harvester</generator>',
        '',
      ].join('\n'),
    );
    expect(atomHead('', 0)).toContain('<title>Signals</title>');
  });
});
