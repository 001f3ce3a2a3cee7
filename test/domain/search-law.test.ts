import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldNames } from '../../source/domain/search-fields.ts';
import { parseSearch } from '../../source/domain/search-parser.ts';
import { printSearch } from '../../source/domain/search-print.ts';

const printed = (text: string) => {
  const parsed = parseSearch(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  const again = printSearch(parsed.value);
  expect([text, parseSearch(again)]).toEqual([text, parsed]);
  return again;
};

test.each([
  // Behind a field, "::" and "://" would make a word of it.
  ['tag:":bug:"', 'tag:":bug:"'],
  ['analyzer:=://x', 'analyzer:"://x"'],
  ['tag:"//"', 'tag:"//"'],
  ['tag:/', 'tag:/'],
  // No number with an exponent can be read.
  ['confidence:<0.0000001', 'confidence:<0'],
  ['score:0.0000014..0.5', 'score:0.000001..0.5'],
  // What is taken off the front of a name is not there any more.
  ['author:"@@ joe"', 'author:joe'],
  ['assignee:@@ann', 'assignee:ann'],
  ['assignee:@@', 'assignee:@@'],
  ['link:www.WWW.example.com', 'link:example.com'],
  ['link:gemini://Example.com/page', 'link:example.com'],
  ['link:https://a.example:8080/x', 'link:a.example'],
])('%s is printed as %s, which is read as the same', (text, expected) => {
  expect(printed(text)).toBe(expected);
});

test.each([
  ['(a b) c', 'a b c'],
  ['a OR (b OR (c OR d e))', 'a OR b OR c OR d e'],
  ['a AND b', 'a b'],
  ['"OR" "AND" "NOT" or', '"OR" "AND" "NOT" or'],
  ['urgency:3..3', 'urgency:3'],
  ['a OR b sort:newest', '(a OR b) sort:newest'],
  ['sort:newest', 'sort:newest'],
  ['', ''],
  ['"a\\b \\"c\\" d\\\\"', '"a\\\\b \\"c\\" d\\\\"'],
  ['since:2026-11-01t09:30z', 'since:2026-11-01T09:30:00.000Z'],
  ['since:2026-11-01t09:30', 'since:2026-11-01T09:30'],
  ['since:2026-11-01T09:30:15Z', 'since:2026-11-01T09:30:15.000Z'],
  ['since:2026-11-01T09:30:15.5+01:00', 'since:2026-11-01T08:30:15.500Z'],
  ['since:2026-11-01T09:30:15.1234567Z', 'since:2026-11-01T09:30:15.123Z'],
])('%s is printed as %s', (text, expected) => {
  expect(printed(text)).toBe(expected);
});

test.each([
  ['x'.repeat(2_001), 'too long a search', 'shorten it to 2000 characters', 'x'],
  [`${'a '.repeat(100)}b`, 'too many terms', 'use 100 or fewer', 'b'],
  [`${'('.repeat(22)}a${')'.repeat(22)}`, 'too many brackets', 'use 20 levels or fewer', '('],
  [`${'-'.repeat(22)}a`, 'too many brackets', 'use 20 levels or fewer', '-'],
  ['a AND', 'AND needs a term on both sides', 'leave it out: terms side by side must all be true', 'AND'],
  ['AND b', 'AND needs a term on both sides', 'leave it out: terms side by side must all be true', 'AND'],
  [
    'a AND OR b',
    'AND needs a term on both sides',
    'leave it out: terms side by side must all be true',
    'AND',
  ],
  ['(a AND)', 'AND needs a term on both sides', 'leave it out: terms side by side must all be true', 'AND'],
  ['tag:"open', 'the quotation mark is not closed', 'put another " where the words end', '"open'],
  ['a NOT', 'nothing to leave out', 'write a term right behind it: -refund', 'NOT'],
  ['NOT OR b', 'nothing to leave out', 'write a term right behind it: -refund', 'NOT'],
  ['NOT AND b', 'nothing to leave out', 'write a term right behind it: -refund', 'NOT'],
  ['a -sort:newest', 'an order cannot be negated', 'write sort:oldest instead', '-'],
])('%s is refused', (text, message, fix, place) => {
  const parsed = parseSearch(text);
  if (parsed.ok) throw new Error('it was read');
  const { start, end } = parsed.error;
  expect([parsed.error.message, parsed.error.fix, text.slice(start, end)]).toEqual([message, fix, place]);
});

test('as much as is allowed can be read', () => {
  for (const text of ['x'.repeat(2_000), 'a '.repeat(100), `${'('.repeat(20)}a${')'.repeat(20)}`]) {
    expect(parseSearch(text)).toMatchObject({ ok: true });
  }
});

test.each(['x2026-11-01', '2026-11-01T09', '2026-11-01x', 'mond', '2026-11-01Z'])('%s is no time', (text) => {
  expect(parseSearch(`since:${text}`).ok).toBe(false);
});

test('a time that its zone carries out of four digits of a year is no time', () => {
  expect(parseSearch('since:0000-01-01T00:00+01:00')).toMatchObject({ ok: false });
  expect(parseSearch('since:9999-12-31T23:59-01:00')).toMatchObject({ ok: false });
  expect(printed('since:0000-01-01T00:00-01:00')).toBe('since:0000-01-01T01:00:00.000Z');
});

test('whatever can be read is printed as what reads the same', () => {
  const parts = fc.constantFrom(
    ...'@ . .. - + 0 1 59 0000 9999 0.0000001 1e9 : :// www. WWW. a A İ ß é %20 %41 [::1] # / ? \\ " , = < > ( ) *'.split(
      ' ',
    ),
    ...'T Z z h d w 2026-11-01 T09:30 +01:00 -23:59 _ ～ ｗ 。 \u200d \u0301 ﬁ ⅷ 漢 가 ก T23:59:59.9999 foo://'.split(
      ' ',
    ),
    ...[' ', '\n', '\u00a0', '\u2028', '0000-01-01T00:00', '9999-12-31T23:59', 'http://'],
  );
  const bare = fc.array(parts, { minLength: 1, maxLength: 4 }).map((each) => each.join(''));
  const quoted = bare.map((each) => `"${each.replace(/["\\]/g, '\\$&')}"`);
  const field = fc
    .tuple(
      fc.constantFrom(...fieldNames),
      fc.constantFrom('', '', '', '=', '>', '<='),
      fc.oneof(bare, quoted),
    )
    .map((each) => `${each[0]}:${each[1]}${each[2]}`);
  const search = fc.oneof(
    field,
    fc.array(fc.oneof(field, bare, quoted), { maxLength: 3 }).map((terms) => terms.join(' ')),
  );
  fc.assert(
    fc.property(search, (text) => {
      const parsed = parseSearch(text);
      if (parsed.ok) expect(parseSearch(printSearch(parsed.value))).toEqual(parsed);
    }),
    { numRuns: 3000 },
  );
});
