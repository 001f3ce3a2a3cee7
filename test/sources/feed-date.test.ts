import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFeedDate } from '../../source/sources/feed-date.ts';

test.each([
  ['Tue, 13 Jan 2026 09:30:15 GMT', '2026-01-13T09:30:15Z'],
  ['13 Jan 2026 09:30 +0200', '2026-01-13T07:30:00Z'],
  ['Tue, 13 Jan 26 09:30:15 PST', '2026-01-13T17:30:15Z'],
  ['Tuesday, 13 January 2026 9:30 PM EST', '2026-01-14T02:30:00Z'],
  ['Tue,13-Jan-2026 09:30:15 CEST', '2026-01-13T07:30:15Z'],
  ['1 Feb 99 00:00:00 UT', '1999-02-01T00:00:00Z'],
  ['2026-01-13T09:30:15Z', '2026-01-13T09:30:15Z'],
  ['2026-01-13T09:30:15.123456+05:30', '2026-01-13T04:00:15.123Z'],
  ['2026-01-13T09:30:15+0100', '2026-01-13T08:30:15Z'],
  ['2026-01-13 09:30', '2026-01-13T09:30:00Z'],
  ['2026-01-13', '2026-01-13T00:00:00Z'],
  ['20260113', '2026-01-13T00:00:00Z'],
  ['  2026-01-13T24:00:00Z ', '2026-01-14T00:00:00Z'],
  ['January 13, 2026', '2026-01-13T00:00:00Z'],
])('%j is %s', (text, iso) => {
  expect(parseFeedDate(text)).toBe(Date.parse(iso));
});

test.each([
  '',
  'soon',
  'sometime 5',
  '2026-02-31',
  '2026-13-01',
  '31 Foo 2026',
  '2026-01-13T25:61:00Z',
  'x'.repeat(500),
])('%j is no date', (text) => {
  expect(parseFeedDate(text)).toBeNull();
});

test('every moment survives RFC 3339 and RFC 822, and nothing makes it throw', () => {
  const moment = fc.date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(moment, fc.string(), (date, noise) => {
      expect(parseFeedDate(date.toISOString())).toBe(date.getTime());
      expect(parseFeedDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
      const read = parseFeedDate(noise);
      expect(read === null || Number.isInteger(read)).toBe(true);
    }),
  );
});
