import type { AnalysisDraft } from '../domain/analysis.ts';

/** What an analyzer gets to see of a signal. */
export interface AnalysisRequest {
  readonly signalId: number;
  /** Source kind of the lead post. */
  readonly kind: string;
  readonly author: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly lang: string | null;
}

export interface AnalysisResult {
  readonly signalId: number;
  readonly analysis: AnalysisDraft;
}

/**
 * Says what signals are about.
 *
 * - Answers are matched by `signalId`, in any order. A request without an
 *   answer falls to the next analyzer of the chain; an answer to a signal that
 *   was not asked about is ignored.
 * - Pure as far as the caller can see: the same batch may be sent again.
 * - Throws `UserError` when it cannot work at all (no key, no credit); the
 *   chain then goes on without it and says so.
 */
export interface Analyzer {
  /** Written into the analysis: `offline`, `openai`, `anthropic`. */
  readonly name: string;
  /** Signals that one call should carry at most. */
  readonly batchSize: number;
  analyze(
    batch: readonly AnalysisRequest[],
    options: {
      readonly signal: AbortSignal;
      /** What a person should know of: refused posts, a spend cap. In words, without the text of posts. */
      readonly onWarning?: ((warning: string) => void) | undefined;
    },
  ): Promise<readonly AnalysisResult[]>;
}
