import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeSilence, findSilence, usualPerDay } from '../../source/domain/silence.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22);

describe('silence', () => {
  test('of a source that used to yield is found and told', () => {
    const silence = findSilence({ daily: [38, 40, 45], lastPostAt: now - 26 * hour }, now);
    expect(silence).toEqual({ silentHours: 26, usualPerDay: 40 });
    expect(silence && describeSilence(silence)).toBe('silent for 26 h, usually 40 posts a day');
  });

  test('is not called so within a day, whatever is usual', () => {
    expect(findSilence({ daily: [4000, 4000, 4000], lastPostAt: now - 23 * hour }, now)).toBeNull();
  });

  test('of a source that yields once a day is six days', () => {
    const daily = [1, 1, 1, 1];
    expect(findSilence({ daily, lastPostAt: now - 5 * 24 * hour }, now)).toBeNull();
    const silence = findSilence({ daily, lastPostAt: now - 7 * 24 * hour }, now);
    expect(silence && describeSilence(silence)).toBe('silent for 7 days, usually 1 post a day');
  });

  test('is unknown with few days, without posts, or where nothing is usual', () => {
    expect(findSilence({ daily: [40, 40], lastPostAt: now - 900 * hour }, now)).toBeNull();
    expect(findSilence({ daily: [40, 40, 40], lastPostAt: null }, now)).toBeNull();
    expect(findSilence({ daily: [0, 0, 9], lastPostAt: now - 900 * hour }, now)).toBeNull();
  });

  test('is judged by the median of the days, however they lie', () => {
    expect(usualPerDay({ daily: [9, 100, 10], lastPostAt: null })).toBe(10);
    expect(usualPerDay({ daily: [100, 2, 4, 1], lastPostAt: null })).toBe(3);
    expect(usualPerDay({ daily: [0, 0], lastPostAt: null })).toBeNull();
  });

  test('begins when its pause is over, not with it', () => {
    const daily = [24, 24, 24];
    expect(findSilence({ daily, lastPostAt: now - 24 * hour }, now)).toBeNull();
    expect(findSilence({ daily, lastPostAt: now - 24 * hour - 1 }, now)).not.toBeNull();
  });

  test('is told in hours up to three days, and of a source that seldom posts in words', () => {
    const told = (silentHours: number, usual: number) => describeSilence({ silentHours, usualPerDay: usual });
    expect(told(71.4, 40)).toBe('silent for 71 h, usually 40 posts a day');
    expect(told(72, 40)).toBe('silent for 3 days, usually 40 posts a day');
    expect(told(400, 0.4)).toBe('silent for 17 days, usually a post every few days');
    expect(told(400, 1.4)).toBe('silent for 17 days, usually 1 post a day');
  });

  test('only ever deepens as time passes', () => {
    const histories = fc.record({
      daily: fc.array(fc.nat(500), { minLength: 3, maxLength: 14 }),
      lastPostAt: fc.integer({ min: now - 900 * hour, max: now }),
    });
    fc.assert(
      fc.property(histories, fc.nat(900 * hour), (history, later) => {
        if (findSilence(history, now) !== null) expect(findSilence(history, now + later)).not.toBeNull();
        expect(usualPerDay(history)).toBeGreaterThanOrEqual(Math.min(...history.daily));
      }),
    );
  });
});
