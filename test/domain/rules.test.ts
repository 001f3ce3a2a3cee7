import { describe, expect, test } from 'vitest';
import { type DigestSchedule, newsSince, type Rule } from '../../source/domain/rules.ts';

const rule: Rule = {
  name: 'outages',
  enabled: true,
  on: 'signal',
  query: '',
  notifier: 'team',
  minSalience: 0,
  maxAgeHours: null,
  perRun: 10,
  perHour: 10,
  template: 'full',
  thread: true,
  digest: null,
  spike: null,
  quietHours: null,
  urgent: '',
};
const digest = (every: DigestSchedule['every']): DigestSchedule => ({
  every,
  at: '09:00',
  weekday: 'monday',
  allQuiet: false,
});
const now = Date.UTC(2026, 5, 30, 12);
const hour = 3_600_000;

describe('what is news to a rule', () => {
  test.each([
    ['a day, unless it says otherwise', {}, 24],
    ['as old as it says', { maxAgeHours: 3 }, 3],
    ['nothing, at no hours', { maxAgeHours: 0 }, 0],
    ['two days to a daily digest', { digest: digest('daily') }, 48],
    ['two weeks to a weekly digest', { digest: digest('weekly') }, 336],
    ['as old as it says, to a digest too', { digest: digest('weekly'), maxAgeHours: 5 }, 5],
  ])('is %s', (_words, part, hours) => {
    expect(newsSince({ ...rule, ...part }, now)).toBe(now - hours * hour);
  });
});
