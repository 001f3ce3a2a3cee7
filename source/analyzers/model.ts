import type { AnalysisDraft, ModelMark } from '../domain/analysis.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { AnalysisRequest, AnalysisResult, Analyzer, AnalyzerOptions } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { AnswerMemory, PostGroup } from './answer-memory.ts';
import { type ModelAnswer, type ModelClient, ModelFailure } from './model-client.ts';
import { answerTokensPerPost, estimateTokens, type Prompt, postsPrompt, splitByTokens } from './prompt.ts';
import type { ModelPurse } from './purse.ts';
import { readResults } from './read-answer.ts';
import { isWrongLanguage, neutralReason } from './reason-language.ts';

export interface ModelSettings {
  /** Written into the analyses, and under which answers are kept. */
  readonly mark: ModelMark;
  readonly prompt: Prompt;
  readonly categories: ReadonlySet<string>;
  /** Of reasons, as a code of two letters. */
  readonly language: string;
  readonly purse: ModelPurse;
  readonly memory: AnswerMemory;
  readonly clock: Clock;
  /** Tokens of posts in one request. */
  readonly batchTokens: number;
  /** Further tries after a passing failure. */
  readonly retries: number;
  /** Longest wait that a service may ask for, milliseconds. */
  readonly maxWaitMs: number;
}

/** Signals that one request carries at most. */
export const modelBatchSize = 40;
const firstBackoffMs = 1_000;
/** What failed for good is tried again after this long: somebody may have topped up. */
const restMs = 10 * 60_000;
/** What failed for now and did not say for how long. */
const pauseMs = 30_000;
const outputFloor = 256;

type Loss = ModelAnswer['stop'] | 'foreign';

const lostWords: Readonly<Record<Loss, string>> = {
  done: 'gave no usable answer to',
  truncated: 'could not finish its answer to',
  refused: 'refused to look at',
  filtered: 'has a content filter that stopped',
  foreign: 'gave its reasons in another language (left out, the labels kept) for',
};

/** What one call has come to so far. */
interface Outcome {
  readonly drafts: Map<number, AnalysisDraft>;
  readonly lost: Map<Loss, number>;
  readonly options: AnalyzerOptions;
}

/**
 * An analyzer on a language model. What was answered before is not asked again.
 * Batches are sized by tokens and answers matched by id. What is missing,
 * malformed or cut off is asked again alone, once, and after that left to the
 * next analyzer of the chain: one hostile or odd post costs only itself.
 */
export function createModelAnalyzer(client: ModelClient, settings: ModelSettings): Analyzer {
  const { mark, prompt, purse, memory, clock, language } = settings;
  const constantTokens = promptTokens(prompt);
  let resting: { readonly error: UserError; readonly until: number } | null = null;

  async function analyze(
    batch: readonly AnalysisRequest[],
    options: AnalyzerOptions,
  ): Promise<readonly AnalysisResult[]> {
    const groups = await memory.recall(batch, options.fresh ?? false);
    const outcome: Outcome = { drafts: new Map(), lost: new Map(), options };
    const failure = await askAll(
      groups.filter(({ known }) => known === null).map(({ requests }) => requests[0]),
      outcome,
    );
    for (const [loss, posts] of outcome.lost) options.onLoss?.(`${client.name} ${lostWords[loss]}`, posts);
    const reused = groups.reduce((sum, group) => sum + reusedIn(group, outcome.drafts), 0);
    if (reused > 0) options.onUse?.({ ...nothingUsed, model: mark.name, reused });
    const results = groups.flatMap(({ requests, known }) => {
      const analysis = known ?? outcome.drafts.get(requests[0].signalId);
      return analysis === undefined ? [] : requests.map(({ signalId }) => ({ signalId, analysis }));
    });
    if (failure !== null) {
      // What was answered before was paid for and counts; the next batch hears of the failure at once.
      if (results.length === 0) throw failure;
      options.onFailure?.(summarizeError(failure));
    }
    return results;
  }

  /** Asks about each post once; returns why it had to stop, or null. */
  async function askAll(requests: readonly AnalysisRequest[], outcome: Outcome): Promise<UserError | null> {
    if (requests.length === 0) return null;
    if (resting !== null && clock.now() < resting.until) return resting.error;
    resting = null;
    for (const part of splitByTokens(requests, settings.batchTokens)) {
      try {
        await askPart(part, outcome);
      } catch (error) {
        const failure = failureOf(error);
        const restsMs = failure.retry === 'never' ? restMs : (failure.waitMs ?? pauseMs);
        resting = { error: failure.error, until: clock.now() + restsMs };
        return failure.error;
      }
    }
    return null;
  }

  async function askPart(part: readonly AnalysisRequest[], outcome: Outcome): Promise<void> {
    const stop = await askPatiently(part, outcome);
    const missing = part.filter(({ signalId }) => !outcome.drafts.has(signalId));
    if (part.length === 1) {
      if (missing.length > 0) count(outcome, stop);
      return;
    }
    for (const request of missing) await askPart([request], outcome);
  }

  async function askPatiently(
    part: readonly AnalysisRequest[],
    outcome: Outcome,
  ): Promise<ModelAnswer['stop']> {
    const { signal, onWarning, onUse } = outcome.options;
    const user = postsPrompt(part);
    const maxOutputTokens = outputFloor + part.length * answerTokensPerPost;
    const inputTokens = constantTokens + estimateTokens(user);
    const question = { system: prompt.system, schema: prompt.schema, user, maxOutputTokens };
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const release = purse.setAside({ inputTokens, cachedTokens: 0, outputTokens: maxOutputTokens });
      const answer = await client
        .ask(question, { signal, onWarning: (warning) => onWarning?.(`${client.name}: ${warning}`) })
        .catch((error: unknown) => ({ error }));
      if (!('error' in answer)) {
        const drafts = await readDrafts(answer.content, part, outcome);
        onUse?.(await release(answer.usage, memory.toKeep(part, drafts)));
        return answer.stop;
      }
      await release(null, []);
      if (signal.aborted) throw signal.reason;
      const { error } = answer;
      if (!(error instanceof ModelFailure) || error.retry === 'never' || attempt >= settings.retries)
        throw error;
      const waitMs = error.waitMs ?? firstBackoffMs * 2 ** attempt;
      if (waitMs > settings.maxWaitMs) throw error;
      await clock.sleep(waitMs, signal);
    }
  }

  /** The usable answers, with no reason that the analyst could not read. */
  async function readDrafts(
    content: unknown,
    part: readonly AnalysisRequest[],
    outcome: Outcome,
  ): Promise<ReadonlyMap<number, AnalysisDraft>> {
    const drafts = new Map<number, AnalysisDraft>();
    const ids = new Set(part.map(({ signalId }) => signalId));
    for (const [id, draft] of readResults(content, ids, settings.categories)) {
      const foreign = await isWrongLanguage(draft.reasoning, language);
      if (foreign) count(outcome, 'foreign');
      drafts.set(id, foreign ? { ...draft, reasoning: neutralReason(language) } : draft);
    }
    for (const [id, draft] of drafts) outcome.drafts.set(id, draft);
    return drafts;
  }

  return { name: client.name, model: mark, batchSize: modelBatchSize, analyze };
}

const nothingUsed = { requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 };

/** Tokens of what is sent with every request. */
export function promptTokens({ system, schema }: Prompt): number {
  return estimateTokens(system) + estimateTokens(JSON.stringify(schema));
}

function count({ lost }: Outcome, loss: Loss): void {
  lost.set(loss, (lost.get(loss) ?? 0) + 1);
}

/** Signals of a group that got their answer without being sent. */
function reusedIn({ requests, known }: PostGroup, drafts: ReadonlyMap<number, AnalysisDraft>): number {
  if (known !== null) return requests.length;
  return drafts.has(requests[0].signalId) ? requests.length - 1 : 0;
}

/** Money that may not be spent is a reason to rest like any other; anything else is a bug and goes on. */
function failureOf(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof UserError) return new ModelFailure(error, 'never');
  throw error;
}
