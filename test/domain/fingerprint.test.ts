import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalLink,
  canonicalText,
  fingerprintPost,
  hammingDistance,
} from '../../source/domain/fingerprint.ts';

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

  test('of edited copies differ in few bits, of other texts in many', () => {
    const edited = print(`${text} so far`);
    const other = print(
      'I love the new dark theme, it makes long evenings of reading much easier on the eyes',
    );
    expect(hammingDistance(print(text), edited)).toBeLessThanOrEqual(10);
    expect(hammingDistance(print(text), other)).toBeGreaterThan(16);
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
