import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analysisSchema } from '../../../source/domain/analysis-schema.ts';
import { categoryIds } from '../../../source/domain/taxonomy.ts';
import { analyzeOne } from './analyze-one.ts';

const words = fc.constantFrom(
  'constructor', 'caller', '__proto__', 'toString', 'hasOwnProperty', 'prototype', 'down', 'not', "can't", 'if',
  '#', '@', '```', '<!--', '"', '?', '!', '\u202e', '\u200b', '\u0000', '\ud800', '😡', '落ち', 'ﷺ', "'", "''s",
); // biome-ignore format: a list of words

describe('whatever the text', () => {
  test('the answer fits the schema and the taxonomy', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(words, { maxLength: 60 }).map((list) => list.join(' ')),
      fc.array(words, { maxLength: 60 }).map((list) => list.join('')),
    );
    await fc.assert(
      fc.asyncProperty(anyText, fc.option(anyText), fc.option(fc.string()), async (text, title, lang) => {
        const analysis = await analyzeOne(text, { title, lang });
        expect(analysisSchema.parse(analysis)).toEqual(analysis);
        expect(categoryIds).toContain(analysis.category);
      }),
      { numRuns: 500 },
    );
  });

  test('the same post gets the same analysis', async () => {
    const text = 'Is it down? I cannot log in since 9, please help!';
    expect(await analyzeOne(text)).toEqual(await analyzeOne(text));
  });

  test('words that every object has are words like others', async () => {
    const analysis = await analyzeOne('constructor caller __proto__ toString valueOf hasOwnProperty');
    expect(analysis).toMatchObject({ category: 'other', sentiment: 'neutral', urgency: 0 });
  });

  test('the reason holds no control characters', async () => {
    const { reasoning } = await analyzeOne('it\u001b[31m is\u202e down\u0007 \u009bnow, the server is down');
    expect(reasoning).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test.each([
    ['one letter', 'a'],
    ['one word', 'down '],
    ['a phrase that almost matches', 'anyone else having a a a a '],
    ['quotes', '"\''],
    ['apostrophes', "n't'"],
    ['open code fences', '``` '],
    ['open comments', '<!-- '],
    ['links', 'https://a.b '],
    ['combining marks', 'e\u0301\u0302\u0303'],
    ['hashtags', '#a#b '],
    ['emoji', '👩‍👩‍👧'],
    ['line breaks', '\n\r'],
  ])(
    'a megabyte of %s is read like a page',
    async (_, unit) => {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      expect((await analyzeOne(text, { lang: 'en' })).confidence).toBeLessThanOrEqual(1);
    },
    5_000,
  );
});
