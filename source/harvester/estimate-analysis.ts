import { SpendMeter } from '../domain/spend.ts';
import type { AnalysisRequest, Analyzer, AnalyzerEstimate } from '../ports/analyzer.ts';
import type { AnalyzedSignal } from '../ports/desk-store.ts';
import type { Store } from '../ports/store.ts';
import type { AnalysisDeskParts, AnalysisEstimate, AnalysisEstimateRequest } from './analysis-desk.ts';

const pageSize = 200;

/**
 * What each model of the chain would be asked, as if it answered all, in the
 * batches of a run. `chosen` are the signals of a selection; null stands for
 * what waits for its first analysis.
 */
export async function estimateAnalysis(
  { store, clock, analyzers, modelCaps }: AnalysisDeskParts,
  { analyzer, fresh = false }: AnalysisEstimateRequest,
  chosen: AsyncIterable<readonly AnalyzedSignal[]> | null,
): Promise<AnalysisEstimate> {
  const asked = analyzers.filter(({ name }) => analyzer === undefined || name === analyzer);
  const totals = new Map<Analyzer, AnalyzerEstimate>();
  const ungrouped = chosen === null ? (await store.pending()).ungrouped : 0;
  const pages = chosen === null ? waitingPages(store) : requestsOf(chosen);
  let requests = 0;
  for await (const page of withOneEmpty(pages)) {
    requests += page.length;
    for (const each of asked) {
      const estimate = await each.estimate?.(page, { fresh });
      if (estimate !== undefined) totals.set(each, addEstimates(totals.get(each), estimate));
    }
  }
  const meter = new SpendMeter(modelCaps, await store.modelSpent(clock.now()));
  return {
    signals: Math.max(0, requests - ungrouped),
    ungrouped,
    models: [...totals].map(([{ name, model }, estimate]) => ({
      analyzer: name,
      model: model?.name ?? name,
      ...estimate,
    })),
    leftUsd: meter.leftUsd,
    limit: meter.leftUsd === null ? null : meter.limit,
  };
}

type Pages = AsyncGenerator<readonly AnalysisRequest[]>;

async function* waitingPages(store: Store): Pages {
  const unanalyzed = (limit: number, afterId: number) => store.unanalyzed(limit, { afterId });
  for (const read of [unanalyzed, store.ungroupedRequests]) {
    let afterId = 0;
    for (;;) {
      const page = await read(pageSize, afterId);
      if (page.length === 0) break;
      yield page;
      afterId = page.at(-1)?.signalId ?? afterId;
    }
  }
}

async function* requestsOf(chosen: AsyncIterable<readonly AnalyzedSignal[]>): Pages {
  for await (const page of chosen) yield page.map(({ request }) => request);
}

/** So that every model has its line, also when nothing waits. */
async function* withOneEmpty(pages: Pages): Pages {
  yield [];
  yield* pages;
}

function addEstimates(before: AnalyzerEstimate | undefined, more: AnalyzerEstimate): AnalyzerEstimate {
  if (before === undefined) return more;
  return {
    obstacle: before.obstacle,
    reused: before.reused + more.reused,
    requests: before.requests + more.requests,
    inputTokens: before.inputTokens + more.inputTokens,
    outputTokens: before.outputTokens + more.outputTokens,
    costUsd: before.costUsd + more.costUsd,
  };
}
