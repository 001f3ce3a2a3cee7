import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  emptyPrompt,
  eraseBack,
  eraseForward,
  eraseLine,
  eraseWord,
  insert,
  moveCursor,
  type Prompt,
  textOfPrompt,
} from '../../../source/tui/model/prompt.ts';

const typed = (text: string) => insert(emptyPrompt, text);

test('text goes in at the cursor, a pasted one as a single clean line', () => {
  const prompt = insert(moveCursor(typed('acme api'), -3), 'check\x1b[31mout\n');
  expect(textOfPrompt(prompt)).toBe('acme checkout api');
  expect(prompt.cursor).toBe(14);
});

test('a person erases characters, not code units', () => {
  expect(textOfPrompt(eraseBack(typed('café'.normalize('NFD'))))).toBe('caf');
  expect(textOfPrompt(eraseBack(typed('ok 👍🏽')))).toBe('ok');
  expect(textOfPrompt(eraseForward(moveCursor(typed('漢字'), -1)))).toBe('漢');
});

test('whole words and everything before the cursor', () => {
  expect(textOfPrompt(eraseWord(typed('acme checkout  ')))).toBe('acme');
  expect(textOfPrompt(eraseLine(moveCursor(typed('acme api'), -3)))).toBe('api');
});

test('no sequence of edits leaves the cursor outside of the text', () => {
  const edits: ((prompt: Prompt) => Prompt)[] = [
    eraseBack,
    eraseForward,
    eraseLine,
    eraseWord,
    (prompt) => moveCursor(prompt, 1),
    (prompt) => moveCursor(prompt, -1),
    (prompt) => moveCursor(prompt, Number.NEGATIVE_INFINITY),
    (prompt) => insert(prompt, 'a漢'),
    (prompt) => insert(prompt, '\u0301'),
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...edits)), (chosen) => {
      const { characters, cursor } = chosen.reduce((prompt, edit) => edit(prompt), emptyPrompt);
      expect(cursor).toBeGreaterThanOrEqual(0);
      expect(cursor).toBeLessThanOrEqual(characters.length);
    }),
  );
});
