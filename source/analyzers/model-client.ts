import type { UserError } from '../errors.ts';

export interface ModelUsage {
  readonly inputTokens: number;
  /** Of the input tokens, those that the service had cached. */
  readonly cachedTokens: number;
  /** Of the input tokens, those that the service charges more for, since it wrote them into its cache. */
  readonly writtenTokens?: number;
  readonly outputTokens: number;
}

export const noUsage: ModelUsage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

/** What came back, whatever the service. */
export interface ModelAnswer {
  /** Parsed JSON; null when it was none. */
  readonly content: unknown;
  readonly stop: 'done' | 'truncated' | 'refused' | 'filtered';
  readonly usage: ModelUsage;
}

/** A failure of a request, told apart by what to do about it. */
export class ModelFailure extends Error {
  readonly error: UserError;
  /** never: the key, the credit or the request itself is wrong, and will be for the rest of the run. */
  readonly retry: 'never' | 'later';
  /** Milliseconds that the service asked to wait; null when it did not say. */
  readonly waitMs: number | null;

  constructor(error: UserError, retry: 'never' | 'later', waitMs: number | null = null) {
    super(error.message, { cause: error });
    this.error = error;
    this.retry = retry;
    this.waitMs = waitMs;
  }
}

export interface ModelQuestion {
  readonly system: string;
  readonly user: string;
  /** JSON Schema of the answer, without bounds. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
}

/** One service and model. Throws `ModelFailure`, or the signal's reason. */
export interface ModelClient {
  readonly name: 'openai' | 'anthropic';
  readonly model: string;
  ask(
    question: ModelQuestion,
    options: { readonly signal: AbortSignal; readonly onWarning: (warning: string) => void },
  ): Promise<ModelAnswer>;
}
