import { describe, expect, test } from 'vitest';
import { type Fingerprint, fingerprintPost } from '../../source/domain/fingerprint.ts';
import { featuresOf, similarity } from '../../source/domain/sketch.ts';

/**
 * Stores keep keys and sketches and compare new posts with them. A version
 * that makes others of the same text finds none of what is stored, without a
 * word: whoever means that changes these figures, and sees to old stores.
 */
describe('a fingerprint is the same in every version', () => {
  test.each<readonly [string, Parameters<typeof fingerprintPost>[0], Fingerprint]>([
    [
      'with a title, a number and a link',
      {
        title: 'Sync fails',
        text: 'The sync service has been failing for 3 of our teams since this morning, nothing gets saved',
        link: 'https://example.com/status/7',
      },
      {
        high: 2052533977855863,
        low: 826121666980502,
        exact: [86953270048847, 259020245987023],
        bands: [
          328789189906946, 304444689496903, 315140759203072, 303009626329312, 408362244031412,
          418316672732427,
        ],
      },
    ],
    [
      'written without spaces',
      { title: null, text: 'ログインできない。返金してください、アプリが落ちます', link: null },
      {
        high: 210255599143722,
        low: 28900266961078,
        exact: [125460814262368],
        bands: [
          374989824198586, 282930478754114, 312599251749941, 326687717451939, 319086312312633,
          366997059568089,
        ],
      },
    ],
    [
      'of two hundred words, of which the opening and the middle count',
      {
        title: null,
        text: Array.from(
          { length: 200 },
          (_, index) => `word${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`,
        ).join(' '),
        link: null,
      },
      {
        high: 174909231489914,
        low: 262277935001676,
        exact: [12553094520805],
        bands: [
          348253122082492, 334017418834982, 346968365269613, 285922487464909, 364006156260164,
          406593224572838,
        ],
      },
    ],
  ])('%s', (_what, post, fingerprint) => {
    expect(fingerprintPost(post)).toEqual(fingerprint);
  });
});

describe('a sketch', () => {
  const numbers = 2 ** 48;

  test('agrees by the share of equal hashes, less what chance makes equal', () => {
    const sketch = { high: 0b11_10_01, low: 2 ** 40 };
    expect(similarity(sketch, sketch)).toBe(1);
    // One of 48 differs, in either half of either number, by one bit or by both.
    for (const other of [
      { ...sketch, high: 0b11_10_10 },
      { ...sketch, high: 0b11_00_01 },
      { ...sketch, high: sketch.high + 2 ** 24 },
      { ...sketch, low: 0 },
      { ...sketch, low: 2 ** 40 + 3 },
    ]) {
      expect(similarity(sketch, other)).toBeCloseTo((47 / 48 - 0.25) / 0.75, 12);
      expect(similarity(other, sketch)).toBe(similarity(sketch, other));
    }
    expect(similarity({ high: 0, low: 0 }, { high: numbers - 1, low: numbers - 1 })).toBe(0);
  });

  test('of other numbers is never alike; a text without numbers is compared by its words', () => {
    const sketch = { high: 9 * numbers, low: 3 * numbers };
    expect(similarity(sketch, { high: 9 * numbers, low: 3 * numbers })).toBe(1);
    expect(similarity(sketch, { high: 9 * numbers, low: 4 * numbers })).toBe(0);
    expect(similarity(sketch, { high: 8 * numbers, low: 3 * numbers })).toBe(0);
    expect(similarity(sketch, { high: 0, low: 0 })).toBe(1);
    expect(similarity({ high: 0, low: 0 }, sketch)).toBe(1);
  });

  test('is made of pairs of neighbours, and of words with one between', () => {
    expect([...featuresOf(['the', 'sync', 'is', 'down'])].toSorted()).toEqual(
      ['the sync', 'the_is', 'sync is', 'sync_down', 'is down'].toSorted(),
    );
    expect(featuresOf(['alone']).size).toBe(0);
    expect(featuresOf([]).size).toBe(0);
  });
});
