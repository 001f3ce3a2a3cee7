import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalLink } from '../../source/domain/canonical-link.ts';
import { canonicalText, headlines, quotedText } from '../../source/domain/canonical-text.ts';

describe('a canonical link', () => {
  test.each([
    // Addresses that carry another one.
    ['https://google.com/url?url=https://acme.example/a', 'acme.example/a'],
    ['https://www.google.co.uk/url?q=acme.example/a', 'acme.example/a'],
    ['https://www.google.com/amp/acme.example/a', 'acme.example/a'],
    ['https://www.google.com/maps?q=acme', 'google.com/maps?q=acme'],
    [
      'https://notgoogle.com/url?q=https://acme.example/a',
      'notgoogle.com/url?q=https%3A%2F%2Facme.example%2Fa',
    ],
    ['https://lm.facebook.com/l.php?u=http://acme.example/a', 'acme.example/a'],
    [
      'https://www.facebook.com/l.php?u=http://acme.example/a',
      'facebook.com/l.php?u=http%3A%2F%2Facme.example%2Fa',
    ],
    ['https://l.instagram.com/?u=https://acme.example/a', 'acme.example/a'],
    ['https://out.reddit.com/t3_1?url=https://acme.example/a', 'acme.example/a'],
    ['https://href.li/?https%3A%2F%2Facme.example%2Fa', 'acme.example/a'],
    ['https://href.li/?https://acme.example/a', 'acme.example/a'],
    ['https://web.archive.org/web/20200102id_/https://acme.example/a', 'acme.example/a'],
    ['https://web.archive.org/web/20200102/acme.example/a?b=1', 'acme.example/a?b=1'],
    ['https://web.archive.org/about/', 'web.archive.org/about'],
    ['https://acme-example.cdn.ampproject.org/c/s/acme.example/a', 'acme.example/a'],
    ['https://acme-example.cdn.ampproject.org/v/acme.example/a', 'acme.example/a'],
    [
      'https://out.reddit.com/?url=https%3A%2F%2Fhref.li%2F%3Fhttps%3A%2F%2Facme.example%2Fa',
      'acme.example/a',
    ],
    ['https://out.reddit.com/?url=https://', 'out.reddit.com?url=https%3A%2F%2F'],
    ['https://out.reddit.com/nothing?here=1', 'out.reddit.com/nothing?here=1'],
    // A page under more than one address.
    ['https://youtube.com/live/dQw4w9WgXcQ?si=x', 'youtube.com/watch?v=dQw4w9WgXcQ'],
    ['https://www.youtube.com/embed/dQw4w9WgXcQ', 'youtube.com/watch?v=dQw4w9WgXcQ'],
    ['https://youtube.com/v/dQw4w9WgXcQ', 'youtube.com/watch?v=dQw4w9WgXcQ'],
    ['https://youtube.com/watch?list=x', 'youtube.com/watch?v='],
    ['https://youtube.com/@acme', 'youtube.com/@acme'],
    ['https://www.reddit.com/r/acme/comments/abc123', 'reddit.com/comments/abc123'],
    ['https://nitter.net/acme/status/17', 'x.com/acme/status/17'],
    ['https://vxtwitter.com/acme/status/17/photo/1', 'x.com/acme/status/17'],
    ['https://www.amazon.co.uk/gp/product/0131103628?tag=x', 'amazon.co.uk/dp/0131103628'],
    ['https://apps.apple.com/us/app/acme-notes/id123', 'apps.apple.com/app/id123'],
    ['https://apps.apple.com/app/id123', 'apps.apple.com/app/id123'],
    // What says nothing of the page.
    ['https://acme.example/a/index.html', 'acme.example/a'],
    ['https://acme.example/a//', 'acme.example/a'],
    ['https://ACME.example:8080/A', 'acme.example:8080/A'],
    ['https://www.m.acme.example/a', 'acme.example/a'],
    ['https://acme.example/?b=2&a=1', 'acme.example?a=1&b=2'],
    ['https://acme.example/a#part', 'acme.example/a'],
    ['https://acme.example/#!/a', 'acme.example#!/a'],
    ['https://acme.example/#/a', 'acme.example#/a'],
    ['https://m.com/a', 'm.com/a'],
    [
      'https://acme.example/a?utm_campaign=1&GCLID=2&dclid=1&mc_cid=3&mc_eid=1&igshid=1&si=1&ref=4&ref_src=1&ref_url=1&source=1&cmpid=1&spm=1&ncid=1&smid=1&_ga=1&yclid=1&msclkid=1&feature=1&reference=5',
      'acme.example/a?reference=5',
    ],
  ])('of %s is %s', (url, page) => {
    expect(canonicalLink(url)).toBe(page);
  });

  test.each([
    'https://acme.example/#',
    'https://acme.example/#!',
    'https://acme.example/#top',
    'https://acme.example/?utm_source=x',
    'https://acme.example/index.php',
    'https://out.reddit.com/?url=https://acme.example/',
    'javascript:alert(1)',
    'ftp://acme.example/a',
    'acme.example/a',
  ])('of %s is none', (url) => {
    expect(canonicalLink(url)).toBeNull();
  });

  test('never fails, whatever is written into an address that carries another', () => {
    const hosts = [
      'google.com/url',
      'lm.facebook.com/l.php',
      'href.li/',
      'web.archive.org/web/1/x',
      'a.cdn.ampproject.org/c/s/x',
    ];
    const parts = fc.constantFrom(...'% %zz %e2 %25 ? & = # / : http https:// url= q= u= a . @ ü'.split(' '));
    const address = fc
      .tuple(fc.constantFrom(...hosts, 'out.reddit.com/'), fc.array(parts, { maxLength: 6 }))
      .map(([host, rest]) => `https://${host}?${rest.join('')}`);
    fc.assert(
      fc.property(address, (url) => {
        const page = canonicalLink(url);
        expect(page === null || page.length > 0).toBe(true);
      }),
    );
    expect(canonicalLink('https://href.li/?%zz')).toBe('href.li?%25zz=');
  });
});

describe('canonical text', () => {
  test.each([
    ['The Login is BROKEN!', 'the login is broken'],
    ['see https://acme.example/a?b and www.acme.example/x now', 'see and now'],
    ['RT @acme: it is down', 'it is down'],
    ['down again via @acme', 'down again'],
    ['MT  @acme.example it is down', 'it is down'],
    ['hello @ann@mastodon.example, look', 'hello look'],
    ['part @acme-team is', 'part is'],
    ['ｆｕｌｌ ｗｉｄｔｈ ①', 'full width 1'],
    ['on fire 🔥!!', 'on fire 🔥'],
    ['  ', ''],
    ['start @acme', 'start'],
    ['art @acme: x', 'art x'],
  ])('of %j is %j', (text, canonical) => {
    expect(canonicalText(null, text)).toBe(canonical);
  });

  test('has the title once, also when the text begins with it', () => {
    expect(canonicalText('Login broken', 'Since today')).toBe('login broken since today');
    expect(canonicalText('Login broken', 'Login broken since today')).toBe('login broken since today');
  });

  test('is the same when it is made again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...'a RT via @x @x.y : . http:// é ﬁ 9 漢 🔥 “ www.'.split(' '))),
        (parts) => {
          const once = canonicalText(null, parts.join(' '));
          expect(canonicalText(null, once)).toBe(once);
        },
      ),
    );
  });
});

describe('what a post passes on', () => {
  const words = (count: number) => Array.from({ length: count }, (_, each) => `word${each}`).join(' ');

  test.each([
    ['RT @acme: the login is broken', 'the login is broken'],
    ['so true MT @acme.example the login is broken', 'the login is broken'],
    ['so true\nQT @acme the login is broken', 'the login is broken'],
    ['“@acme: the login is broken” so true', 'the login is broken'],
    ['so true "@acme the login is broken"', 'the login is broken'],
    ['« @acme: the login is broken» oui', 'the login is broken'],
  ])('of %j is %j', (text, quoted) => {
    expect(quotedText(text)?.trim()).toBe(quoted);
  });

  test.each([
    'the login is broken',
    'START @acme the login is broken',
    'rt @acme: the login is broken',
    'RT @acme: it is down',
    '“@acme: it is down”',
    'RT @acme',
    '"the login is broken" says @acme',
  ])('of %j is nothing', (text) => {
    expect(quotedText(text)).toBeNull();
  });

  test('is a remark only while it is short, or shorter than what it remarks on', () => {
    expect(quotedText(`${words(12)} RT @acme: the login is broken`)).toBeNull();
    // The mark and the name count as the remark.
    expect(quotedText(`${words(10)} RT @acme: the login is broken`)).toBe('the login is broken');
    expect(quotedText(`${words(11)} RT @acme: the login is broken`)).toBeNull();
    expect(quotedText(`${words(20)} RT @acme: ${words(22)}`)).toBe(words(22));
    expect(quotedText(`${words(21)} RT @acme: ${words(22)}`)).toBeNull();
  });
});

describe('the headlines of a post', () => {
  test.each([
    ['The login of Acme is broken - The Daily Planet', 'the login of acme is broken'],
    ['The login of Acme is broken | Site', 'the login of acme is broken'],
    ['The login of Acme is broken — a b c d', 'the login of acme is broken'],
    ['The login of Acme is broken (2016)', 'the login of acme is broken'],
    ['The login of Acme is broken [PDF] ', 'the login of acme is broken'],
    ['The login of Acme – is broken – Site', 'the login of acme is broken'],
    ['The login of Acme is broken - Site [video]', 'the login of acme is broken'],
  ])('of %j are without its place', (title, headline) => {
    expect(headlines(title, 'whatever')).toEqual([headline]);
    expect(headlines(null, title)).toEqual([headline]);
  });

  test.each([
    'The login of Acme is broken',
    'The login of Acme is broken - a b c d e',
    'The login of Acme is broken (1816)',
    'The login of Acme is (2016) broken',
    'The login of Acme is broken-Site',
    'Acme Notes 7 - Release 2',
    `The login of Acme is broken ${'x'.repeat(200)} - Site`,
    'The login of Acme\nis broken - Site',
  ])('of %j are none', (title) => {
    expect(headlines(title, 'whatever')).toEqual([]);
  });

  test('are those of titles of up to 200 characters', () => {
    const title = (length: number) => `${'the login is broken '.repeat(20).slice(0, length - 9)}xx - Site`;
    expect(title(200)).toHaveLength(200);
    expect(headlines(title(200), '')).toHaveLength(1);
    expect(headlines(title(201), '')).toHaveLength(0);
  });
});
