import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestTo, nearestWord } from '../../source/domain/nearest-word.ts';

const fields = ['category', 'status', 'sentiment', 'since', 'tag'];

test.each([
  ['catgory', 'category', 'a letter left out'],
  ['caategory', 'category', 'a letter too many'],
  ['cadegory', 'category', 'another letter'],
  ['actegory', 'category', 'two letters swapped'],
  ['STATSU', 'status', 'whatever the case'],
  ['se', 'sentiment', 'a beginning'],
  ['ca', 'category', 'a beginning of two letters'],
])('%s means %s: %s', (typed, meant) => {
  expect(nearestWord(typed, fields)).toBe(meant);
});

test.each(['s', 'x', '', 'zebra', 'catxxxxx', 'tgx'])('%j means nothing that is known', (typed) => {
  expect(nearestWord(typed, fields)).toBeNull();
});

test('of two the nearer is meant, and of two as near the first', () => {
  expect(nearestWord('statuz', ['states', 'status'])).toBe('status');
  expect(nearestWord('statu', ['status', 'statue'])).toBe('status');
  expect(nearestWord('abcx', ['abcd', 'abce'])).toBe('abcd');
});

test('a beginning is nearer than a likeness of more than a tenth, and further than one of less', () => {
  expect(nearestWord('sta', ['sts', 'status'])).toBe('status');
  expect(nearestWord('abcdefghijkl', ['abcdefghijklmnopqrstuvwxyz', 'abcdefghijkx'])).toBe('abcdefghijkx');
});

test('a name may be guessed at half of its letters, a word at two of five', () => {
  expect(nearestTo('abxx', ['abcd'])).toBe('abcd');
  expect(nearestTo('axxx', ['abcd'])).toBeNull();
  expect(nearestWord('abcxx', ['abcde'])).toBe('abcde');
  expect(nearestWord('abxx', ['abcd'])).toBeNull();
});

test('only the beginning of a very long word is looked at', () => {
  expect(nearestWord('a'.repeat(5_000), ['a'.repeat(40)])).toBe('a'.repeat(40));
  expect(nearestWord('a'.repeat(40), ['b', 'a'.repeat(41)])).toBe('a'.repeat(41));
});

test('two letters that changed places are one mistake, whichever they are', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { minLength: 4, maxLength: 9 }),
      fc.nat(),
      (letters, at) => {
        const place = at % (letters.length - 1);
        const swapped = letters.toSpliced(place, 2, letters[place + 1] ?? '', letters[place] ?? '');
        // Two changes would be half of four letters.
        expect(nearestWord(swapped.join(''), [letters.join('')])).toBe(letters.join(''));
      },
    ),
  );
});
