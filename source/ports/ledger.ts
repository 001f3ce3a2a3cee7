import type { AnalysisDraft } from '../domain/analysis.ts';
import type { ModelSpend } from '../domain/spend.ts';

/** One answered request to a model. */
export interface ModelUse {
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** What a model answered to one post, under the hash of model, prompt version and the post as it was sent. */
export interface KeptAnswer {
  readonly key: string;
  readonly draft: AnalysisDraft;
}

/** What models were asked, what it cost and what they answered; kept, so that caps hold and nothing is paid for twice. */
export interface ModelLedger {
  /**
   * Keeps the books and the answers in one transaction: what was paid for is
   * never asked again, whatever kills the process. Times in milliseconds, UTC.
   */
  recordModelUse(use: ModelUse, answers: readonly KeptAnswer[], at: number): Promise<void>;
  /** On the day and in the month of `at` (UTC), in US dollars. */
  modelSpent(at: number): Promise<{ readonly todayUsd: number; readonly monthUsd: number }>;
  /** The same by model, for those that were asked in that month. */
  modelSpendOf(
    at: number,
  ): Promise<{ readonly today: readonly ModelSpend[]; readonly month: readonly ModelSpend[] }>;
  /** Those of `keys` that were answered since `since`. */
  keptAnswers(keys: readonly string[], since: number): Promise<ReadonlyMap<string, AnalysisDraft>>;
  /** Forgets answers from before `since`, and the oldest beyond `most`. */
  pruneAnswers(since: number, most: number): Promise<void>;
}
