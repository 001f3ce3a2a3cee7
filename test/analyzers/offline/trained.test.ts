import { describe, expect, test } from 'vitest';
import type { Labelled } from '../../../bench/offline/labelled-sets.ts';
import { trainWeights } from '../../../bench/offline/train-weights.ts';
import { confidenceAt, formatCurve, parseCurve } from '../../../source/analyzers/offline/confidence.ts';
import { readText } from '../../../source/analyzers/offline/reading.ts';
import { TrainedModel, type WeightsFile } from '../../../source/analyzers/offline/trained-model.ts';
import weights from '../../../source/analyzers/offline/weights.json' with { type: 'json' };
import { readWordFeatures } from '../../../source/analyzers/offline/word-features.ts';
import { analyzeOne } from './analyze-one.ts';

const featuresOf = (text: string) => readWordFeatures(readText(null, text));
const rounded = (votes: ReadonlyMap<string, number>) =>
  Object.fromEntries([...votes].map(([name, vote]) => [name, Number(vote.toFixed(2))]));

/** Made up for this test: two sets, so that each can teach its own answers. */
const madeUp: readonly Labelled[] = Array.from({ length: 60 }, (_, index) => {
  const rows = [
    { set: 'category-github-issues', group: 'a/a', label: 'bug', text: `stack trace when saving ${index}` },
    { set: 'category-github-issues', group: 'a/a', label: 'feature', text: `allow sorting by date ${index}` },
    {
      set: 'category-github-issues',
      group: 'b/b',
      label: 'question',
      text: `which setting turns it off? ${index}`,
    },
    { set: 'category-app-reviews-maalej', group: 'r', label: 'bug', text: 'quits when saving a picture' },
    {
      set: 'category-app-reviews-maalej',
      group: 'r',
      label: 'praise',
      text: 'delightful, my daily companion',
    },
  ] as const;
  return rows[index % rows.length] ?? rows[0];
});

describe('the weights that ship', () => {
  test('fit in the package', () => {
    expect(JSON.stringify(weights).length).toBeLessThan(600_000);
  });

  test('give these votes to these sentences', () => {
    const model = new TrainedModel(weights);
    const votes = Object.fromEntries(
      [
        'The window freezes when I resize it',
        'Please add an option to sort the list',
        'Which version should I install on a server?',
        'Lovely app, use it every day',
      ].map((text) => [
        text,
        { ...rounded(model.categoryVotes(featuresOf(text))), ...rounded(model.moodVotes(featuresOf(text))) },
      ]),
    );
    expect(votes).toMatchSnapshot();
  });

  test('are refused when made for another number of features', () => {
    expect(() => new TrainedModel({ ...weights, buckets: 16 })).toThrow('weights for 16 features');
  });

  test('state a confidence that rises with the margin', () => {
    for (const text of Object.values(weights.confidence)) {
      const points = parseCurve(text);
      expect(formatCurve(points)).toBe(text);
      for (let margin = 0; margin < 10; margin += 0.1) {
        expect(confidenceAt(points, margin + 0.1)).toBeGreaterThanOrEqual(
          confidenceAt(points, margin) - 0.01,
        );
      }
    }
  });
});

describe('training', () => {
  test('on the same posts gives the same weights, bit for bit', () => {
    expect(JSON.stringify(trainWeights(madeUp, []))).toBe(JSON.stringify(trainWeights(madeUp, [])));
  });

  test('learns what the posts teach', () => {
    const file: WeightsFile = { ...trainWeights(madeUp, []), confidence: {} };
    const model = new TrainedModel(file);
    const best = (text: string) =>
      [...model.categoryVotes(featuresOf(text))].sort((a, b) => b[1] - a[1]).map(([name]) => name)[0];
    expect(best('it quits when saving')).toBe('bug');
    expect(best('allow sorting')).toBe('feature');
    expect(best('which setting?')).toBe('question');
    expect(best('a delightful companion')).toBe('praise');
  });

  test('a word that was never seen has no vote', () => {
    const model = new TrainedModel({ ...trainWeights(madeUp, []), confidence: {} });
    const features = featuresOf('zyzzyva');
    expect(model.strongestWords('bug', features)).toEqual([]);
  });
});

describe('the model beside the word lists', () => {
  test('its words are named in the reason, and called learned', async () => {
    const { category, reasoning } = await analyzeOne('The screen freezes whenever I scroll since the update');
    expect(category).toBe('bug');
    expect(reasoning).toMatch(/^bug: .*learned words “\w+”/);
  });

  test('has no say in headlines, in short posts to somebody, and in other languages', async () => {
    const headline = { kind: 'hackernews', title: 'The window freezes when I resize it' };
    for (const [text, fields] of [
      ['', headline],
      ['@acme the window flickers when I resize it', {}],
      ['La ventana parpadea when resize', { lang: 'es' }],
    ] as const) {
      expect((await analyzeOne(text, fields)).reasoning).not.toContain('learned');
    }
  });

  test('a complaint with thanks is no praise', async () => {
    expect((await analyzeOne('thank you, export is broken again')).category).toBe('bug');
  });
});
