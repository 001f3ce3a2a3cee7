import type { RunProgress } from '../domain/run.ts';
import { exitCodes, summarizeError, UserError } from '../errors.ts';
import type { Harvester, RunRequest } from '../harvester/harvester.ts';
import type { EventRing } from '../http/event-ring.ts';
import type { RunDesk } from '../http/parts.ts';
import type { Logger } from '../log.ts';

const tellEveryMs = 1000;
/** Pushes come in crowds: one run takes what came within this time. */
const gatherMs = 500;
const retryMs = 15_000;

/** A run that was started, and its end. */
export interface StartedRun {
  readonly first: RunProgress;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

/** The runs of this process: of the schedule, of requests and of pushed posts, one at a time. */
export class Runs implements RunDesk {
  readonly #harvester: Harvester;
  readonly #events: EventRing;
  readonly #logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly #waiting = new Set<string>();
  #current: { progress: RunProgress | null; readonly stop: AbortController; ended: Promise<void> } | null =
    null;
  #gathering: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(harvester: Harvester, events: EventRing, logger: Pick<Logger, 'info' | 'warn' | 'error'>) {
    this.#harvester = harvester;
    this.#events = events;
    this.#logger = logger;
  }

  async start(request: RunRequest, reason: string): Promise<RunProgress> {
    return (await this.begin(request, reason)).first;
  }

  /** Like `start`, for who wants to wait for the end. */
  async begin(request: RunRequest, reason: string): Promise<StartedRun> {
    if (this.#current !== null || this.#closed) throw this.#busy();
    const stop = new AbortController();
    const begun = Promise.withResolvers<RunProgress>();
    // Told through `begun`, or by the log: nobody else waits for it.
    begun.promise.catch(() => undefined);
    const current = { progress: null as RunProgress | null, stop, ended: Promise.resolve() };
    this.#current = current;
    let toldAt = 0;
    const onProgress = (progress: RunProgress) => {
      if (current.progress === null) {
        this.#logger.info({ run: progress.id, reason }, 'run started');
        this.#events.publish('run.started', { id: progress.id, startedAt: progress.startedAt, reason });
      }
      current.progress = progress;
      begun.resolve(progress);
      if (performance.now() - toldAt < tellEveryMs) return;
      toldAt = performance.now();
      const { id, state, startedAt, elapsedMs, stages, signals } = progress;
      this.#events.publish('run.progress', { id, state, startedAt, elapsedMs, stages, signals });
    };
    current.ended = this.#harvester
      .run(request, { signal: stop.signal, onProgress })
      .then(
        (run) => {
          begun.resolve(run);
          this.#events.publish('run.ended', run);
        },
        (error: unknown) => {
          begun.reject(error);
          if (current.progress !== null) {
            this.#logger.error({ run: current.progress.id, err: error }, 'run failed');
          }
        },
      )
      .finally(() => {
        this.#current = null;
        if (this.#waiting.size > 0) this.#gather(gatherMs);
      });
    return { first: await begun.promise, ended: current.ended };
  }

  startSoon(sources: readonly string[]): void {
    for (const source of sources) this.#waiting.add(source);
    this.#gather(gatherMs);
  }

  cancel(id: number): boolean {
    if (this.#current?.progress?.id !== id) return false;
    this.#current.stop.abort();
    return true;
  }

  current(): RunProgress | null {
    return this.#current?.progress ?? null;
  }

  /** Ends what is in progress and takes nothing new. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#gathering);
    this.#current?.stop.abort();
    await this.#current?.ended;
  }

  #gather(waitMs: number): void {
    if (this.#gathering !== undefined || this.#closed) return;
    this.#gathering = setTimeout(() => {
      this.#gathering = undefined;
      // The end of the run in progress asks again.
      if (this.#current !== null || this.#closed) return;
      const sources = [...this.#waiting];
      this.#waiting.clear();
      this.start({ sources }, 'pushed posts').catch((error: unknown) => {
        for (const source of sources) this.#waiting.add(source);
        this.#logger.warn({ reason: summarizeError(error).message }, 'pushed posts wait for another run');
        this.#gather(retryMs);
      });
    }, waitMs);
  }

  #busy(): UserError {
    const id = this.#current?.progress?.id;
    const message = this.#closed
      ? 'The program is ending; no run begins any more.'
      : `A run is in progress${id === undefined ? '' : ` (${id})`}.`;
    return new UserError('run-in-progress', message, {
      fix: 'Wait for it to end, or cancel it.',
      exitCode: exitCodes.busy,
    });
  }
}
