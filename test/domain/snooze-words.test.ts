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
  ])('"%s" is refused with what may be written', (words, problem) => {
    expect(readSnooze(words, now)).toEqual({ problem: expect.stringContaining(problem) });
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
    expect(nextWeekday(0, now)).toBe(local(2026, 11, 29, 9));
  });
});
