import { describe, expect, test } from 'vitest';
import { isOverRate, isSpikeRate, judgeRate } from '../../source/domain/spike.ts';

const hour = 500_000;
const week = 168;

/** Judges an hour without posts: what counts here is what would be a spike. */
function judge(history: ReadonlyMap<number, number>, knownHours: number, least = 1) {
  const rate = judgeRate({ count: 0, history }, { hour, firstHour: hour - knownHours }, { least });
  if (rate === null) throw new Error('no rate');
  return rate;
}

const steady = (perHour: number, hours: number) =>
  new Map(Array.from({ length: hours }, (_, back) => [hour - 1 - back, perHour] as const));

/** Counts of the hour before, the same hour and the hour after, for each week back. */
const byWeek = (weeks: readonly (readonly [number, number, number])[]) =>
  new Map(
    weeks.flatMap((counts, index) =>
      counts.map((count, at) => [hour - (index + 1) * week + at - 1, count] as const),
    ),
  );

describe('a rate is judged', () => {
  test('from a day on', () => {
    const rate = (known: number) =>
      judgeRate({ count: 3, history: new Map() }, { hour, firstHour: hour - known }, { least: 1 });
    expect(rate(23)).toBeNull();
    expect(rate(24)).toMatchObject({ count: 3, usual: 0 });
  });

  test('by the hour of the week once four weeks, and the hour before them, are known', () => {
    expect(judge(new Map(), 4 * week).by).toBe('all hours');
    expect(judge(new Map(), 4 * week + 1).by).toBe('hour of the week');
  });
});

describe('by the hour of the week', () => {
  test('the usual is the median of the hour and both its neighbours, and its scatter that of Rousseeuw and Croux', () => {
    const { usual, threshold } = judge(byWeek(Array(4).fill([10, 20, 30])), 4 * week + 1);
    expect(usual).toBe(20);
    // Eight of twelve are 10 away from it.
    expect(threshold).toBeCloseTo(20 + 6 * 1.4826 * 10, 10);
  });

  test('a median of an even number lies between the middle two, of an odd number it is the middle one', () => {
    const four = byWeek([...Array(2).fill([10, 10, 20]), ...Array(2).fill([10, 20, 20])]);
    expect(judge(four, 4 * week + 1).usual).toBe(15);
    const five = byWeek([
      [15, 2, 9],
      [4, 12, 6],
      [7, 1, 3],
      [10, 14, 5],
      [13, 8, 11],
    ]);
    expect(judge(five, 5 * week + 1).usual).toBe(8);
  });

  test('weeks before the last eight do not count', () => {
    const history = byWeek([...Array(8).fill([4, 4, 4]), ...Array(20).fill([900, 900, 900])]);
    expect(judge(history, 28 * week + 1).usual).toBe(4);
  });

  test('equal counts scatter by their root all the same, and none by one', () => {
    expect(judge(byWeek(Array(5).fill([4, 4, 4])), 5 * week + 1).threshold).toBe(4 + 6 * 2);
    expect(judge(new Map(), 5 * week + 1).threshold).toBe(6);
  });

  test('many posts must be three times the usual, and few at least as many as the rule says', () => {
    expect(judge(byWeek(Array(5).fill([64, 64, 64])), 5 * week + 1).threshold).toBe(192);
    expect(judge(new Map(), 5 * week + 1, 50).threshold).toBe(49);
  });
});

describe('by all hours', () => {
  test('the usual is the mean of the hours that are known, without this one and what was before', () => {
    const history = steady(4, 48)
      .set(hour, 1000)
      .set(hour - 49, 1000);
    expect(judge(history, 48).usual).toBe(4);
    expect(judge(steady(4, 24), 48).usual).toBe(2);
  });

  test.each([
    // P(X >= 18) of a Poisson distribution of mean 4 is below one in a million, P(X >= 17) is not.
    [4, 17],
    [2, 12],
    // Three times the usual is more than chance makes of many.
    [100, 300],
  ])('where %i are usual, more than %i are a spike', (usual, threshold) => {
    expect(judge(steady(usual, 48), 48).threshold).toBe(threshold);
  });

  test('fewer than the rule says are none', () => {
    expect(judge(new Map(), 48, 8).threshold).toBe(7);
  });

  test('of any number of posts comes to an end', () => {
    for (let usual = 400; usual < 1_000; usual += 7.3) {
      expect(judge(steady(usual, 48), 48).threshold).toBeCloseTo(3 * usual, 6);
    }
    // e^-740 is a number of which a double keeps no digits.
    for (const usual of [731.78, 735, 740.2, 744.4, 745.1, 1e6]) {
      expect(judge(steady(usual, 48), 48).threshold).toBeCloseTo(3 * usual, 6);
    }
  });
});

test('a spike is more than the threshold, and over from a third of the way above the usual down', () => {
  const rate = (count: number) => ({ count, usual: 4, threshold: 16, by: 'all hours' }) as const;
  expect([16, 17].map((count) => isSpikeRate(rate(count)))).toEqual([false, true]);
  expect([8, 9].map((count) => isOverRate(rate(count)))).toEqual([true, false]);
});
