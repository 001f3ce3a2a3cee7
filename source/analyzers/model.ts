import { UserError } from '../errors.ts';
import type { AnalysisRequest, AnalysisResult, Analyzer } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import {
  answerTokensPerPost,
  batchAnswerSchema,
  estimateTokens,
  postsPrompt,
  splitByTokens,
} from './prompt.ts';
import type { ModelPurse } from './purse.ts';

export interface ModelUsage {
  readonly inputTokens: number;
  /** Of the input tokens, those that the service had cached. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

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

/** One service and model. Throws `ModelFailure`, or the signal's reason. */
export interface ModelClient {
  readonly name: 'openai' | 'anthropic';
  readonly model: string;
  ask(system: string, user: string, maxOutputTokens: number, signal: AbortSignal): Promise<ModelAnswer>;
}

export interface ModelSettings {
  readonly system: string;
  readonly purse: ModelPurse;
  readonly clock: Clock;
  /** Tokens of posts in one request. */
  readonly batchTokens: number;
  /** Further tries after a passing failure. */
  readonly retries: number;
  /** Longest wait that a service may ask for, milliseconds. */
  readonly maxWaitMs: number;
}

/** Posts of one request at most. */
export const modelBatchSize = 40;
const firstBackoffMs = 1_000;
/** What failed for good is tried again after this long: somebody may have topped up. */
const restMs = 10 * 60_000;
/** What failed for now and did not say for how long. */
const pauseMs = 30_000;
const outputFloor = 256;

const lostWords: Readonly<Record<ModelAnswer['stop'], string>> = {
  done: 'gave no usable answer to',
  truncated: 'could not finish its answer to',
  refused: 'refused to look at',
  filtered: 'has a content filter that stopped',
};

/**
 * An analyzer on a language model. Batches are sized by tokens and answers
 * matched by id. What is missing, malformed or cut off is asked again alone,
 * once, and after that left to the next analyzer of the chain: one hostile or
 * odd post costs only itself.
 */
export function createModelAnalyzer(client: ModelClient, settings: ModelSettings): Analyzer {
  let resting: { readonly error: UserError; readonly until: number } | null = null;

  async function analyze(
    batch: readonly AnalysisRequest[],
    signal: AbortSignal,
    onWarning: ((warning: string) => void) | undefined,
  ): Promise<readonly AnalysisResult[]> {
    const now = settings.clock.now();
    if (resting !== null && now < resting.until) throw resting.error;
    resting = null;
    const results = new Map<number, AnalysisResult>();
    const lost = new Map<ModelAnswer['stop'], number>();
    for (const part of splitByTokens(batch, settings.batchTokens)) {
      try {
        await analyzePart(part, { results, lost, signal });
      } catch (error) {
        const failure = failureOf(error);
        const restsMs = failure.retry === 'never' ? restMs : (failure.waitMs ?? pauseMs);
        resting = { error: failure.error, until: settings.clock.now() + restsMs };
        // What was answered before was paid for and counts; the next batch hears of the failure at once.
        if (results.size === 0) throw failure.error;
        onWarning?.(`${client.name}: ${failure.error.message}`);
        break;
      }
    }
    for (const [stop, posts] of lost) {
      onWarning?.(`${client.name} ${lostWords[stop]} ${posts} ${posts === 1 ? 'post' : 'posts'}`);
    }
    return [...results.values()];
  }

  async function analyzePart(
    part: readonly AnalysisRequest[],
    outcome: {
      readonly results: Map<number, AnalysisResult>;
      readonly lost: Map<ModelAnswer['stop'], number>;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const answer = await askPatiently(part, outcome.signal);
    const wanted = new Set(part.map(({ signalId }) => signalId));
    for (const { id, ...analysis } of readResults(answer.content)) {
      if (wanted.delete(id)) outcome.results.set(id, { signalId: id, analysis });
    }
    if (part.length === 1) {
      if (wanted.size > 0) outcome.lost.set(answer.stop, (outcome.lost.get(answer.stop) ?? 0) + 1);
      return;
    }
    for (const request of part.filter(({ signalId }) => wanted.has(signalId))) {
      await analyzePart([request], outcome);
    }
  }

  async function askPatiently(part: readonly AnalysisRequest[], signal: AbortSignal): Promise<ModelAnswer> {
    const user = postsPrompt(part);
    const maxOutputTokens = outputFloor + part.length * answerTokensPerPost;
    const inputTokens = estimateTokens(settings.system) + estimateTokens(user);
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const release = settings.purse.setAside({
        inputTokens,
        cachedTokens: 0,
        outputTokens: maxOutputTokens,
      });
      try {
        const answer = await client.ask(settings.system, user, maxOutputTokens, signal);
        await release(answer.usage);
        return answer;
      } catch (error) {
        await release(null);
        if (signal.aborted) throw signal.reason;
        if (!(error instanceof ModelFailure) || error.retry === 'never' || attempt >= settings.retries)
          throw error;
        const waitMs = error.waitMs ?? firstBackoffMs * 2 ** attempt;
        if (waitMs > settings.maxWaitMs) throw error;
        await settings.clock.sleep(waitMs, signal);
      }
    }
  }

  return {
    name: client.name,
    batchSize: modelBatchSize,
    analyze: (batch, { signal, onWarning }) => analyze(batch, signal, onWarning),
  };
}

/** Money that may not be spent is a reason to rest like any other; anything else is a bug and goes on. */
function failureOf(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof UserError) return new ModelFailure(error, 'never');
  throw error;
}

/** Every element that has the shape of a result; the others are as good as missing. */
function readResults(content: unknown): readonly (typeof batchAnswerSchema)['_output']['results'][number][] {
  if (typeof content !== 'object' || content === null || !('results' in content)) return [];
  const { results } = content;
  if (!Array.isArray(results)) return [];
  return results.flatMap((each) => {
    const parsed = batchAnswerSchema.shape.results.element.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}
