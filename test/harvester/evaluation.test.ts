import { expect, test } from 'vitest';
import {
  createEvaluation,
  type EvaluationParts,
  type EvaluationRow,
} from '../../source/harvester/evaluation.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const rowOf = (text: string, category: string): EvaluationRow => ({
  text,
  title: null,
  kind: 'file',
  lang: null,
  category,
  sentiment: null,
  urgency: 3,
  known: ['bug', 'feature'],
});
const rows = [rowOf('one', 'bug'), rowOf('two', 'bug'), rowOf('three', 'feature'), rowOf('four', 'none')];

/** A priced analyzer that calls everything a bug but leaves one post out. */
async function pricedEvaluation(change: Partial<EvaluationParts> = {}) {
  const store = await temporaryStore();
  return createEvaluation({
    store,
    learns: true,
    leftUsd: async () => 0.5,
    begin: async () => undefined,
    estimate: async (_name, batch) => ({ requests: 1, tokens: batch.length * 100, usd: batch.length * 0.1 }),
    open: () => {
      const used = { requests: 0, tokens: 0, usd: 0 };
      return {
        analyze: async (batch, { onWarning }) => {
          used.requests += 1;
          used.tokens += 250;
          used.usd += 0.25;
          onWarning('refused one');
          return batch
            .filter(({ text }) => text !== 'two')
            .map(({ signalId }) => ({
              signalId,
              analysis: {
                category: 'bug',
                sentiment: 'neutral' as const,
                urgency: 1,
                tags: [],
                reasoning: 'all are',
                confidence: 0.75,
              },
            }));
        },
        used: () => used,
      };
    },
    ...change,
  });
}

const request = { analyzers: ['openai'] as const, rows, ownLabels: true, limit: null };

test('a post without an answer counts as wrong, and is told', async () => {
  const { posts, analyzers } = await (await pricedEvaluation()).run(request);
  expect(posts).toBe(4);
  const [openai] = analyzers;
  expect(openai).toMatchObject({ analyzer: 'openai', asked: 4, unanswered: 1, warnings: ['refused one'] });
  expect(openai?.category).toMatchObject({ n: 4, accuracy: 0.25 });
  expect(openai?.category?.confusion.bug).toEqual({ bug: 1, '(no answer)': 1 });
  expect(openai?.urgencyError).toBe(2);
});

test('what it cost is in the result, and what it would cost is known before', async () => {
  const evaluation = await pricedEvaluation();
  const { analyzers } = await evaluation.run(request);
  expect(analyzers[0]).toMatchObject({ requests: 1, tokens: 250, usd: 0.25 });
  expect(await evaluation.estimate(request)).toMatchObject({ posts: 4, totalUsd: 0.4, leftUsd: 0.5 });
});

test('a limit takes posts from all over the list', async () => {
  const asked: string[] = [];
  const evaluation = await pricedEvaluation({
    open: () => ({
      analyze: async (batch) => {
        asked.push(...batch.map(({ text }) => text));
        return [];
      },
      used: () => ({ requests: 0, tokens: 0, usd: 0 }),
    }),
  });
  await evaluation.run({ ...request, limit: 2 });
  expect(asked).toEqual(['one', 'three']);
});

test('an abort ends it with its reason', async () => {
  const evaluation = await pricedEvaluation();
  await expect(evaluation.run(request, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
});
