import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOfflineAnalyzer } from '../../../source/analyzers/offline/offline.ts';
import type { AnalysisDraft } from '../../../source/domain/analysis.ts';
import type { Label } from '../../../source/domain/label.ts';

const signal = new AbortController().signal;

const labelOf = (id: number, text: string, said: Partial<Label>): Label => ({
  id,
  signalId: id,
  at: id,
  kind: 'file',
  lang: 'en',
  title: null,
  text,
  category: null,
  sentiment: null,
  urgency: null,
  ...said,
});

async function analyze(
  texts: readonly string[],
  labels: readonly Label[],
  usual: readonly string[] = [],
): Promise<AnalysisDraft[]> {
  const request = (text: string, signalId: number) => ({
    signalId,
    kind: 'file',
    author: null,
    title: null,
    text,
    lang: 'en',
  });
  const teaching = { labels, usual: usual.map(request) };
  const analyzer = createOfflineAnalyzer({ teacher: { teaching: async () => teaching } });
  const results = await analyzer.analyze(texts.map(request), { signal });
  return results.map(({ analysis }) => analysis);
}

const places = [
  'Berlin',
  'Oslo',
  'Rome',
  'Paris',
  'Lima',
  'Quito',
  'Seoul',
  'Cairo',
  'Delhi',
  'Perth',
  'Bern',
  'Kyiv',
];
const zorbs = places.map((place, index) =>
  labelOf(index + 1, `The zorbulator in ${place} is wobbling`, {
    category: 'outage',
    sentiment: 'negative',
    urgency: 5,
  }),
);
const usual = places.map((place) => `We had a nice lunch in ${place} and talked about the weather`);

describe('the offline analyzer', () => {
  test('learns a word of the house from a few corrections, and says so', async () => {
    const post = 'Our zorbulator is wobbling since noon';
    const [before] = await analyze([post], []);
    const [after] = await analyze([post], zorbs, usual);
    expect(before?.category).toBe('other');
    expect(after).toMatchObject({ category: 'outage', sentiment: 'negative', urgency: 5 });
    expect(after?.reasoning).toMatch(
      /^learned from your corrections: outage, not other \(“(?:zorbulator|wobbling)”/,
    );
    expect(before?.reasoning).not.toContain('corrections');
  });

  test('leaves other posts as they were', async () => {
    const others = [
      'I love the new design',
      'How do I export my notes?',
      'It crashes when I open a file',
      usual[3] ?? '',
    ];
    expect(await analyze(others, zorbs, usual)).toEqual(await analyze(others, []));
  });

  test('is as it was shipped when the corrections are taken back', async () => {
    const posts = zorbs.map(({ text }) => text);
    expect(await analyze(posts, [])).toEqual(await analyze(posts, [], usual));
  });

  test('is moved little by a single correction', async () => {
    const [lone] = zorbs;
    const others = places.map((place) => `The team in ${place} is great and the app works well`);
    const before = await analyze(others, []);
    const after = await analyze(others, lone === undefined ? [] : [lone]);
    expect(after.map(({ category }) => category)).toEqual(before.map(({ category }) => category));
  });

  test('learns the same from the same labels, in whatever order they come', async () => {
    const posts = ['The zorbulator wobbles', 'a nice lunch', 'It is down'];
    const expected = await analyze(posts, zorbs, usual);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(zorbs, { minLength: zorbs.length }), async (shuffled) => {
        expect(await analyze(posts, shuffled, usual)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test('gives an analysis within its bounds whatever was labelled', async () => {
    const said = fc.record({
      category: fc.constantFrom('bug', 'churn', 'other', null),
      sentiment: fc.constantFrom('positive', 'neutral', 'negative', null),
      urgency: fc.option(fc.integer({ min: 0, max: 5 })),
      text: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(said, { maxLength: 8 }),
        fc.string({ maxLength: 60 }),
        async (labels, post) => {
          const [analysis] = await analyze(
            [post, ...labels.map(({ text }) => text)],
            labels.map(({ text, ...rest }, index) => labelOf(index + 1, text, rest)),
          );
          expect(analysis?.urgency).toBeGreaterThanOrEqual(0);
          expect(analysis?.urgency).toBeLessThanOrEqual(5);
          expect(analysis?.confidence).toBeGreaterThanOrEqual(0);
          expect(analysis?.confidence).toBeLessThanOrEqual(1);
          expect(analysis?.reasoning.length).toBeLessThanOrEqual(400);
        },
      ),
      { numRuns: 25 },
    );
  });
});
