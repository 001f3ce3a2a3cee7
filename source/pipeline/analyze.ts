import type { Analysis } from '../domain/analysis.ts';
import type { AnalysisRequest } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineStore } from '../ports/store.ts';

/** The configured analyzers as one: every signal gets an answer, and the answer says whose it is. */
export interface AnalysisChain {
  readonly batchSize: number;
  /** A run begins: caps of a run start anew. */
  begin(): Promise<void>;
  analyze(
    batch: readonly AnalysisRequest[],
    options: { readonly signal: AbortSignal; readonly onWarning: (warning: string) => void },
  ): Promise<readonly { readonly signalId: number; readonly analysis: Omit<Analysis, 'analyzedAt'> }[]>;
}

/** Analyzes one batch of what lacks an analysis (of `among` only, when given); returns how many were asked about and answered. */
export async function analyzeBatch(
  { store, chain, clock }: { store: PipelineStore; chain: AnalysisChain; clock: Clock },
  options: {
    readonly signal: AbortSignal;
    readonly onWarning: (warning: string) => void;
    readonly among?: readonly number[];
  },
): Promise<{ readonly asked: number; readonly answered: number }> {
  const batch = await store.unanalyzed(chain.batchSize, options.among);
  if (batch.length === 0) return { asked: 0, answered: 0 };
  const answers = await chain.analyze(batch, options);
  const analyzedAt = clock.now();
  await store.saveAnalyses(
    answers.map(({ signalId, analysis }) => ({ signalId, analysis: { ...analysis, analyzedAt } })),
  );
  return { asked: batch.length, answered: answers.length };
}
