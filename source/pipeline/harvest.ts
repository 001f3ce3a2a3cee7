import { hasFailed } from '../domain/describe-spend.ts';
import type { RunProgress, RunState } from '../domain/run.ts';
import { SpendMeter } from '../domain/spend.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineStore } from '../ports/pipeline-store.ts';
import { Drain } from './drain.ts';
import { fetchAll } from './fetch-all.ts';
import type { HarvestParts, HarvestRequest } from './harvest-request.ts';
import { ProgressBoard } from './progress.ts';
import { scoreRulesKey } from './score.ts';
import { followTimings, timeBatch } from './stage-timing.ts';

const saveRunEveryMs = 2_000;

/**
 * One pass of the pipeline. Sources are fetched side by side while the later
 * stages work off what has landed; the stages meet only in the store.
 *
 * Failures of sources are in the result. Rejects when the store fails: then
 * nothing can go on, and what was stored before stays.
 */
export async function harvest(parts: HarvestParts, request: HarvestRequest): Promise<RunProgress> {
  const { store, clock, timings, notify } = parts;
  const timingsOfRun = followTimings(timings);
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
    if (request.stages.includes('notify') && notify !== undefined) {
      const watch = {
        signal: request.signal,
        onWarning: (warning: string) => board.warn(warning),
        onProgress: (done: number, total: number) => board.addWork('notify', done, total),
      };
      await timeBatch(timings, 'notify', () => notify(watch));
    }
    const progress = board.end(endState(board, request.signal), timingsOfRun());
    await store.saveRun(progress, clock.now());
    return progress;
  } catch (error) {
    if (!request.signal.aborted) {
      // The store itself failed, so this is a hope rather than a promise: the first error is the one to tell.
      await store.saveRun(board.end('failed', timingsOfRun()), clock.now()).catch(() => undefined);
      throw error;
    }
    const progress = board.end('interrupted', timingsOfRun());
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

function endState(board: ProgressBoard, signal: AbortSignal): RunState {
  if (signal.aborted) return 'interrupted';
  const { sources, analyzers } = board.current();
  const failed = sources.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return analyzers.some(hasFailed) ? 'partial' : 'done';
  const nothing = failed.length === sources.length && failed.every(({ fetched }) => fetched === 0);
  return nothing ? 'failed' : 'partial';
}
