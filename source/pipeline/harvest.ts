import pLimit from 'p-limit';
import { hasFailed } from '../domain/describe-spend.ts';
import type { Exclude } from '../domain/exclude.ts';
import type { QuotaLeft, RunProgress, RunState, StageName } from '../domain/run.ts';
import { type SpendCaps, SpendMeter } from '../domain/spend.ts';
import { RateLimited, summarizeError, UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flags } from '../ports/flags.ts';
import type { Source } from '../ports/source.ts';
import type { PipelineStore } from '../ports/store.ts';
import { type AnalysisChain, analyzeBatch } from './analyze.ts';
import { fetchSource } from './fetch.ts';
import { createGroupPlanner, type GroupSettings } from './group.ts';
import type { NotifyReport } from './notify.ts';
import { ProgressBoard } from './progress.ts';
import type { Relevance } from './relevance.ts';
import { type ScoreRules, scoreBatch, scoreRulesKey } from './score.ts';

export interface HarvestParts {
  readonly store: PipelineStore;
  readonly clock: Clock;
  readonly chain: AnalysisChain;
  /** As they stood when the run began. */
  readonly flags: Flags;
  readonly grouping: GroupSettings;
  readonly scoring: ScoreRules;
  /** Learned from the analyst; without it every signal is as relevant as another. */
  readonly relevance?: Relevance;
  /** Sources fetched at the same time. */
  readonly concurrency: number;
  readonly maxPostsPerSource: number;
  /** What of a source's posts is left out. */
  excludeFor(source: string): Exclude;
  readonly spendCaps: SpendCaps;
  /** The last stage; absent where nobody is to be told. */
  readonly notify?:
    | ((watch: {
        readonly signal: AbortSignal;
        readonly onWarning: (warning: string) => void;
        readonly onProgress: (done: number, total: number) => void;
      }) => Promise<NotifyReport>)
    | undefined;
}

export interface HarvestRequest {
  readonly sources: readonly Source[];
  readonly stages: readonly StageName[];
  readonly rescore: boolean;
  /** A backfill: every source reads from this time on. Milliseconds, UTC. */
  readonly since?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}

/** A transaction of this many posts keeps readers and the progress display alive. */
const groupBatch = 200;
const saveRunEveryMs = 2_000;

/**
 * One pass of the pipeline. Sources are fetched side by side while the later
 * stages work off what has landed; the stages meet only in the store.
 *
 * Failures of sources are in the result. Rejects when the store fails: then
 * nothing can go on, and what was stored before stays.
 */
export async function harvest(parts: HarvestParts, request: HarvestRequest): Promise<RunProgress> {
  const { store, clock } = parts;
  const id = await store.beginRun(clock.now());
  const board = new ProgressBoard(id, clock, request.onProgress);
  for (const { name, kind } of request.sources) board.addSource(name, kind);
  const saving = saveRegularly(store, board, clock);
  try {
    if (request.stages.includes('score')) {
      await store.applyScoreSettings(scoreRulesKey(parts.scoring), request.rescore);
      await parts.relevance?.follow(request.signal);
    }
    if (request.stages.includes('analyze')) await parts.chain.begin();
    await announceBacklog(parts, request, board);
    const drain = new Drain(parts, request, board);
    if (request.stages.includes('fetch')) {
      const spend = new SpendMeter(parts.spendCaps, await store.spent(clock.now()));
      await fetchAll(parts, request, { board, drain, spend });
    }
    await drain.finish();
    if (request.stages.includes('notify')) {
      await parts.notify?.({
        signal: request.signal,
        onWarning: (warning) => board.warn(warning),
        onProgress: (done, total) => board.addWork('notify', done, total),
      });
    }
    const progress = board.end(endState(board, request.signal));
    await store.saveRun(progress, clock.now());
    return progress;
  } catch (error) {
    if (!request.signal.aborted) {
      // The store itself failed, so this is a hope rather than a promise: the first error is the one to tell.
      await store.saveRun(board.end('failed'), clock.now()).catch(() => undefined);
      throw error;
    }
    const progress = board.end('interrupted');
    await store.saveRun(progress, clock.now());
    return progress;
  } finally {
    clearInterval(saving);
  }
}

/** What an earlier run left over counts as work of this one. */
async function announceBacklog(
  { store }: HarvestParts,
  { stages }: HarvestRequest,
  board: ProgressBoard,
): Promise<void> {
  const { ungrouped, unanalyzed, unscored } = await store.pending();
  if (stages.includes('group')) board.addWork('group', 0, ungrouped);
  if (stages.includes('analyze')) board.addWork('analyze', 0, unanalyzed);
  if (stages.includes('score')) board.addWork('score', 0, unscored);
}

function saveRegularly(store: PipelineStore, board: ProgressBoard, clock: Clock): NodeJS.Timeout {
  const timer = setInterval(() => {
    // A lost heartbeat is harmless; a store that really fails stops the stages themselves.
    store.saveRun(board.current(), clock.now()).catch(() => undefined);
  }, saveRunEveryMs);
  timer.unref();
  return timer;
}

/** What the sources of one run share. */
interface Shared {
  readonly board: ProgressBoard;
  readonly drain: Drain;
  readonly spend: SpendMeter;
}

async function fetchAll(parts: HarvestParts, request: HarvestRequest, shared: Shared): Promise<void> {
  // A failing store ends every source, not only the one that met it.
  const stop = new AbortController();
  const either = { ...request, signal: AbortSignal.any([request.signal, stop.signal]) };
  const limit = pLimit(parts.concurrency);
  const fetches = request.sources.map((source) =>
    limit(async () => {
      try {
        await fetchOne(parts, source, either, shared);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    }),
  );
  const outcomes = await Promise.allSettled(fetches);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw stop.signal.reason ?? failure.reason;
}

/** Resolves when the source failed, and rejects when the store did. */
async function fetchOne(
  { store, clock, maxPostsPerSource, excludeFor }: HarvestParts,
  source: Source,
  { signal, stages, since }: HarvestRequest,
  { board, drain, spend }: Shared,
): Promise<void> {
  const { name, kind } = source;
  if (signal.aborted) return board.endSource(name, 'cancelled', null);
  board.beginSource(name);
  let quota: QuotaLeft | null = null;
  const parts = { store, clock, maxPosts: maxPostsPerSource, exclude: excludeFor(name), spend, since };
  try {
    await fetchSource(source, parts, {
      signal,
      onPage: (page) => {
        board.addPage(name, page);
        if (stages.includes('group')) board.addWork('group', 0, page.added);
        drain.wake();
      },
      onWarning: (warning) => board.warnSource(name, warning),
      onNotice: (notice) => board.noteSource(name, notice),
      onQuota: (told) => {
        quota = told;
        board.tellQuota(name, told);
      },
    });
    await store.recordOutcome(name, kind, clock.now(), { state: 'done', quota });
    board.endSource(name, 'done', null);
  } catch (error) {
    if (signal.aborted) return board.endSource(name, 'cancelled', null);
    if (error instanceof UserError && error.code.startsWith('store-')) throw error;
    const summary = summarizeError(error);
    const limited = summary.code === 'rate-limited';
    const until = limited ? limitEnd(error, quota) : null;
    board.endSource(name, limited ? 'limited' : 'failed', summary, until);
    const outcome = limited
      ? { state: 'limited' as const, message: summary.message, until, quota }
      : { state: 'failed' as const, message: summary.message, quota };
    await store.recordOutcome(name, kind, clock.now(), outcome);
  }
}

/** When a rate limit ends: what the error knows, else the beginning of the next window. */
function limitEnd(error: unknown, quota: QuotaLeft | null): number | null {
  if (error instanceof RateLimited && error.until !== null) return error.until;
  return quota?.resetsAt ?? null;
}

function endState(board: ProgressBoard, signal: AbortSignal): RunState {
  if (signal.aborted) return 'interrupted';
  const { sources, analyzers } = board.current();
  const failed = sources.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return analyzers.some(hasFailed) ? 'partial' : 'done';
  const nothing = failed.length === sources.length && failed.every(({ fetched }) => fetched === 0);
  return nothing ? 'failed' : 'partial';
}

/**
 * Works off what lacks a group, an analysis or a score, one batch at a time.
 * Woken by every page, so that signals appear while sources are still talking.
 */
class Drain {
  readonly #parts: HarvestParts;
  readonly #request: HarvestRequest;
  readonly #board: ProgressBoard;
  readonly #planner;
  #working: Promise<void> | null = null;
  #again = false;

  constructor(parts: HarvestParts, request: HarvestRequest, board: ProgressBoard) {
    this.#parts = parts;
    this.#request = request;
    this.#board = board;
    this.#planner = createGroupPlanner(parts.grouping, {
      nearDuplicates: parts.flags.isOn('near-duplicates'),
    });
  }

  /** Never rejects: an error comes out of `finish`. */
  wake(): void {
    if (this.#working !== null) {
      this.#again = true;
      return;
    }
    this.#working = this.#work();
    this.#working.catch(() => undefined);
  }

  /** Waits until nothing is left to do. */
  async finish(): Promise<void> {
    await this.#working;
    await this.#work();
  }

  async #work(): Promise<void> {
    do {
      this.#again = false;
      while (await this.#step()) {
        // Kysely on SQLite resolves without leaving the event loop's turn; cancelling and reporting need one.
        await new Promise(setImmediate);
        this.#request.signal.throwIfAborted();
      }
    } while (this.#again);
    this.#working = null;
  }

  /** One batch of each stage; false when none had anything to do. */
  async #step(): Promise<boolean> {
    const { store } = this.#parts;
    const { stages, signal } = this.#request;
    let worked = false;
    if (stages.includes('group')) {
      const placements = await store.group(groupBatch, this.#planner);
      this.#countPlacements(placements);
      worked ||= placements.length > 0;
    }
    if (stages.includes('analyze')) {
      const board = this.#board;
      const onWarning = (warning: string) => board.warn(warning);
      const { asked, answeredBy } = await analyzeBatch(this.#parts, {
        signal,
        onWarning,
        onLoss: (words, posts) => board.countLoss(words, posts),
        onUse: (use) => board.addModelUse(use),
        onFailure: (name, failure) => board.failAnalyzer(name, failure),
      });
      const answered = answeredBy.length;
      board.addAnalyses(answeredBy);
      this.#board.addWork('analyze', answered, 0);
      if (stages.includes('score')) this.#board.addWork('score', 0, answered);
      if (answered < asked)
        onWarning(`${asked - answered} signals got no analysis; the next run tries again`);
      worked ||= answered > 0;
    }
    if (stages.includes('score')) {
      const scored = await scoreBatch(this.#parts, this.#parts.scoring);
      this.#board.addWork('score', scored, 0);
      worked ||= scored > 0;
    }
    return worked;
  }

  #countPlacements(placements: readonly { post: { source: string }; opens: boolean }[]): void {
    const opened = placements.filter(({ opens }) => opens).length;
    this.#board.addWork('group', placements.length, 0);
    if (this.#request.stages.includes('analyze')) this.#board.addWork('analyze', 0, opened);
    this.#board.addSignals(opened);
    for (const [source, echoes] of Map.groupBy(
      placements.filter(({ opens }) => !opens),
      ({ post }) => post.source,
    )) {
      this.#board.addEchoes(source, echoes.length);
    }
  }
}
