import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpan, periodOf } from '../../source/domain/calendar.ts';
import {
  keepEverything,
  planRetention,
  type RetentionCandidate,
  type RetentionPolicy,
} from '../../source/domain/retention.ts';
import { isTimeZone, wallClock } from '../../source/domain/wall-clock.ts';

function candidate(time: string, fields: Partial<RetentionCandidate> = {}): RetentionCandidate {
  const createdAt = Date.parse(time.length > 10 ? `${time}Z` : `${time}T11:00Z`);
  return {
    id: time,
    createdAt,
    sequence: createdAt,
    bytes: 10,
    files: 6,
    tags: [],
    verified: false,
    damaged: false,
    ...fields,
  };
}

function kept(candidates: readonly RetentionCandidate[], policy: Partial<RetentionPolicy>): string[] {
  const { decisions } = planRetention(candidates, { ...keepEverything, ...policy });
  return decisions.filter(({ keep }) => keep).map(({ id }) => id);
}

function reasonsOf(candidates: readonly RetentionCandidate[], policy: Partial<RetentionPolicy>) {
  const { decisions } = planRetention(candidates, { ...keepEverything, ...policy });
  return Object.fromEntries(decisions.map(({ id, reasons }) => [id, reasons]));
}

const sundays = [
  '2019-09-01', '2019-09-08', '2019-09-15', '2019-09-22', '2019-09-29', '2019-10-06',
  '2019-10-13', '2019-10-20', '2019-10-27', '2019-11-03', '2019-11-10', '2019-11-17',
]; // biome-ignore format: a calendar

const dayMs = 86_400_000;
function everyDay(from: string, count: number): RetentionCandidate[] {
  return Array.from({ length: count }, (_, index) =>
    candidate(new Date(Date.parse(`${from}T11:00Z`) + index * dayMs).toISOString().slice(0, 10)),
  );
}

/**
 * Worked out by hand from the rules of restic's `forget`
 * (restic.readthedocs.io, "Removing backup snapshots", doc/060_forget.rst):
 * natural boundaries, only periods that have a snapshot count, the newest of
 * each is kept, durations reach back from the latest snapshot and exclude
 * their end, and the oldest stays while a rule is not satisfied.
 */
describe('the decisions of restic', () => {
  const hours = ['2026-03-01T08:10', '2026-03-01T08:50', '2026-03-01T09:05', '2026-03-01T12:00'];
  const table: readonly (readonly [string, readonly string[], Partial<RetentionPolicy>, readonly string[]])[] = [
    ['a backup each Sunday, daily 4: the last four', sundays, { keepDaily: 4 }, sundays.slice(-4)],
    ['a backup each Sunday, weekly 4: the same', sundays, { keepWeekly: 4 }, sundays.slice(-4)],
    ['last 3', sundays, { keepLast: 3 }, sundays.slice(-3)],
    ['last 100 keeps what there is', sundays, { keepLast: 100 }, sundays],
    ['monthly 2: the last Sunday of two months', sundays, { keepMonthly: 2 }, ['2019-10-27', '2019-11-17']],
    ['monthly 4: three months, and the oldest since a place is left', sundays, { keepMonthly: 4 }, ['2019-09-01', '2019-09-29', '2019-10-27', '2019-11-17']],
    ['yearly 1: the newest', sundays, { keepYearly: 1 }, ['2019-11-17']],
    ['yearly 2: the newest and, with a place left, the oldest', sundays, { keepYearly: 2 }, ['2019-09-01', '2019-11-17']],
    ['within 14d: the snapshot 14 days before the latest is out', sundays, { keepWithin: '14d' }, ['2019-11-10', '2019-11-17']],
    ['within 15d: it is in', sundays, { keepWithin: '15d' }, ['2019-11-03', '2019-11-10', '2019-11-17']],
    ['within 1m reaches back to 17 October', sundays, { keepWithin: '1m' }, sundays.slice(-5)],
    ['monthly within 2m: the newest of each month after 17 September', sundays, { keepWithinMonthly: '2m' }, ['2019-09-29', '2019-10-27', '2019-11-17']],
    ['hourly 2: the newest of the last two hours with any', hours, { keepHourly: 2 }, ['2026-03-01T09:05', '2026-03-01T12:00']],
    ['hourly 3: the newest of 08 as well', hours, { keepHourly: 3 }, ['2026-03-01T08:50', '2026-03-01T09:05', '2026-03-01T12:00']],
    ['hourly within 4h begins after 08:00', hours, { keepWithinHourly: '4h' }, hours],
    ['daily 1: one for the day', hours, { keepDaily: 1 }, ['2026-03-01T12:00']],
    ['rules are joined by or', sundays, { keepLast: 1, keepMonthly: 2 }, ['2019-10-27', '2019-11-17']],
  ]; // biome-ignore format: a table
  test.each(table)('%s', (_case, times, policy, expected) => {
    expect(
      kept(
        times.map((time) => candidate(time)),
        policy,
      ).toSorted(),
    ).toEqual([...expected].toSorted());
  });

  test('a backup every day for years: 7 days, 5 weeks, 12 months, the years', () => {
    // From 2020-01-01, a Wednesday, to 2022-12-31, a Saturday.
    const days = everyDay('2020-01-01', 1096);
    const policy = { keepDaily: 7, keepWeekly: 5, keepMonthly: 12, keepYearly: 75 };
    const weeks = ['2022-12-04', '2022-12-11', '2022-12-18', '2022-12-25', '2022-12-31'];
    const months = ['2022-01-31', '2022-02-28', '2022-03-31', '2022-04-30', '2022-05-31', '2022-06-30',
      '2022-07-31', '2022-08-31', '2022-09-30', '2022-10-31', '2022-11-30', '2022-12-31']; // biome-ignore format: a calendar
    const expected = new Set([
      ...['25', '26', '27', '28', '29', '30', '31'].map((day) => `2022-12-${day}`),
      ...weeks,
      ...months,
      // The years, and the very first since 75 are not there yet.
      ...['2020-01-01', '2020-12-31', '2021-12-31'],
    ]);
    expect(kept(days, policy).toSorted()).toEqual([...expected].toSorted());
    expect(reasonsOf(days, policy)['2022-12-29']).toEqual(['daily 3 of 7']);
    expect(reasonsOf(days, policy)['2022-12-25']).toEqual(['daily 7 of 7', 'weekly 2 of 5']);
  });
});

describe('the plan', () => {
  test('never removes the newest verified snapshot, whatever the clock said when it was made', () => {
    const clockJumpedBack = candidate('2019-01-01', { verified: true, sequence: Number.MAX_SAFE_INTEGER });
    const all = [...sundays.map((time) => candidate(time, { verified: true })), clockJumpedBack];
    expect(kept(all, { keepLast: 1 })).toEqual(['2019-11-17', '2019-01-01']);
    expect(reasonsOf(all, { keepLast: 1 })['2019-01-01']).toEqual(['newest verified']);
  });

  test('tells when a policy would remove everything', () => {
    const all = sundays.map((time) => candidate(time, { verified: true }));
    expect(planRetention(all, { ...keepEverything, keepTagged: true }).keepsNothing).toBe(true);
    expect(planRetention(all, { ...keepEverything, keepLast: 1 }).keepsNothing).toBe(false);
    expect(planRetention([], { ...keepEverything, keepLast: 1 })).toEqual({
      decisions: [],
      keepsNothing: false,
    });
  });

  test('keeps what has a tag, and a damaged snapshot takes no place of a sound one', () => {
    const all = [
      candidate('2026-01-01', { tags: ['release'] }),
      candidate('2026-01-02'),
      candidate('2026-01-03'),
      candidate('2026-01-04', { damaged: true }),
    ];
    expect(kept(all, { keepLast: 1, keepTagged: true })).toEqual(['2026-01-04', '2026-01-03', '2026-01-01']);
    expect(reasonsOf(all, { keepLast: 1, keepTagged: true })['2026-01-01']).toEqual(['tagged release']);
    expect(reasonsOf(all, { keepLast: 1 })['2026-01-04']).toEqual([
      'damaged: look at it, then remove it by name',
    ]);
  });

  test('takes the oldest until the quota is met, but never below its least', () => {
    const all = sundays.map((time) => candidate(time));
    expect(kept(all, { maxBytes: 35 })).toEqual(sundays.slice(-3).toReversed());
    expect(kept(all, { maxFiles: 12 })).toEqual(sundays.slice(-2).toReversed());
    expect(kept(all, { maxBytes: 1, keepMin: 4 })).toEqual(sundays.slice(-4).toReversed());
    expect(kept(all, { maxBytes: 1 })).toHaveLength(1);
    expect(reasonsOf(all, { maxBytes: 35 })['2019-09-01']).toEqual(['over the quota of 35 bytes']);
    expect(reasonsOf(all, { maxFiles: 12 })['2019-09-01']).toEqual(['over the quota of 12 files']);
    // What is just met is not passed.
    expect(kept(all, { maxBytes: 30 })).toHaveLength(3);
    expect(kept(all, { maxFiles: 18 })).toHaveLength(3);
  });

  test('leaves what no rule keeps out of the quota, and the newest verified one in it', () => {
    const all = sundays.map((time) => candidate(time));
    // Two snapshots of ten bytes stay by a rule; the ten others count for nothing.
    expect(kept(all, { keepLast: 2, maxBytes: 20 })).toEqual(sundays.slice(-2).toReversed());
    const verified = all.map((each, index) => (index === 0 ? { ...each, verified: true } : each));
    expect(kept(verified, { keepLast: 2, maxBytes: 20 })).toEqual(['2019-11-17', '2019-09-01']);
    expect(reasonsOf(verified, { keepLast: 2, maxBytes: 20 })['2019-11-10']).toEqual([
      'over the quota of 20 bytes',
    ]);
  });

  test('leaves what has a tag alone when room is made, if tags are to be kept', () => {
    const all = sundays.map((time, index) => candidate(time, { tags: index < 2 ? ['release', 'old'] : [] }));
    expect(kept(all, { keepLast: 100, keepTagged: true, maxBytes: 40 })).toEqual([
      '2019-11-17',
      '2019-11-10',
      '2019-09-08',
      '2019-09-01',
    ]);
    expect(kept(all, { keepLast: 100, maxBytes: 40 })).toEqual(sundays.slice(-4).toReversed());
    expect(reasonsOf(all, { keepTagged: true })['2019-09-01']).toEqual(['tagged release, old']);
  });

  test('counts a damaged snapshot in the quota, and takes no room from it', () => {
    const all = sundays.map((time, index) => candidate(time, { damaged: index === 0 || index === 11 }));
    // The two damaged ones fill the quota: of the sound ones only the least stays.
    expect(kept(all, { maxBytes: 20, keepMin: 2 })).toEqual([
      '2019-11-17',
      '2019-11-10',
      '2019-11-03',
      '2019-09-01',
    ]);
    expect(kept(all, { maxBytes: 40 })).toHaveLength(4);
  });

  test('goes by the order in which snapshots were made when clocks show the same, and then by name', () => {
    const same = (id: string, sequence: number) => ({ ...candidate('2026-01-01'), id, sequence });
    for (const all of [
      [same('a', 3), same('b', 9), same('c', 5)],
      [same('c', 5), same('b', 9), same('a', 3)],
    ]) {
      expect(kept(all, { keepLast: 2 })).toEqual(['b', 'c']);
    }
    for (const all of [
      [same('a', 1), same('c', 1), same('b', 1)],
      [same('c', 1), same('b', 1), same('a', 1)],
    ]) {
      expect(kept(all, { keepLast: 2 })).toEqual(['c', 'b']);
    }
  });

  test('says of each snapshot which rule keeps it, or that none does', () => {
    const all = sundays.map((time) => candidate(time));
    const told = (policy: Partial<RetentionPolicy>, time: string) => reasonsOf(all, policy)[time];
    expect(told({}, '2019-09-01')).toEqual(['no rule would remove it']);
    expect(told({ keepLast: 3 }, '2019-11-10')).toEqual(['last 2 of 3']);
    expect(told({ keepLast: 3 }, '2019-09-01')).toEqual(['no rule keeps it']);
    expect(told({ keepWithin: ' 15d ' }, '2019-11-10')).toEqual(['within 15d']);
    expect(told({ keepWithinMonthly: '2m' }, '2019-10-27')).toEqual(['monthly within 2m']);
    expect(told({ keepYearly: 2, keepWithinWeekly: '1y' }, '2019-09-01')).toEqual([
      'oldest, yearly has places left',
      'weekly within 1y',
    ]);
  });
});

describe('the calendar', () => {
  test('is that of the time zone: one moment, two days', () => {
    const all = ['2026-06-30T21:30', '2026-06-30T22:30'].map((time) => candidate(time));
    expect(kept(all, { keepDaily: 1 })).toEqual(['2026-06-30T22:30']);
    // In Berlin the second is on 1 July.
    expect(kept(all, { keepDaily: 2, timeZone: 'Europe/Berlin' })).toHaveLength(2);
    expect(reasonsOf(all, { keepMonthly: 2, timeZone: 'Europe/Berlin' })['2026-06-30T21:30']).toEqual([
      'monthly 2 of 2',
    ]);
  });

  test('counts an hour that happens twice once, and a day of 25 hours as one day', () => {
    // Berlin sets its clocks back on 2026-10-25 at 01:00 UTC: 00:30 and 01:30 UTC are both 02:30.
    const berlin = 'Europe/Berlin';
    expect(periodOf('hourly', wallClock(Date.parse('2026-10-25T00:30Z'), berlin))).toBe('2026-10-25T02');
    expect(periodOf('hourly', wallClock(Date.parse('2026-10-25T01:30Z'), berlin))).toBe('2026-10-25T02');
    const all = ['2026-10-24T22:30', '2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T22:30'].map((time) =>
      candidate(time),
    );
    expect(kept(all, { keepHourly: 2, timeZone: berlin })).toEqual(['2026-10-25T22:30', '2026-10-25T01:30']);
    expect(kept(all, { keepDaily: 1, timeZone: berlin })).toEqual(['2026-10-25T22:30']);
  });

  test('knows the weeks of ISO 8601 at the turn of a year', () => {
    const week = (day: string) => periodOf('weekly', Date.parse(`${day}T12:00Z`));
    // 2026 has 53 weeks; 2021 began in the last week of 2020.
    expect(['2020-12-31', '2021-01-03', '2021-01-04', '2026-12-31', '2027-01-03', '2027-01-04'].map(week)).toEqual([
      '2020-W53', '2020-W53', '2021-W01', '2026-W53', '2026-W53', '2027-W01',
    ]); // biome-ignore format: pairs
  });

  test('reads durations in restic’s form, and zones by name', () => {
    expect(parseSpan('2y5m7d3h')).toEqual({ years: 2, months: 5, days: 7, hours: 3 });
    expect(parseSpan('2w')).toEqual({ years: 0, months: 0, days: 14, hours: 0 });
    for (const wrong of ['', '7', 'd', '-1d', '3h2d', '1.5d', '90s']) expect(parseSpan(wrong)).toBeNull();
    expect([isTimeZone('Asia/Kathmandu'), isTimeZone('Mars/Base')]).toEqual([true, false]);
  });
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
];
const someCandidates = fc
  .uniqueArray(
    fc.record({
      createdAt: fc.oneof(
        fc.integer({ min: Date.UTC(2026, 9, 24), max: Date.UTC(2026, 9, 26) }),
        fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 0, 1) }),
      ),
      bytes: fc.integer({ min: 0, max: 1000 }),
      files: fc.constantFrom(5, 6),
      tags: fc.constantFrom<readonly string[]>([], [], ['release']),
      verified: fc.boolean(),
      damaged: fc.constantFrom(false, false, false, true),
    }),
    { selector: ({ createdAt }) => createdAt, maxLength: 40 },
  )
  .map((list) =>
    list.map((each, sequence): RetentionCandidate => ({ ...each, id: `s${sequence}`, sequence })),
  );
const count = fc.integer({ min: 0, max: 6 });
const span = fc.constantFrom('', '', '12h', '3d', '1m', '1y2m', '2w');
const someRules = fc.record({
  keepLast: count,
  keepHourly: count,
  keepDaily: count,
  keepWeekly: count,
  keepMonthly: count,
  keepYearly: count,
  keepWithin: span,
  keepWithinHourly: span,
  keepWithinDaily: span,
  keepWithinWeekly: span,
  keepWithinMonthly: span,
  keepWithinYearly: span,
  keepTagged: fc.boolean(),
  timeZone: fc.constantFrom(...zones),
});
const someQuota = fc.record({
  maxBytes: fc.option(fc.integer({ min: 0, max: 5000 })),
  maxFiles: fc.option(fc.integer({ min: 0, max: 60 })),
  keepMin: fc.integer({ min: 1, max: 4 }),
});
const somePolicy = fc
  .tuple(someRules, someQuota)
  .map(([rules, quota]) => ({ ...keepEverything, ...rules, ...quota }));

describe('for any snapshots and any policy, the plan', () => {
  const holds = (law: (all: readonly RetentionCandidate[], policy: RetentionPolicy) => void) =>
    fc.assert(fc.property(someCandidates, somePolicy, law), { numRuns: 400 });

  test('is a partition of its input, with a reason for each', () => {
    holds((all, policy) => {
      const { decisions } = planRetention(all, policy);
      expect(decisions.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      for (const { reasons } of decisions) expect(reasons.length).toBeGreaterThan(0);
    });
  });

  test('leaves nothing to do for itself', () => {
    holds((all, policy) => {
      const left = new Set(kept(all, policy));
      const again = all.filter(({ id }) => left.has(id));
      expect(new Set(kept(again, policy))).toEqual(left);
    });
  });

  test('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(
        someCandidates.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
        ),
        somePolicy,
        ([all, shuffled], policy) => {
          expect(planRetention(shuffled, policy)).toEqual(planRetention(all, policy));
        },
      ),
    );
  });

  test('keeps the newest verified one', () => {
    holds((all, policy) => {
      const newest = all.filter(({ verified, damaged }) => verified && !damaged).at(-1);
      if (newest !== undefined) expect(kept(all, policy)).toContain(newest.id);
    });
  });

  test('never removes more when a rule keeps more', () => {
    const counts = [
      'keepLast',
      'keepHourly',
      'keepDaily',
      'keepWeekly',
      'keepMonthly',
      'keepYearly',
    ] as const;
    fc.assert(
      fc.property(
        someCandidates,
        someRules,
        fc.constantFrom(...counts),
        fc.integer({ min: 1, max: 5 }),
        (all, rules, name, more) => {
          // From no rule at all, the first rule is what makes anything go.
          const before = kept(all, { ...rules, [name]: Math.max(1, rules[name]) });
          const after = new Set(kept(all, { ...rules, [name]: Math.max(1, rules[name]) + more }));
          for (const id of before) expect(after.has(id)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('never removes more when a duration or a quota is larger', () => {
    fc.assert(
      fc.property(
        someCandidates,
        someRules,
        someQuota,
        fc.integer({ min: 1, max: 2000 }),
        (all, rules, quota, more) => {
          const small = new Set(kept(all, { ...rules, keepWithin: '3d' }));
          const large = new Set(kept(all, { ...rules, keepWithin: '2m3d' }));
          for (const id of small) expect(large.has(id)).toBe(true);
          const tight = kept(all, { ...rules, ...quota });
          const loose = new Set(
            kept(all, {
              ...rules,
              maxBytes: quota.maxBytes === null ? null : quota.maxBytes + more,
              maxFiles: quota.maxFiles === null ? null : quota.maxFiles + more,
              keepMin: quota.keepMin + 1,
            }),
          );
          for (const id of tight) expect(loose.has(id)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
