import { afterEach, describe, expect, test, vi } from 'vitest';
import { draftPost } from '../../source/domain/post.ts';
import type { RunProgress } from '../../source/domain/run.ts';
import { TimingBook } from '../../source/domain/timings.ts';
import type { AnalysisChain } from '../../source/pipeline/analyze.ts';
import type { HarvestParts, HarvestRequest } from '../../source/pipeline/harvest-request.ts';
import type { Source } from '../../source/ports/source.ts';
import type { Store } from '../../source/ports/store.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import {
  failingSource,
  harvestScripted,
  listSource,
  ruleChain,
  scriptedParts,
  syntheticPosts,
} from './scripted.ts';

const posts = syntheticPosts('acme', 10, 5);
const stagesOf = ({ stages }: Pick<RunProgress, 'stages'>) =>
  stages.map(({ name, done, total }) => `${name} ${done}/${total}`);

/** A run over ten posts, of which one is a copy. */
async function runOf(change: Partial<HarvestParts & HarvestRequest> = {}, store?: Store) {
  const kept = store ?? (await temporaryStore());
  return { store: kept, run: await harvestScripted(kept, [listSource('one', posts)], change) };
}

/** Answers as `ruleChain` does, but for signals of which `skips` is true. */
const skipping = (skips: (signalId: number) => boolean): AnalysisChain => ({
  ...ruleChain,
  analyze: (batch, watch) =>
    ruleChain.analyze(
      batch.filter(({ signalId }) => !skips(signalId)),
      watch,
    ),
});

afterEach(() => void vi.useRealTimers());

describe('the stages of a run', () => {
  test('count what they have done, and what of it there was', async () => {
    const { run } = await runOf();
    expect(stagesOf(run)).toEqual(['fetch 10/10', 'group 10/10', 'analyze 9/9', 'score 9/9']);
    expect(run.sources).toMatchObject([{ added: 10, echoes: 1 }]);
    expect([run.signals, run.warnings, run.analyzers]).toEqual([
      9,
      [],
      [{ name: 'rule', analyzed: 9, error: null }],
    ]);
  });

  test('that are not asked for leave their work, which a later run counts as its own', async () => {
    const { run, store } = await runOf({ stages: ['fetch'] });
    expect(stagesOf(run)).toEqual(['fetch 10/10', 'group 0/0', 'analyze 0/0', 'score 0/0']);
    expect(await store.pending()).toEqual({ ungrouped: 10, unanalyzed: 0, unscored: 0 });
    const grouped = await harvestScripted(store, [], { stages: ['group'] });
    expect(stagesOf(grouped)).toEqual(['fetch 0/0', 'group 10/10', 'analyze 0/0', 'score 0/0']);
    const analyzed = await harvestScripted(store, [], { stages: ['analyze'] });
    expect(stagesOf(analyzed)).toEqual(['fetch 0/0', 'group 0/0', 'analyze 9/9', 'score 0/0']);
    const heard: string[] = [];
    const scored = await harvestScripted(store, [], {
      stages: ['score'],
      onProgress: (progress) => void heard.push(...stagesOf(progress).slice(3)),
    });
    expect(stagesOf(scored)).toEqual(['fetch 0/0', 'group 0/0', 'analyze 0/0', 'score 9/9']);
    expect(heard).toContain('score 0/9');
  });

  test('fetch nothing when only later stages are asked for', async () => {
    const { run, store } = await runOf({ stages: ['group', 'analyze', 'score'] });
    expect(run.sources).toMatchObject([{ state: 'waiting', fetched: 0 }]);
    expect((await store.size()).posts).toBe(0);
  });

  test('are timed by batch, and a look that finds nothing is no batch', async () => {
    const timings = new TimingBook();
    const { run, store } = await runOf({ timings });
    const counts = (progress: RunProgress) =>
      Object.fromEntries(progress.timings?.stages.map(({ name, count }) => [name, count]) ?? []);
    expect(counts(run)).toEqual({ fetch: 1, group: 1, analyze: 1, score: 1 });
    // What was done before this run is none of its own.
    const { run: second } = await runOf({ timings }, store);
    expect(counts(second)).toEqual({});
    expect((await runOf({}, store)).run.timings).toBeUndefined();
  });

  test('keep of many queries the eight that took most', async () => {
    const timings = new TimingBook();
    const source: Source = {
      ...listSource('one', []),
      async *fetch() {
        for (let query = 1; query <= 12; query += 1) timings.record('queries', `query ${query}`, query);
        yield { posts, cursor: {}, warnings: [] };
      },
    };
    const run = await harvestScripted(await temporaryStore(), [source], { timings });
    expect(run.timings?.queries).toHaveLength(8);
    expect(run.timings?.queries.map(({ name }) => name)).not.toContain('query 4');
  });
});

describe('an analyzer', () => {
  test('that leaves signals out is told of once, and the next run asks again', async () => {
    const { run, store } = await runOf({ chain: skipping((id) => id > 7) });
    expect(run.warnings).toEqual(['2 signals got no analysis; the next run tries again']);
    expect(stagesOf(run)).toEqual(['fetch 10/10', 'group 10/10', 'analyze 7/9', 'score 7/7']);
    expect(run.state).toBe('done');
    const one = await harvestScripted(store, [], { chain: skipping((id) => id > 8) });
    expect(one.warnings).toEqual(['1 signal got no analysis; the next run tries again']);
    const { warnings } = await harvestScripted(store, []);
    expect([warnings, (await store.pending()).unanalyzed]).toEqual([[], 0]);
  });

  test('tells a run what it used, lost and could not do', async () => {
    const use = { model: 'a/b', requests: 1, inputTokens: 5, cachedTokens: 0, outputTokens: 1, reused: 0 };
    const telling = (code: string): AnalysisChain => ({
      ...ruleChain,
      analyze: (batch, watch) => {
        watch.onWarning('openai has no key');
        watch.onLoss?.('openai refused to look at', 2);
        watch.onUse?.({ ...use, costUsd: 0.5 });
        watch.onFailure?.('openai', { code, message: 'no', fix: null });
        return ruleChain.analyze(batch, watch);
      },
    });
    const { run } = await runOf({ chain: telling('model-bad-key') });
    expect(run).toMatchObject({
      state: 'partial',
      warnings: ['openai has no key', 'openai refused to look at 2 posts'],
      models: [{ model: 'a/b', costUsd: 0.5 }],
      analyzers: [{ name: 'openai', analyzed: 0, error: { code: 'model-bad-key' } }, { name: 'rule' }],
    });
    // One that a cap stopped did as told.
    expect((await runOf({ chain: telling('spend-cap') })).run.state).toBe('done');
  });

  test('begins each run that analyzes, and no other', async () => {
    let begun = 0;
    const chain: AnalysisChain = {
      ...ruleChain,
      begin: async () => {
        begun += 1;
      },
    };
    await runOf({ chain, stages: ['fetch', 'group'] });
    expect(begun).toBe(0);
    await runOf({ chain });
    expect(begun).toBe(1);
  });
});

describe('the end of a run', () => {
  test('is a failure only when nothing at all was reached', async () => {
    const store = await temporaryStore();
    const half: Source = {
      ...listSource('half', []),
      async *fetch() {
        yield { posts, cursor: {}, warnings: [] };
        throw new Error('the line was cut');
      },
    };
    const broken = failingSource('broken', new Error('no'));
    expect((await harvestScripted(store, [half, broken])).state).toBe('partial');
    expect((await harvestScripted(store, [broken])).state).toBe('failed');
    expect((await harvestScripted(store, [])).state).toBe('done');
  });

  test('that is a bug is an error, kept as a failed run, with what was stored', async () => {
    const store = await temporaryStore();
    const chain: AnalysisChain = {
      ...ruleChain,
      analyze: async () => {
        throw new TypeError('undefined is not a function');
      },
    };
    await expect(runOf({ chain }, store)).rejects.toThrow(TypeError);
    expect(await store.runs(1)).toMatchObject([{ state: 'failed', signals: 9 }]);
  });

  test('while it analyzes, by the person who started it, is no error', async () => {
    const controller = new AbortController();
    const chain: AnalysisChain = {
      ...ruleChain,
      analyze: async () => {
        controller.abort();
        throw controller.signal.reason;
      },
    };
    const { run, store } = await runOf({ chain, signal: controller.signal });
    expect(run.state).toBe('interrupted');
    expect(await store.runs(1)).toMatchObject([{ state: 'interrupted', id: run.id }]);
    expect(await store.pending()).toMatchObject({ unanalyzed: 9 });
  });

  test('that was asked for before it began fetches nothing', async () => {
    const { run, store } = await runOf({ signal: AbortSignal.abort() });
    expect(run).toMatchObject({ state: 'interrupted', sources: [{ state: 'cancelled', error: null }] });
    expect((await store.size()).posts).toBe(0);
  });
});

test('a run that lasts is written down every two seconds', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const store = await temporaryStore();
  const kept: (string | undefined)[] = [];
  const long = {
    ...listSource('one', posts),
    async *fetch() {
      yield { posts, cursor: {}, warnings: [] };
      for (const ms of [1_999, 1]) {
        vi.advanceTimersByTime(ms);
        await new Promise((resolve) => setTimeout(resolve, 20));
        const [run] = await store.runs(1);
        kept.push(`${run?.state} ${run?.sources[0]?.fetched ?? 'nothing'}`);
      }
    },
  };
  await harvestScripted(store, [long]);
  expect(kept).toEqual(['running nothing', 'running 10']);
  expect(vi.getTimerCount()).toBe(0);
});

describe('the last stage', () => {
  const report = { planned: 1, sent: 1, waiting: 0, failures: 0, dead: 0 };

  test('tells, is timed, and its warnings are those of the run', async () => {
    const timings = new TimingBook();
    const controller = new AbortController();
    const { run } = await runOf({
      timings,
      stages: ['fetch', 'group', 'analyze', 'score', 'notify'],
      signal: controller.signal,
      notify: async ({ signal, onWarning, onProgress }) => {
        expect(signal).toBe(controller.signal);
        onProgress(0, 2);
        onProgress(1, 0);
        onWarning('team: no answer');
        return report;
      },
    });
    expect(stagesOf(run).at(-1)).toBe('notify 1/2');
    expect(run.warnings).toEqual(['team: no answer']);
    expect(run.timings?.stages.find(({ name }) => name === 'notify')?.count).toBe(1);
  });

  test('tells nobody when it is not asked for, and has no line where there is nobody to tell', async () => {
    let told = 0;
    const notify = async () => {
      told += 1;
      return report;
    };
    await runOf({ notify });
    expect(told).toBe(0);
    const { run } = await runOf({ stages: ['fetch', 'notify'] });
    expect(stagesOf(run)).toHaveLength(4);
  });
});

test('a score weighs by source, and a source that has no weight counts 1', async () => {
  const store = await temporaryStore();
  const { settings } = scriptedParts(store).scoring;
  const one = listSource('one', [draftPost({ externalId: '1', text: 'the export is broken' })]);
  const two = listSource('two', [draftPost({ externalId: '2', text: 'what a lovely new icon' })]);
  await harvestScripted(store, [one, two], { scoring: { settings, sourceWeights: { one: 1.5 } } });
  const factors = await Promise.all([1, 2].map(async (id) => (await store.signal(id))?.factors?.source));
  expect(factors).toEqual([1.5, 1]);
});
