import { describe, expect, test } from 'vitest';
import { type DigestLine, describeTrend, groupDigest, lastDueAt } from '../../source/domain/digest.ts';

const line = (id: number, category: string, salience: number): DigestLine => ({
  id,
  category,
  salience,
  source: 'hn',
  headline: `signal ${id}`,
  echoes: 0,
  url: null,
});

describe('a digest', () => {
  test('lists the largest category first, and of each the five most salient', () => {
    const lines = [
      line(1, 'praise', 99),
      ...[10, 70, 30, 60, 20, 50, 40].map((salience, index) => line(10 + index, 'bug', salience)),
      line(2, 'praise', 5),
    ];
    const groups = groupDigest(lines, new Map([['bug', { before: 3, now: 9 }]]));
    expect(groups.map(({ category, count, before, now }) => [category, count, before, now])).toEqual([
      ['bug', 7, 3, 9],
      // What nothing is known of is taken to be new.
      ['praise', 2, 0, 2],
    ]);
    expect(groups[0]?.top.map(({ salience }) => salience)).toEqual([70, 60, 50, 40, 30]);
    expect(groups[1]?.top.map(({ id }) => id)).toEqual([1, 2]);
  });

  test('orders categories of one size by name, in whatever order they came', () => {
    const names = ['outage', 'bug', 'churn', 'praise'];
    for (const order of [names, names.toReversed()]) {
      const groups = groupDigest(
        order.map((category, index) => line(index, category, 1)),
        new Map(),
      );
      expect(groups.map(({ category }) => category)).toEqual(['bug', 'churn', 'outage', 'praise']);
    }
  });

  test('says how this period compares with the one before', () => {
    expect(describeTrend({ before: 33, now: 40 }, 'daily')).toBe('40 written this day, 33 the day before');
    expect(describeTrend({ before: 3, now: 0 }, 'weekly')).toBe('0 written this week, 3 the week before');
  });

  test.each([
    // Nine o'clock on the day of a change of the clocks, both ways, and the evening before it.
    ['daily', '2026-03-29T06:59:00Z', '2026-03-28T08:00:00.000Z'],
    ['daily', '2026-03-29T07:00:00Z', '2026-03-29T07:00:00.000Z'],
    ['weekly', '2026-03-30T06:59:59Z', '2026-03-23T08:00:00.000Z'],
    ['weekly', '2026-03-30T07:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['weekly', '2026-04-05T21:00:00Z', '2026-03-30T07:00:00.000Z'],
  ] as const)('that is %s was last due before %s at %s', (every, now, due) => {
    const schedule = { every, at: '09:00', weekday: 'monday', allQuiet: false } as const;
    expect(new Date(lastDueAt(schedule, Date.parse(now), 'Europe/Berlin')).toISOString()).toBe(due);
  });
});
