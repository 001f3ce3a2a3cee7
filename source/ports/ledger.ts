/** One answered request to a model. */
export interface ModelUse {
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** What models were asked and what it cost; kept, so that caps of a day and a month hold across runs. */
export interface ModelLedger {
  /** One transaction; times in milliseconds, UTC. */
  recordModelUse(use: ModelUse, at: number): Promise<void>;
  /** On the day and in the month of `at` (UTC), in US dollars. */
  modelSpent(at: number): Promise<{ readonly todayUsd: number; readonly monthUsd: number }>;
}
