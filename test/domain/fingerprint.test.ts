import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalLink } from '../../source/domain/canonical-link.ts';
import { canonicalText } from '../../source/domain/canonical-text.ts';
import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import { similarity } from '../../source/domain/sketch.ts';

const print = (text: string, link: string | null = null) => fingerprintPost({ title: null, text, link });

describe('canonical text', () => {
  test('is the same for a post and its copies', () => {
    const original = canonicalText(null, 'Login is broken again! See https://t.co/abc');
    expect(canonicalText(null, 'RT @someone: Login is broken again! https://t.co/xyz')).not.toBe('');
    expect(canonicalText(null, '@acme login is BROKEN again — see')).toBe(original);
    expect(canonicalText('Login is broken', 'Login is broken again, see')).toBe(original);
  });
});

describe('canonical link', () => {
  test('is the same whatever the scheme, host prefix, tracking or fragment', () => {
    const page = canonicalLink('https://example.com/post/1?id=7');
    expect(page).toBe('example.com/post/1?id=7');
    for (const other of [
      'http://www.example.com/post/1/?id=7&utm_source=x#top',
      'https://m.example.com/post/1?fbclid=abc&id=7',
      'https://amp.example.com/post/1/amp?id=7',
    ]) {
      expect(canonicalLink(other)).toBe(page);
    }
  });

  test.each([
    ['https://youtu.be/dQw4w9WgXcQ?t=42', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1'],
    ['https://m.youtube.com/shorts/dQw4w9WgXcQ', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'],
    ['https://redd.it/abc123', 'https://old.reddit.com/r/acme/comments/abc123/some_title/'],
    ['https://twitter.com/acme/status/17?s=20', 'https://x.com/acme/status/17'],
    ['https://www.google.com/url?q=https://acme.example/a&sa=D', 'https://acme.example/a'],
    ['https://www.google.com/amp/s/acme.example/a', 'https://acme.example/a'],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Facme.example%2Fa&h=1', 'https://acme.example/a'],
    ['https://web.archive.org/web/2020010203/https://acme.example/a?b=1', 'https://acme.example/a?b=1'],
    ['https://en.m.wikipedia.org/wiki/Acme', 'https://en.wikipedia.org/wiki/Acme'],
    ['https://www.amazon.com/Some-Book/dp/0131103628/ref=sr_1_1', 'https://amzn.com/0131103628'],
    ['https://github.com/acme/app.git', 'https://github.com/acme/app'],
  ])('is the same under a short, mobile or redirecting form: %s', (one, other) => {
    expect(canonicalLink(one)).toBe(canonicalLink(other));
    expect(canonicalLink(one)).not.toBeNull();
  });

  test('never fails, whatever the address', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string()),
        (url) => {
          const page = canonicalLink(url);
          // What counts of an address counts the same when it is looked at again.
          if (page !== null) expect(canonicalLink(`https://${page}`)).toBe(page);
        },
      ),
    );
  });

  test('is nothing for a front page, which says too little to be the same thing', () => {
    expect(canonicalLink('https://example.com/')).toBeNull();
    expect(canonicalLink('mailto:someone@example.com')).toBeNull();
  });
});

describe('fingerprints', () => {
  const text =
    'The sync service has been failing for all of our teams since this morning, nothing gets saved';

  test('of equal texts share the exact key, of unrelated texts none', () => {
    expect(print(text).exact).toEqual(print(`RT @x: ${text.toUpperCase()} https://t.co/1`).exact);
    expect(print('a recipe for bread with rye flour').exact).not.toEqual(print(text).exact);
  });

  test('of edited copies are alike, of other texts are not', () => {
    const edited = print(`${text} so far`);
    const other = print(
      'I love the new dark theme, it makes long evenings of reading much easier on the eyes',
    );
    expect(similarity(print(text), edited)).toBeGreaterThan(0.7);
    expect(similarity(print(text), other)).toBeLessThan(0.3);
  });

  test('of one text with other numbers are not alike: another flight, another month', () => {
    const flight = (number: number) =>
      print(`my flight ${number} to Dallas has been cancelled and nobody tells us why`);
    expect(similarity(flight(386), flight(386))).toBe(1);
    expect(similarity(flight(386), flight(387))).toBe(0);
    const hiring = (month: string) => print(`Ask HN: Who is hiring in our trade this time? (${month} 2016)`);
    expect(similarity(hiring('May'), hiring('June'))).toBe(0);
  });

  test.each([
    'Stop this madness RT @acme: the new logo is quite something, have a look',
    '“@acme: the new logo is quite something, have a look” lol wow',
    'Really? "@acme: the new logo is quite something, have a look"',
    'RT @acme the new logo is quite something, have a look https://t.co/1',
  ])('of what is passed on with a remark share the key of the original: %s', (repost) => {
    const original = print('the new logo is quite something, have a look');
    expect(print(repost).exact).toContain(original.exact[0]);
  });

  test('of a statement that quotes a few words in passing do not', () => {
    const statement = print(
      `"@acme: sorry about that outage" is all that we hear, every single week, while our shop is down and we lose orders`,
    );
    expect(statement.exact).not.toContain(print('sorry about that outage').exact[0]);
  });

  test('of a headline are the same with the name of its place behind it', () => {
    const bare = print('Acme opens its data center in Lisbon');
    for (const place of [' - The Daily', ' | Tech News', ' — Acme Blog', ' (2016)', ' [pdf]']) {
      expect(print(`Acme opens its data center in Lisbon${place}`).exact).toContain(bare.exact[0]);
    }
    expect(print('Acme Notes - Release 2').exact).not.toContain(print('Acme Notes - Release 3').exact[0]);
  });

  test('of very short texts offer no bands, since agreement there means nothing', () => {
    expect(print('same here').bands).toEqual([]);
    expect(print('ok').exact).toEqual([]);
  });

  test('share a page when the texts differ', () => {
    const one = print('Interesting read about our outage', 'https://example.com/a?utm_source=feed');
    const other = print('Ouch. This is what happened', 'http://www.example.com/a');
    expect(one.exact.some((key) => other.exact.includes(key))).toBe(true);
  });

  test('are integers that SQLite and JavaScript both hold exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 200 }), (any) => {
        const { high, low, exact, bands } = print(any, `https://example.com/${encodeURIComponent(any)}`);
        for (const value of [high, low, ...exact, ...bands]) {
          expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        }
      }),
    );
  });
});
