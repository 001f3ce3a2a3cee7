import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyScore } from '../../../source/tui/text/fuzzy.ts';

const best = (typed: string, texts: readonly string[]) =>
  texts.toSorted((a, b) => (fuzzyScore(typed, b) ?? -1) - (fuzzyScore(typed, a) ?? -1))[0];

test('what is typed in one piece or at the beginning of words is found first', () => {
  expect(best('dis', ['undo this', 'dismiss', 'add in series'])).toBe('dismiss');
  expect(best('nu', ['snooze until', 'next undecided', 'menu'])).toBe('next undecided');
  expect(fuzzyScore('xyz', 'dismiss')).toBeNull();
  expect(fuzzyScore('', 'dismiss')).toBe(0);
});

test('a text has its own letters in their order, and any of them left out', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 30 }), fc.infiniteStream(fc.boolean()), (text, keep) => {
      const letters = [...text.toLowerCase()].filter(
        (letter) => !/\s/.test(letter) && keep.next().value === true,
      );
      if (letters.length > 0 && text.toLowerCase().length === text.length)
        expect(fuzzyScore(letters.join(''), text)).not.toBeNull();
    }),
  );
});
