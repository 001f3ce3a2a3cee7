import { describe, expect, test } from 'vitest';
import { createAnalysisDesk } from '../../source/harvester/analysis-desk.ts';
import type { ReadQuery } from '../../source/harvester/matching-signals.ts';
import type { AnalysisChain } from '../../source/pipeline/analyze.ts';
import {
  everyFlag,
  harvestScripted,
  listSource,
  ruleChain,
  scriptedParts,
  syntheticPosts,
} from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const noCaps = { perRunUsd: null, perDayUsd: null, perMonthUsd: null };
const flags = async () => everyFlag;

/** Calls everything a question, and tells of each batch. */
function questionChain(onBatch: () => void = () => undefined): AnalysisChain {
  return {
    ...ruleChain,
    analyze: async (batch, watch) => {
      watch.signal.throwIfAborted();
      onBatch();
      const answers = await ruleChain.analyze(batch, watch);
      return answers.map(({ signalId, analysis }) => ({
        signalId,
        analysis: { ...analysis, category: 'question' },
      }));
    },
  };
}

const everything: ReadQuery = async () => ({ filter: {}, sort: 'oldest' });

async function deskOn(chain: AnalysisChain, count = 700) {
  const store = await temporaryStore();
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', count, count))]);
  const { clock, scoring } = scriptedParts(store);
  const desk = createAnalysisDesk(
    { store, clock, scoring, analyzers: [], chainOf: () => chain, modelCaps: noCaps, flags },
    async ({ minSalience: _, order: __, search: ___, ...filter }) => ({ filter, sort: 'oldest' }),
  );
  return { store, desk };
}

describe('analyzing again', () => {
  test('takes every signal that matched once, also when saving moves it out of the filter', async () => {
    const { store, desk } = await deskOn(questionChain());
    const { count: others } = await store.countSignals({ categories: ['other'] }, 10_000);
    expect(others).toBeGreaterThan(210);
    const query = { categories: ['other'] };
    const report = await desk.reanalyze({ query, save: true, limit: 3 });
    expect(report).toMatchObject({ signals: others, changed: others, saved: others, same: 0 });
    expect(report.changes).toHaveLength(3);
    expect(report.moves).toEqual([{ before: 'other', after: 'question', signals: others }]);
    expect((await store.countSignals({ categories: ['other'] }, 10_000)).count).toBe(0);
    expect(await store.pending()).toMatchObject({ unscored: 0, unanalyzed: 0 });
  });

  test('without saving leaves the store byte for byte as it was', async () => {
    const { store, desk } = await deskOn(questionChain(), 50);
    const before = JSON.stringify(await store.signal(1));
    const report = await desk.reanalyze({ query: {}, save: false, limit: 0 });
    expect(report).toMatchObject({ signals: 50, saved: 0, changes: [] });
    expect(JSON.stringify(await store.signal(1))).toBe(before);
  });

  test('that is cancelled resolves with what was done, which stays saved and scored', async () => {
    const stop = new AbortController();
    let batches = 0;
    const { store, desk } = await deskOn(
      questionChain(() => {
        batches += 1;
        if (batches === 2) stop.abort(new Error('cancelled'));
      }),
    );
    const report = await desk.reanalyze({ query: {}, save: true, limit: 0 }, { signal: stop.signal });
    expect(report.interrupted).toBe(true);
    expect(report.saved).toBe(400);
    expect((await store.countSignals({ categories: ['question'] }, 10_000)).count).toBe(400);
    expect((await store.pending()).unscored).toBe(0);
  });

  test('counts a signal that had no analysis as changed from none', async () => {
    const store = await temporaryStore();
    await harvestScripted(store, [listSource('one', syntheticPosts('acme', 5))], {
      stages: ['fetch', 'group'],
    });
    const { clock, scoring } = scriptedParts(store);
    const parts = {
      store,
      clock,
      scoring,
      analyzers: [],
      chainOf: () => ruleChain,
      modelCaps: noCaps,
      flags,
    };
    const report = await createAnalysisDesk(parts, everything).reanalyze({ query: {}, save: true, limit: 9 });
    expect(report).toMatchObject({ changed: 5, saved: 5 });
    expect(report.changes[0]).toMatchObject({ before: null, after: { analyzer: 'rule' } });
    expect((await store.pending()).unanalyzed).toBe(0);
  });
});
