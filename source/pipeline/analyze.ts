import type { Analysis } from '../domain/analysis.ts';
import type { ErrorSummary } from '../domain/failure.ts';
import type { AnalysisRequest, AnalyzerOptions } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineStore } from '../ports/pipeline-store.ts';

export interface ChainWatch extends Omit<AnalyzerOptions, 'onFailure'> {
  readonly onWarning: (warning: string) => void;
  /** An analyzer could not work, or not go on; the next one did. It is warned of too. */
  readonly onFailure?: ((analyzer: string, failure: ErrorSummary) => void) | undefined;
}

/** The configured analyzers as one: every signal gets an answer, and the answer says whose it is. */
export interface AnalysisChain {
  readonly batchSize: number;
  /** A run begins: caps of a run start anew. */
  begin(): Promise<void>;
  analyze(
    batch: readonly AnalysisRequest[],
    watch: ChainWatch,
  ): Promise<readonly { readonly signalId: number; readonly analysis: Omit<Analysis, 'analyzedAt'> }[]>;
}

/** Analyzes one batch of what lacks an analysis (of `among` only, when given); returns how many were asked about and who answered them. */
export async function analyzeBatch(
  { store, chain, clock }: { store: PipelineStore; chain: AnalysisChain; clock: Clock },
  watch: ChainWatch,
  among?: readonly number[],
): Promise<{ readonly asked: number; readonly answeredBy: readonly string[] }> {
  const batch = await store.unanalyzed(chain.batchSize, { among });
  if (batch.length === 0) return { asked: 0, answeredBy: [] };
  const answers = await chain.analyze(batch, watch);
  const analyzedAt = clock.now();
  await store.saveAnalyses(
    answers.map(({ signalId, analysis }) => ({ signalId, analysis: { ...analysis, analyzedAt } })),
  );
  return { asked: batch.length, answeredBy: answers.map(({ analysis }) => analysis.analyzer) };
}
