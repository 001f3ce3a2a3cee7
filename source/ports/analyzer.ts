import type { AnalysisDraft, ModelMark } from '../domain/analysis.ts';
import type { ErrorSummary } from '../domain/failure.ts';
import type { ModelSpend } from '../domain/spend.ts';

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

export interface AnalyzerOptions {
  readonly signal: AbortSignal;
  /** What a person should know of: a server that wants less, a failure. In words, without the text of posts. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Posts that it could not do right by; the number follows the words: "openai refused to look at" 3 posts. */
  readonly onLoss?: ((words: string, posts: number) => void) | undefined;
  /** Called for each answer that was paid for, and for answers that had been paid for before. */
  readonly onUse?: ((use: ModelSpend) => void) | undefined;
  /** Called when it could not go on after it had answered some; when it answered none, it throws. */
  readonly onFailure?: ((failure: ErrorSummary) => void) | undefined;
  /** Ask again what was answered before. */
  readonly fresh?: boolean | undefined;
}

/** What asking a model about a batch would take. Tokens are estimated, rather too high than too low. */
export interface AnalyzerEstimate {
  /** Why it could not be asked at all ("There is no key for openai."); null when it could. */
  readonly obstacle: string | null;
  /** Answers that are kept from before and cost nothing. */
  readonly reused: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
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
  /** Written into the analysis where a model makes it. */
  readonly model?: ModelMark;
  /** Signals that one call should carry at most. */
  readonly batchSize: number;
  analyze(batch: readonly AnalysisRequest[], options: AnalyzerOptions): Promise<readonly AnalysisResult[]>;
  /** Where answers cost money: what `batch` would take. Asks nobody and writes nothing. */
  estimate?(
    batch: readonly AnalysisRequest[],
    options: Pick<AnalyzerOptions, 'fresh'>,
  ): Promise<AnalyzerEstimate>;
}
