import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  calibrationError,
  foldOf,
  meanAbsoluteError,
  measureQuality,
  measureReliability,
} from '../../source/domain/evaluation.ts';

describe('quality', () => {
  test('is counted as textbooks do', () => {
    const rows = [
      { truth: 'bug', answer: 'bug' },
      { truth: 'bug', answer: 'feature' },
      { truth: 'feature', answer: 'feature' },
      { truth: 'feature', answer: 'praise' },
    ];
    const { accuracy, macroF1, perLabel, confusion } = measureQuality(rows);
    expect(accuracy).toBe(0.5);
    expect(perLabel.get('bug')).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
    expect(perLabel.get('feature')).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, support: 2 });
    expect(perLabel.has('praise')).toBe(false);
    expect(macroF1).toBeCloseTo((2 / 3 + 0.5) / 2);
    expect(confusion.get('feature')?.get('praise')).toBe(1);
  });

  test('lies within 0 and 1, is 1 exactly when all is right, and counts every post once', () => {
    const label = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.record({ truth: label, answer: label }), { minLength: 1 }), (rows) => {
        const { n, accuracy, macroF1, confusion } = measureQuality(rows);
        expect(macroF1).toBeGreaterThanOrEqual(0);
        expect(macroF1).toBeLessThanOrEqual(1);
        expect(macroF1 === 1).toBe(rows.every(({ truth, answer }) => truth === answer));
        expect(accuracy === 1).toBe(macroF1 === 1);
        const counted = [...confusion.values()].flatMap((said) => [...said.values()]);
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(n);
      }),
    );
  });

  test('of nothing is zero, not a number that is none', () => {
    expect(measureQuality([])).toMatchObject({ n: 0, accuracy: 0, macroF1: 0 });
    expect(meanAbsoluteError([])).toBeNull();
    expect(calibrationError(measureReliability([]))).toBeNull();
  });
});

test('reliability sets what was stated beside what was right', () => {
  const rows = Array.from({ length: 10 }, (_, index) => ({
    truth: 'bug',
    answer: index < 6 ? 'bug' : 'other',
    confidence: 0.85,
  }));
  const bins = measureReliability([...rows, { truth: 'bug', answer: 'bug', confidence: 1 }]);
  expect(bins[8]).toMatchObject({ count: 10, right: 0.6 });
  expect(bins[8]?.meanConfidence).toBeCloseTo(0.85);
  expect(bins[9]).toMatchObject({ count: 1, right: 1 });
  expect(calibrationError(bins)).toBeCloseTo((10 / 11) * 0.25);
});

test('the mean absolute error of urgency is in steps', () => {
  expect(
    meanAbsoluteError([
      { truth: 5, answer: 3 },
      { truth: 0, answer: 1 },
    ]),
  ).toBe(1.5);
});

describe('folds', () => {
  test('hold a text and its copies back together, whatever their marks and case', () => {
    expect(foldOf('It crashes, again!', 5)).toBe(foldOf('it CRASHES again', 5));
  });

  test('are of about one size', () => {
    const counts = [0, 0, 0, 0, 0];
    for (let index = 0; index < 5_000; index += 1) {
      const fold = foldOf(`post number ${index}`, 5);
      counts[fold] = (counts[fold] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });
});
