import { describe, expect, test } from 'vitest';
import { analyzeWithChain } from '../../source/analyzers/chain.ts';
import type { AnalysisDraft } from '../../source/domain/analysis.ts';
import { UserError } from '../../source/errors.ts';
import type { AnalysisRequest, Analyzer } from '../../source/ports/analyzer.ts';

const draft: AnalysisDraft = {
  category: 'bug',
  sentiment: 'negative',
  urgency: 2,
  tags: ['login'],
  reasoning: 'bug: “crash”',
  confidence: 0.7,
};

const request = (signalId: number): AnalysisRequest => ({
  signalId,
  kind: 'file',
  author: null,
  title: null,
  text: `post ${signalId}`,
  lang: null,
});

/** An analyzer that answers with what `answer` returns, and remembers what it was asked. */
function answering(
  name: string,
  answer: (request: AnalysisRequest) => unknown,
  batchSize = 10,
): Analyzer & { readonly asked: number[][] } {
  const asked: number[][] = [];
  return {
    name,
    batchSize,
    asked,
    async analyze(batch) {
      asked.push(batch.map(({ signalId }) => signalId));
      return batch.flatMap((entry) => {
        const analysis = answer(entry);
        return analysis === undefined
          ? []
          : [{ signalId: entry.signalId, analysis: analysis as AnalysisDraft }];
      });
    },
  };
}

function failing(name: string, error: unknown): Analyzer {
  return { name, batchSize: 10, analyze: () => Promise.reject(error) };
}

function run(analyzers: readonly Analyzer[], ids: readonly number[], options: { signal?: AbortSignal } = {}) {
  const warnings: string[] = [];
  const results = analyzeWithChain(analyzers, ids.map(request), {
    signal: options.signal ?? new AbortController().signal,
    onWarning: (warning) => warnings.push(warning),
  });
  return { results, warnings };
}

describe('a chain of analyzers', () => {
  test('asks the first for everything and the next for nothing when all is answered', async () => {
    const first = answering('first', () => draft);
    const second = answering('second', () => draft);
    const { results, warnings } = run([first, second], [1, 2]);
    expect(await results).toEqual([
      { signalId: 1, analysis: draft, analyzer: 'first' },
      { signalId: 2, analysis: draft, analyzer: 'first' },
    ]);
    expect(second.asked).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('passes what was not answered on to the next', async () => {
    const first = answering('first', ({ signalId }) => (signalId % 2 === 0 ? draft : undefined));
    const second = answering('second', () => draft);
    const { results } = run([first, second], [1, 2, 3]);
    const byId = new Map((await results).map(({ signalId, analyzer }) => [signalId, analyzer]));
    expect(byId).toEqual(
      new Map([
        [2, 'first'],
        [1, 'second'],
        [3, 'second'],
      ]),
    );
    expect(second.asked).toEqual([[1, 3]]);
  });

  test('goes on without one that cannot work, and says so with the fix', async () => {
    const broken = failing(
      'model',
      new UserError('no-key', 'The key is missing.', { fix: 'Set MODEL_KEY.' }),
    );
    const { results, warnings } = run([broken, answering('offline', () => draft)], [1]);
    expect(await results).toMatchObject([{ analyzer: 'offline' }]);
    expect(warnings).toEqual(['model: The key is missing. Set MODEL_KEY.']);
  });

  test('keeps what an analyzer had answered before it gave up', async () => {
    let calls = 0;
    const tiring: Analyzer = {
      name: 'tiring',
      batchSize: 1,
      analyze: async (batch) => {
        calls += 1;
        if (calls > 1) throw new UserError('no-credit', 'No credit left.', { fix: 'Pay.' });
        return batch.map(({ signalId }) => ({ signalId, analysis: draft }));
      },
    };
    const { results } = run([tiring, answering('offline', () => draft)], [1, 2, 3]);
    expect((await results).map(({ analyzer }) => analyzer)).toEqual(['tiring', 'offline', 'offline']);
    expect(calls).toBe(2);
  });

  test('lets a bug through', async () => {
    const { results } = run([failing('buggy', new TypeError('x is not a function'))], [1]);
    await expect(results).rejects.toThrow('x is not a function');
  });

  test('never sends more than an analyzer takes at once', async () => {
    const small = answering('small', () => draft, 2);
    await run([small], [1, 2, 3, 4, 5]).results;
    expect(small.asked).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('ignores answers to signals that were not asked about, and second answers', async () => {
    const chatty: Analyzer = {
      name: 'chatty',
      batchSize: 10,
      analyze: async () => [
        { signalId: 99, analysis: draft },
        { signalId: 1, analysis: draft },
        { signalId: 1, analysis: { ...draft, category: 'praise' } },
      ],
    };
    const { results } = run([chatty], [1]);
    expect(await results).toEqual([{ signalId: 1, analysis: draft, analyzer: 'chatty' }]);
  });

  test.each([
    ['a category outside the taxonomy', { ...draft, category: 'pirates' }],
    ['no category', { ...draft, category: undefined }],
    ['a mood that does not exist', { ...draft, sentiment: 'furious' }],
    ['an urgency that is not a number', { ...draft, urgency: 'high' }],
    ['a confidence that is not a number', { ...draft, confidence: Number.NaN }],
    ['words instead of an analysis', 'bug'],
    ['nothing', null],
  ])('an answer with %s falls to the next analyzer and is told of', async (_, nonsense) => {
    const { results, warnings } = run(
      [answering('model', () => nonsense), answering('offline', () => draft)],
      [1],
    );
    expect(await results).toMatchObject([{ analyzer: 'offline' }]);
    expect(warnings).toEqual(['model gave 1 answer that made no sense: went on without']);
  });

  test('clamps numbers and lists that are out of bounds', async () => {
    const wild = {
      ...draft,
      urgency: 11.4,
      confidence: 3,
      tags: [' Login ', 'login', '', 7, ...'abcdefghij'],
      reasoning: 'x'.repeat(2_000),
    };
    const [result] = await run([answering('model', () => wild)], [1]).results;
    expect(result?.analysis).toEqual({
      ...draft,
      urgency: 5,
      confidence: 1,
      tags: ['login', 'a', 'b', 'c', 'd', 'e', 'f', 'g'],
      reasoning: 'x'.repeat(400),
    });
  });

  test('leaves out what nobody could answer', async () => {
    expect(await run([answering('silent', () => undefined)], [1]).results).toEqual([]);
    expect(await run([], [1]).results).toEqual([]);
  });

  test('stops with the reason when aborted', async () => {
    const controller = new AbortController();
    controller.abort(new Error('the run was cancelled'));
    const { results } = run([answering('first', () => draft)], [1], { signal: controller.signal });
    await expect(results).rejects.toThrow('the run was cancelled');
  });
});
