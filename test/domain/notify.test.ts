import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startOfDay, weekdays } from '../../source/domain/calendar.ts';
import { lastDueAt } from '../../source/domain/digest.ts';
import { quietUntil } from '../../source/domain/quiet-hours.ts';
import { describeGrowth, listWords } from '../../source/domain/rules.ts';
import { shorten } from '../../source/domain/shorten.ts';
import { isOverRate, isSpikeRate, judgeRate } from '../../source/domain/spike.ts';
import { unknownFact } from '../../source/domain/template.ts';
import { timeAtWallClock, wallClock } from '../../source/domain/wall-clock.ts';

const berlin = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());

describe('a wall clock', () => {
  const zones = fc.constantFrom(
    berlin,
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'UTC',
    '',
  );

  test('shows the time that it was asked for, wherever and whenever that exists', () => {
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 946_684_800_000, max: 2_524_608_000_000 }),
        fc.integer({ min: 0, max: 1_439 }),
        (zone, now, minutes) => {
          const wanted = startOfDay(wallClock(now, zone)) + minutes * 60_000;
          const shown = wallClock(timeAtWallClock(wanted, zone), zone);
          // A change of the clocks leaves out at most an hour, on some days; Apia left out a whole day.
          const off = Math.abs(shown - wanted);
          expect(off <= 3_600_000 || zone === 'Pacific/Apia').toBe(true);
        },
      ),
    );
  });

  test('leaves out an hour in spring and has one twice in autumn', () => {
    const spring = Date.parse('2026-03-29T02:30Z');
    expect(iso(timeAtWallClock(spring, berlin))).toBe('2026-03-29T01:30:00.000Z');
    const autumn = Date.parse('2026-10-25T02:30Z');
    expect(iso(timeAtWallClock(autumn, berlin))).toBe('2026-10-25T00:30:00.000Z');
  });
});

describe('quiet hours', () => {
  const nights = [{ from: '22:00', to: '07:00', weekdays: [...weekdays] }];

  test.each([
    ['2026-11-20T20:59:00Z', null],
    ['2026-11-20T21:00:00Z', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T05:59:59Z', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T06:00:00Z', null],
    // The night in which the clocks go back is an hour longer.
    ['2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
  ])('at %s end at %s', (now, end) => {
    expect(iso(quietUntil(at(now), nights, berlin))).toBe(end);
  });

  test('that touch are one: a weekend ends on Monday', () => {
    const weekend = [...nights, { from: '00:00', to: '00:00', weekdays: ['saturday', 'sunday'] as const }];
    // Friday night.
    expect(iso(quietUntil(at('2026-11-20T22:00:00Z'), weekend, berlin))).toBe('2026-11-23T06:00:00.000Z');
  });

  test('that never end have an end all the same', () => {
    const always = [{ from: '00:00', to: '00:00', weekdays: [...weekdays] }];
    expect(quietUntil(at('2026-11-20T22:00:00Z'), always, 'UTC')).toBeGreaterThan(at('2026-11-21T00:00:00Z'));
  });

  test('of the day end on the same day', () => {
    const lunch = [{ from: '12:00', to: '13:30', weekdays: [...weekdays] }];
    const end = (now: string) => iso(quietUntil(at(now), lunch, 'UTC'));
    expect(end('2026-11-20T11:59:59Z')).toBeNull();
    expect(end('2026-11-20T12:00:00Z')).toBe('2026-11-20T13:30:00.000Z');
    expect(end('2026-11-20T13:30:00Z')).toBeNull();
    expect(end('2026-11-20T23:00:00Z')).toBeNull();
  });

  test('begin on their weekdays only', () => {
    const friday = [{ from: '22:00', to: '07:00', weekdays: ['friday'] as const }];
    expect(quietUntil(at('2026-11-19T23:00:00Z'), friday, 'UTC')).toBeNull();
    expect(iso(quietUntil(at('2026-11-21T03:00:00Z'), friday, 'UTC'))).toBe('2026-11-21T07:00:00.000Z');
  });
});

describe('a digest', () => {
  const schedule = { at: '09:00', weekday: 'monday', allQuiet: false } as const;
  test.each([
    ['daily', '2026-11-20T07:59:00Z', '2026-11-19T08:00:00.000Z'],
    ['daily', '2026-11-20T08:00:00Z', '2026-11-20T08:00:00.000Z'],
    ['weekly', '2026-11-20T12:00:00Z', '2026-11-16T08:00:00.000Z'],
    ['weekly', '2026-11-16T07:00:00Z', '2026-11-09T08:00:00.000Z'],
    // Summer time: nine o'clock is an hour earlier in UTC.
    ['daily', '2026-07-01T07:00:00Z', '2026-07-01T07:00:00.000Z'],
  ] as const)('%s was last due before %s at %s', (every, now, due) => {
    expect(iso(lastDueAt({ ...schedule, every }, at(now), berlin))).toBe(due);
  });
});

describe('growth', () => {
  const told = { echoes: 2, sources: ['hn'] };
  test.each([
    [{ echoes: 14, sources: ['hn', 'x'] }, '+12 reports, now on hn and x'],
    [{ echoes: 12, sources: ['hn'] }, '+10 reports'],
    [{ echoes: 3, sources: ['hn', 'x', 'reddit'] }, '+1 report, now on hn, x and reddit'],
    [{ echoes: 11, sources: ['hn'] }, null],
    [{ echoes: 2, sources: ['hn', 'x'] }, null],
    [{ echoes: 0, sources: ['hn'] }, null],
  ])('to %j is worth %j', (now, words) => {
    expect(describeGrowth(told, now, 10)).toBe(words);
  });

  test('lists words as a person would', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('shortening', () => {
  const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

  test('keeps what fits, cuts what does not, and never through a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 8, max: 400 }),
        (text, characters, length) => {
          const short = shorten(text, { characters, length });
          const whole = graphemes(text);
          if (whole.length <= characters && text.length <= length) {
            expect(short).toBe(text);
            return;
          }
          expect(short.endsWith('…')).toBe(true);
          expect(graphemes(short).length).toBeLessThanOrEqual(characters);
          expect(short.length).toBeLessThanOrEqual(length);
          const kept = short.slice(0, -1);
          expect(whole.map((_, index) => whole.slice(0, index).join('').trimEnd())).toContain(kept);
        },
      ),
    );
  });

  test('ends at a word', () => {
    expect(shorten('the export is broken for everybody', { characters: 24 })).toBe('the export is broken…');
    expect(shorten('x'.repeat(100), { characters: 10 })).toBe(`${'x'.repeat(9)}…`);
  });
});

describe('a rate', () => {
  const hour = 500_000;
  const steady = (perHour: number, hours: number) =>
    new Map(Array.from({ length: hours }, (_, back) => [hour - 1 - back, perHour] as const));
  const settings = { least: 8 };

  test('says nothing while a day is not known', () => {
    expect(
      judgeRate({ count: 100, history: new Map() }, { hour, firstHour: hour - 23 }, settings),
    ).toBeNull();
  });

  test('is judged by all hours at first, and cries no wolf over chance', () => {
    const history = steady(4, 48);
    const judge = (count: number) => judgeRate({ count, history }, { hour, firstHour: hour - 48 }, settings);
    expect(judge(12)).toMatchObject({ usual: 4, by: 'all hours' });
    expect([8, 12, 16, 30].map((count) => isSpikeRate(judge(count) ?? never()))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('is judged by the same hour of earlier weeks once there are four', () => {
    // Every morning at this hour there are 60 posts; at others there are 2. One week was wild.
    const history = new Map<number, number>();
    for (let back = 1; back <= 168 * 6; back += 1)
      history.set(hour - back, back % 24 <= 1 || back % 24 === 23 ? 60 : 2);
    history.set(hour - 168, 900);
    const judge = (at: number, count: number) =>
      judgeRate({ count, history }, { hour: at, firstHour: hour - 168 * 6 }, settings);
    expect(judge(hour, 70)).toMatchObject({ usual: 60, by: 'hour of the week' });
    expect(isSpikeRate(judge(hour, 100) ?? never())).toBe(false);
    expect(isSpikeRate(judge(hour, 200) ?? never())).toBe(true);
    // The same hundred in the dead of night is one.
    expect(isSpikeRate(judge(hour - 12, 100) ?? never())).toBe(true);
  });

  test('that never was alarms from the least number on', () => {
    const judge = (count: number) =>
      judgeRate({ count, history: new Map() }, { hour, firstHour: hour - 168 * 5 }, settings) ?? never();
    expect([isSpikeRate(judge(7)), isSpikeRate(judge(8))]).toEqual([false, true]);
  });

  test('is over when it is near the usual again, and not before', () => {
    const history = steady(4, 48);
    const judge = (count: number) =>
      judgeRate({ count, history }, { hour, firstHour: hour - 48 }, settings) ?? never();
    expect([20, 12, 8, 4].map((count) => isOverRate(judge(count)))).toEqual([false, false, true, true]);
  });

  test('of pure chance alarms less than once in a thousand hours', () => {
    let seed = 42;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    const poisson = (mean: number) => {
      let [count, product] = [0, random()];
      while (product > Math.exp(-mean)) {
        product *= random();
        count += 1;
      }
      return count;
    };
    const hours = 168 * 8;
    for (const mean of [0.3, 2, 9]) {
      const history = new Map(Array.from({ length: hours }, (_, each) => [each, poisson(mean)] as const));
      let alarms = 0;
      for (let each = 24; each < hours; each += 1) {
        const rate = judgeRate(
          { count: history.get(each) ?? 0, history },
          { hour: each, firstHour: 0 },
          { least: 5 },
        );
        if (rate !== null && isSpikeRate(rate)) alarms += 1;
      }
      expect(alarms).toBeLessThanOrEqual(1);
    }
  });
});

test('a template names facts that exist', () => {
  expect(unknownFact('{category} at {salience}: {text} {url}')).toBeNull();
  expect(unknownFact('{categry}')).toBe('categry');
  expect(unknownFact('{}')).toBe('');
});

function never(): never {
  throw new Error('no rate');
}
