import pLimit from 'p-limit';
import type { QuotaLeft } from '../domain/run.ts';
import type { SpendMeter } from '../domain/spend.ts';
import { RateLimited, summarizeError, UserError } from '../errors.ts';
import type { Source } from '../ports/source.ts';
import type { Drain } from './drain.ts';
import { fetchSource } from './fetch.ts';
import type { HarvestParts, HarvestRequest } from './harvest-request.ts';
import type { ProgressBoard } from './progress.ts';

/** What the sources of one run share. */
interface Shared {
  readonly board: ProgressBoard;
  readonly drain: Drain;
  readonly spend: SpendMeter;
}

/** Fetches all sources side by side. Failures of sources are on the board; rejects when the store fails. */
export async function fetchAll(parts: HarvestParts, request: HarvestRequest, shared: Shared): Promise<void> {
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
  { store, clock, maxPostsPerSource, excludeFor, timings }: HarvestParts,
  source: Source,
  { signal, stages, since }: HarvestRequest,
  { board, drain, spend }: Shared,
): Promise<void> {
  const { name, kind } = source;
  if (signal.aborted) return board.endSource(name, 'cancelled', null);
  board.beginSource(name);
  let quota: QuotaLeft | null = null;
  const exclude = excludeFor(name);
  const parts = { store, clock, maxPosts: maxPostsPerSource, exclude, spend, since, timings };
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
