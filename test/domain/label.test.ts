import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLabel, type Label, parseLabel } from '../../source/domain/label.ts';

const now = Date.UTC(2026, 10, 22);

test('a label that is written is read as it was', () => {
  const label: fc.Arbitrary<Label> = fc.record({
    id: fc.nat(),
    signalId: fc.option(fc.nat()),
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    kind: fc.constantFrom('file', 'rss'),
    lang: fc.constantFrom('en', null),
    title: fc.option(fc.string({ maxLength: 50 })),
    text: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
    category: fc.constantFrom('bug', 'praise'),
    sentiment: fc.constantFrom('negative', null),
    urgency: fc.option(fc.integer({ min: 0, max: 5 })),
  });
  fc.assert(
    fc.property(label, (original) => {
      const { id: _id, signalId: _signal, ...draft } = original;
      expect(parseLabel(formatLabel(original), now)).toEqual(draft);
    }),
  );
});

test('a text and one judgement are enough', () => {
  expect(parseLabel('{"text":"it is down","category":"outage"}', now)).toEqual({
    at: now,
    kind: 'file',
    lang: null,
    title: null,
    text: 'it is down',
    category: 'outage',
    sentiment: null,
    urgency: null,
  });
});

test.each([
  ['not json', /not JSON/],
  ['{"text":"x"}', /category, a sentiment or an urgency/],
  ['{"text":"","category":"bug"}', /text/],
  ['{"text":"x","category":"bugs"}', /category/],
  ['{"text":"x","urgency":6}', /urgency/],
  ['[]', /./],
])('%s is refused in words', (line, words) => {
  expect(parseLabel(line, now)).toMatch(words);
});
