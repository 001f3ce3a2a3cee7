import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeRequest,
  describeSnooze,
  nextWeekday,
  readSnooze,
} from '../../source/domain/snooze-words.ts';

// A Sunday, in local time whatever that is.
const now = new Date(2026, 10, 22, 14, 5).getTime();
const local = (...parts: [number, number, number, number?, number?]) =>
  new Date(parts[0], parts[1] - 1, parts[2], parts[3] ?? 0, parts[4] ?? 0).getTime();

describe('a snooze', () => {
  test.each([
    ['1h', now + 3_600_000],
    ['90m', now + 5_400_000],
    ['1h30m', now + 5_400_000],
    ['in 2 hours', now + 7_200_000],
    ['1.5d', now + 129_600_000],
    ['2 weeks', now + 1_209_600_000],
    ['tomorrow', local(2026, 11, 23, 9)],
    ['Tomorrow 9:00', local(2026, 11, 23, 9)],
    ['tomorrow at 18:30', local(2026, 11, 23, 18, 30)],
    ['monday', local(2026, 11, 23, 9)],
    ['next fri 2pm', local(2026, 11, 27, 14)],
    ['sunday', local(2026, 11, 29, 9)],
    ['sunday 18:00', local(2026, 11, 22, 18)],
    ['18:00', local(2026, 11, 22, 18)],
    ['9:00', local(2026, 11, 23, 9)],
    ['3 minutes', now + 180_000],
    ['1 minute', now + 60_000],
    ['2mins', now + 120_000],
    ['1 min', now + 60_000],
    ['1 hour', now + 3_600_000],
    ['3 days', now + 259_200_000],
    ['1 day 2 hours', now + 93_600_000],
    ['1 week', now + 604_800_000],
    ['1.25h', now + 4_500_000],
    ['1 h   30 m', now + 5_400_000],
    [' tomorrow   at 10am ', local(2026, 11, 23, 10)],
    ['tomorrow 12am', local(2026, 11, 23, 0)],
    ['tomorrow 12 pm', local(2026, 11, 23, 12)],
    ['tomorrow 23:59', local(2026, 11, 23, 23, 59)],
    ['tue', local(2026, 11, 24, 9)],
    ['wed', local(2026, 11, 25, 9)],
    ['thursday 7', local(2026, 11, 26, 7)],
    ['saturday', local(2026, 11, 28, 9)],
    ['sunday 14:05', local(2026, 11, 29, 14, 5)],
    ['sunday 14:06', local(2026, 11, 22, 14, 6)],
    ['14:05', local(2026, 11, 23, 14, 5)],
    ['2pm', local(2026, 11, 23, 14)],
    ['2027-1-5 7:00', local(2027, 1, 5, 7)],
    ['today 20:15', local(2026, 11, 22, 20, 15)],
    ['2026-12-01', local(2026, 12, 1, 9)],
    ['2026-12-01 8:30', local(2026, 12, 1, 8, 30)],
  ])('"%s" is a time', (words, at) => {
    expect(readSnooze(words, now)).toEqual({ request: { until: 'time', at } });
  });

  test.each([
    ['+12', { until: 'echoes', more: 12 }],
    ['3 more', { until: 'echoes', more: 3 }],
    ['+1 echo', { until: 'echoes', more: 1 }],
    ['source', { until: 'source' }],
    ['a new source', { until: 'source' }],
    ['another source', { until: 'source' }],
    ['+ 100000 echoes', { until: 'echoes', more: 100_000 }],
    ['12 more echoes', { until: 'echoes', more: 12 }],
    ['a spike', { until: 'spike' }],
    ['Spike', { until: 'spike' }],
  ])('"%s" waits for something else', (words, request) => {
    expect(readSnooze(words, now)).toEqual({ request });
  });

  test.each([
    ['', 'say until when'],
    ['soon', 'is no time; write 1h, 90m'],
    ['9', 'is no time'],
    ['today 9:00', 'is over'],
    ['2020-01-01', 'is over'],
    ['2026-02-30', 'there is no day 2026-02-30'],
    ['tomorrow 25:00', 'is no time of day'],
    ['+0', 'more echoes, such as +12'],
    ['9999d', 'five years'],
    ['+100001', 'more echoes, such as +12'],
    ['now', 'is no time'],
    ['0m', 'is over; write a time that is yet to come'],
    [' the source', '"the source" is no time'],
    ['source of it', 'is no time'],
    ['no spike', 'is no time'],
    ['spikes', 'is no time'],
    ['x 3 more', 'is no time'],
    ['+3 more', 'is no time'],
    ['+3 echoes please', 'is no time'],
    ['within 2h', 'is no time'],
    ['x1h', 'is no time'],
    ['1hx', 'is no time'],
    ['1 month', 'is no time'],
    ['mo', 'is no time'],
    ['next s', 'is no time'],
    ['a monday', 'is no time'],
    ['2026-12-011', 'is no time'],
    ['x2026-12-01', 'is no time'],
    ['2026-13-01', 'there is no day 2026-13-01'],
    ['2026-04-31', 'there is no day 2026-04-31'],
    ['tomorrow 24:00', '24:00 is no time of day; write it as 9:00 or 18:30'],
    ['tomorrow 9:60', 'is no time of day'],
    ['tomorrow 13pm', '13pm is no time of day'],
    ['tomorrow 0am', 'is no time of day'],
    ['25am', 'is no time of day'],
  ])('"%s" is refused with what may be written', (words, problem) => {
    expect(readSnooze(words, now)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test('is said with the day, the month and the year of it', () => {
    const days = Array.from({ length: 12 }, (_, month) => local(2027, month + 1, 1 + month, 7, 5));
    expect(days.map((at) => describeRequest({ until: 'time', at }))).toEqual([
      'until Fri 1 Jan 2027, 07:05',
      'until Tue 2 Feb 2027, 07:05',
      'until Wed 3 Mar 2027, 07:05',
      'until Sun 4 Apr 2027, 07:05',
      'until Wed 5 May 2027, 07:05',
      'until Sun 6 Jun 2027, 07:05',
      'until Wed 7 Jul 2027, 07:05',
      'until Sun 8 Aug 2027, 07:05',
      'until Thu 9 Sep 2027, 07:05',
      'until Sun 10 Oct 2027, 07:05',
      'until Thu 11 Nov 2027, 07:05',
      'until Sun 12 Dec 2027, 07:05',
    ]);
  });

  test('may be five years long, and not longer', () => {
    expect(readSnooze('1830d', now)).toHaveProperty('request');
    expect(readSnooze('1830d 1m', now)).toHaveProperty('problem');
  });

  test('never throws, and what it accepts as a time is yet to come', () => {
    const words = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('1', '9', 'h', 'm', ' ', ':', '-', '+', 'monday', 'tomorrow', 'at', 'pm'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(words, (text) => {
        const read = readSnooze(text, now);
        if ('request' in read && read.request.until === 'time') expect(read.request.at).toBeGreaterThan(now);
        if ('problem' in read) expect(read.problem).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('is said in local time', () => {
    expect(describeRequest({ until: 'time', at: local(2026, 12, 1, 9) })).toBe('until Tue 1 Dec 2026, 09:00');
    expect(describeRequest({ until: 'echoes', more: 1 })).toBe('until 1 more echo');
    expect(describeSnooze({ until: 'echoes', echoes: 12 }, 9)).toBe('until 3 more echoes');
    expect(describeSnooze({ until: 'spike', perHour: 2 }, 9)).toBe('until it spikes');
    expect(describeRequest({ until: 'source' })).toBe('until another source has it');
    expect(describeSnooze({ until: 'echoes', echoes: 12 }, 40)).toBe('until 1 more echo');
    expect(nextWeekday(0, now)).toBe(local(2026, 11, 29, 9));
    expect(nextWeekday(1, now)).toBe(local(2026, 11, 23, 9));
    expect(nextWeekday(6, now)).toBe(local(2026, 11, 28, 9));
    expect(nextWeekday(1, local(2026, 11, 27))).toBe(local(2026, 11, 30, 9));
  });
});
