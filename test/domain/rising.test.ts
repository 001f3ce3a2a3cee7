import { describe, expect, test } from 'vitest';
import { risingScore, risingThreshold } from '../../source/domain/rising.ts';
import { tellingWords } from '../../source/domain/telling-words.ts';

describe('the score of a rising term', () => {
  test('is the log-likelihood ratio of the literature', () => {
    // Rayson and Garside (2000): 2 * (20 ln(20/12.5) + 5 ln(5/12.5)), and the rest of both corpora.
    const rest = 2 * (980 * Math.log(980 / 987.5) + 995 * Math.log(995 / 987.5));
    const terms = 2 * (20 * Math.log(20 / 12.5) + 5 * Math.log(5 / 12.5));
    expect(risingScore({ count: 20, of: 1000, before: 5, ofBefore: 1000 })).toBeCloseTo(terms + rest, 9);
  });

  test('is 0 for what falls, stays, or has no past', () => {
    expect(risingScore({ count: 5, of: 100, before: 10, ofBefore: 100 })).toBe(0);
    expect(risingScore({ count: 10, of: 200, before: 5, ofBefore: 100 })).toBe(0);
    expect(risingScore({ count: 10, of: 200, before: 0, ofBefore: 0 })).toBe(0);
    expect(risingScore({ count: 0, of: 0, before: 5, ofBefore: 100 })).toBe(0);
    expect(risingScore({ count: 100, of: 100, before: 10, ofBefore: 100 })).toBeGreaterThan(risingThreshold);
  });
});

describe('telling words', () => {
  test('leave out addresses, mentions, numbers, entities and words of every sentence', () => {
    const words = tellingWords(
      'RT @united: the #Refund &amp; Rückerstattung 12345 of joe@example.com at https://t.co/Abc, isn’t it?',
    );
    expect([...words]).toEqual(['refund', 'ruckerstattung']);
  });

  test('are cut by a dictionary where no spaces are written', () => {
    expect([...tellingWords('ログインできない。返金してください')]).toContain('返金');
  });

  test('are bounded, however long the text', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `word${index.toString(36)}x`).join(' ');
    expect(tellingWords(text).size).toBe(200);
  });
});
