import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOfflineAnalyzer } from '../../../source/analyzers/offline/offline.ts';
import { keepToTaxonomy } from '../../../source/analyzers/offline/own-categories.ts';
import { type Category, defaultTaxonomy } from '../../../source/domain/taxonomy.ts';

const category = (id: string, ...examples: string[]): Category => ({
  id,
  description: id,
  examples,
  boost: 1,
});

async function label(text: string, taxonomy: readonly Category[]) {
  const analyzer = keepToTaxonomy(createOfflineAnalyzer(), taxonomy);
  const request = { signalId: 7, kind: 'rss', author: null, title: null, text, lang: 'en' };
  const [result] = await analyzer.analyze([request], { signal: new AbortController().signal });
  return result?.analysis;
}

describe('the offline analyzer within a taxonomy', () => {
  test('is itself where the taxonomy is the default one', () => {
    const analyzer = createOfflineAnalyzer();
    expect(keepToTaxonomy(analyzer, defaultTaxonomy)).toBe(analyzer);
  });

  test('finds a category of the analyst’s own by its examples, word for word, and says so', async () => {
    const taxonomy = [category('refund', 'money back', 'chargeback'), ...defaultTaxonomy];
    expect(await label('I want my MONEY back, now!', taxonomy)).toMatchObject({
      category: 'refund',
      confidence: 0.5,
      reasoning: 'refund: holds its example “money back”',
    });
    expect((await label('the money came, thanks, going back home', taxonomy))?.category).not.toBe('refund');
  });

  test('takes the more pressing of two, by the order of the taxonomy', async () => {
    const text = 'the whole site is down for everybody, I want my money back';
    expect((await label(text, [category('refund', 'money back'), ...defaultTaxonomy]))?.category).toBe(
      'refund',
    );
    expect((await label(text, [...defaultTaxonomy, category('refund', 'money back')]))?.category).toBe(
      'outage',
    );
  });

  test('prefers an own category to other, wherever other stands', async () => {
    const taxonomy = [category('other'), category('travel', 'boarding pass')];
    expect((await label('my boarding pass is blue', taxonomy))?.category).toBe('travel');
  });

  test('calls other what the taxonomy has no name for, and says what it would have been', async () => {
    const analysis = await label('the whole site is down for everybody', [
      category('bug'),
      category('other'),
    ]);
    expect(analysis?.category).toBe('other');
    expect(analysis?.reasoning).toMatch(/^other: the taxonomy has no outage; outage: /);
  });

  test('names no category that the taxonomy does not have, whatever the post', async () => {
    const taxonomy = [category('praise'), category('own', 'a', '🙂', 'down'), category('other')];
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem()), async (text) => {
        expect(['praise', 'own', 'other']).toContain((await label(text, taxonomy))?.category);
      }),
      { numRuns: 100 },
    );
  });
});
