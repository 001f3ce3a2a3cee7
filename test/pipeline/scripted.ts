import { anySource, configSchema } from '../../source/config/schema.ts';
import type { Analysis } from '../../source/domain/analysis.ts';
import { draftPost, type PostDraft } from '../../source/domain/post.ts';
import { categoryBoosts } from '../../source/domain/taxonomy.ts';
import type { HarvesterParts } from '../../source/harvester/harvester-parts.ts';
import type { AnalysisChain } from '../../source/pipeline/analyze.ts';
import { harvest } from '../../source/pipeline/harvest.ts';
import type { HarvestParts, HarvestRequest } from '../../source/pipeline/harvest-request.ts';
import type { Clock } from '../../source/ports/clock.ts';
import type { Flags } from '../../source/ports/flags.ts';
import type { PipelineStore } from '../../source/ports/pipeline-store.ts';
import type { Source } from '../../source/ports/source.ts';
import { openArchive } from '../../source/snapshots/archive.ts';
import { openStoreFiles } from '../../source/store/files.ts';

const config = configSchema(anySource).parse({});
const noCaps = { perRunUsd: null, perDayUsd: null, perMonthUsd: null };

/** A clock that stands still, so that two runs write the same times. */
export const stoppedClock: Clock = {
  now: () => Date.UTC(2026, 10, 22, 12),
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
};

/** A source with a fixed list of posts, `pageSize` a page; its cursor is how many were given. */
export function listSource(name: string, posts: readonly PostDraft[], pageSize = 50): Source {
  return {
    name,
    kind: 'list',
    async *fetch({ cursor, signal }) {
      for (let start = Number(cursor?.given ?? 0); start < posts.length; start += pageSize) {
        signal.throwIfAborted();
        // As a real source does, give the event loop a turn between pages.
        await new Promise((resolve) => setTimeout(resolve, 1));
        const page = posts.slice(start, start + pageSize);
        yield { posts: page, cursor: { given: start + page.length }, warnings: [] };
      }
    },
  };
}

export function failingSource(name: string, error: unknown): Source {
  return {
    name,
    kind: 'list',
    // biome-ignore lint/correctness/useYield: it fails before its first page
    async *fetch() {
      throw error;
    },
  };
}

/** Distinct posts with the given copies among them: every `every`th repeats an earlier one. */
export function syntheticPosts(prefix: string, count: number, every = 7): PostDraft[] {
  const text = (index: number) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `word${(index * 7919 + step * 104_729) % 99_991}`).join(' ');
  return Array.from({ length: count }, (_, index) =>
    draftPost({
      externalId: `${prefix}-${index}`,
      text: index % every === 0 && index > 0 ? text(index - 1) : text(index),
      author: `author${index % 50}`,
      createdAt: Date.UTC(2026, 10, 21) + index * 1000,
      engagement: { likes: index % 11, reposts: index % 3, replies: 0, quotes: 0 },
    }),
  );
}

/** Answers by rule, so that the same signal always gets the same analysis. */
export const ruleChain: AnalysisChain = {
  batchSize: 100,
  begin: async () => undefined,
  analyze: async (batch) =>
    batch.map(({ signalId, text }) => ({
      signalId,
      analysis: {
        category: text.length % 2 === 0 ? 'outage' : 'other',
        sentiment: 'negative',
        urgency: text.length % 6,
        tags: [],
        reasoning: 'by rule',
        confidence: 1,
        analyzer: 'rule',
      } satisfies Omit<Analysis, 'analyzedAt'>,
    })),
};

/** Every flag is on, as by default. */
export const everyFlag: Flags = { isOn: () => true };

/** The defaults of the configuration around a store; snapshots lie beside it. */
export function scriptedParts(
  store: PipelineStore & { readonly path?: string },
): HarvestParts & Pick<HarvesterParts, 'analysis' | 'snapshots' | 'retention' | 'saveScore'> {
  const path = store.path ?? 'no-store';
  const archive = openArchive({
    folder: `${path}-snapshots`,
    copyTo: null,
    files: openStoreFiles(path),
    clock: stoppedClock,
    programVersion: '0.0.0',
  });
  return {
    snapshots: { archive, automatic: true },
    retention: { policy: config.snapshots.retention, signals: config.retention.signals },
    store,
    clock: stoppedClock,
    chain: ruleChain,
    flags: everyFlag,
    grouping: config.grouping,
    scoring: {
      settings: { ...config.score, categories: categoryBoosts(config.taxonomy) },
      sourceWeights: {},
    },
    concurrency: 1,
    maxPostsPerSource: 100_000,
    excludeFor: () => () => null,
    spendCaps: noCaps,
    saveScore: async () => 'config.yaml',
    analysis: { analyzers: [], chainOf: () => ruleChain, modelCaps: noCaps },
  };
}

/** One pass over `sources` with the defaults of the configuration; `change` replaces parts of it. */
export function harvestScripted(
  store: PipelineStore,
  sources: readonly Source[],
  change: Partial<HarvestParts & HarvestRequest> = {},
) {
  const parts: HarvestParts = { ...scriptedParts(store), ...change };
  return harvest(parts, {
    sources,
    stages: ['fetch', 'group', 'analyze', 'score'],
    rescore: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...change,
  });
}
