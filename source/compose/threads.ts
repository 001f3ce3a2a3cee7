import { Worker } from 'node:worker_threads';
import type { LoadedConfig } from '../config/load.ts';
import { changeScoreSettings } from '../domain/score-settings.ts';
import { mergeTimings } from '../domain/timings.ts';
import { recorder } from '../error-recorder.ts';
import { withAudit } from '../harvester/audited.ts';
import { withBreadcrumbs } from '../harvester/breadcrumbs.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { connectHarvester as connectTo } from '../harvester/remote.ts';
import type { LogForm } from './logger.ts';
import { scoreSettings } from './score-settings.ts';
import { ThreadTimings } from './thread-timings.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** A thread with nothing to do gives back its memory (what tells languages apart alone takes 80 MB). */
const usualRestMs = 30_000;

/**
 * Young objects are collected from the time they take this much, in megabytes.
 * The engine's own limit is thrice that for each thread, and no work got faster by it.
 */
const youngGenerationMb = 12;

/** What a worker thread is started with. */
export interface WorkerData {
  readonly loaded: LoadedConfig;
  readonly stdout: LogForm | undefined;
}

/** An application whose store may still be opening; calls wait for it. */
export interface OpeningHarvester {
  readonly harvester: Harvester;
  /** Rejects, as every call then does, when the store cannot be opened. */
  readonly opened: Promise<void>;
}

/**
 * The application for the screens of the terminal app: what a person changes
 * there is written down. The screen is drawn while the store is opened.
 */
export function composeForScreen(loaded: LoadedConfig): OpeningHarvester {
  keepYoungGenerationSmall();
  const { harvester, opened } = startHarvester(loaded);
  return { harvester: withAudit(harvester, { actor: 'analyst', via: 'program' }), opened };
}

/** The application behind threads, once its store is open. @throws UserError `store-…` when it cannot be */
export async function connectHarvester(
  loaded: LoadedConfig,
  stdout?: LogForm,
  restAfterMs?: number,
): Promise<Harvester> {
  const { harvester, opened } = startHarvester(loaded, stdout, restAfterMs);
  await opened;
  return harvester;
}

/**
 * The application behind threads, for a screen that must never wait: one for
 * what the screen asks, one (started by the first run) for the pipeline.
 */
function startHarvester(loaded: LoadedConfig, stdout?: LogForm, restAfterMs = usualRestMs): OpeningHarvester {
  let settings = scoreSettings(loaded);
  const desk = startWorker(loaded, stdout);
  // The cheapest question that only an open store answers.
  const opened = desk.harvester.signals.version().then(() => undefined);
  // Without a store the thread has nothing to do, and would keep the program from ending.
  opened.catch(() => desk.end());
  // A thread that is started later has read the configuration as it was.
  const pipeline = lazyWorker(loaded, stdout, restAfterMs, ({ scoring }) => scoring.adopt(settings));
  const keeper = lazyWorker(loaded, stdout, restAfterMs);
  const harvester: Harvester = {
    ...desk.harvester,
    scoring: {
      ...desk.harvester.scoring,
      save: async (change) => {
        const saved = await desk.harvester.scoring.save(change);
        settings = changeScoreSettings(settings, saved.after);
        await pipeline.tell(({ scoring }) => scoring.adopt(settings));
        return saved;
      },
    },
    run: (request, watch) => pipeline.use(({ run }) => run(request, watch)),
    refresh: (request, watch) => pipeline.use(({ refresh }) => refresh(request, watch)),
    analysis: {
      ...desk.harvester.analysis,
      estimate: (request) => pipeline.use(({ analysis }) => analysis.estimate(request)),
      reanalyze: (request, watch) => pipeline.use(({ analysis }) => analysis.reanalyze(request, watch)),
    },
    learning: {
      ...desk.harvester.learning,
      refresh: () => pipeline.use(({ learning }) => learning.refresh()),
      reset: (what) => pipeline.use(({ learning }) => learning.reset(what)),
      status: () => pipeline.use(({ learning }) => learning.status()),
    },
    evaluation: {
      estimate: (request) => pipeline.use(({ evaluation }) => evaluation.estimate(request)),
      run: (request, watch) => pipeline.use(({ evaluation }) => evaluation.run(request, watch)),
    },
    doctor: (watch) => pipeline.use(({ doctor }) => doctor(watch)),
    snapshots: {
      ...desk.harvester.snapshots,
      create: (request, watch) => keeper.use(({ snapshots }) => snapshots.create(request, watch)),
      verify: (name, watch) => keeper.use(({ snapshots }) => snapshots.verify(name, watch)),
      diff: (request, watch) => keeper.use(({ snapshots }) => snapshots.diff(request, watch)),
      // Nobody else may have the store open: threads that rest are ended, one that works makes the restore fail.
      restore: async (name, request, watch) => {
        await Promise.all([pipeline.rest(), keeper.rest()]);
        return desk.harvester.snapshots.restore(name, request, watch);
      },
      restoreRemote: async (name, request, watch) => {
        await Promise.all([pipeline.rest(), keeper.rest()]);
        return desk.harvester.snapshots.restoreRemote(name, request, watch);
      },
    },
    retention: {
      ...desk.harvester.retention,
      apply: (policy, watch) => keeper.use(({ retention }) => retention.apply(policy, watch)),
      applySignals: (options, watch) => keeper.use(({ retention }) => retention.applySignals(options, watch)),
    },
    // It may take seconds, and nothing that a key waits for stands behind it there.
    insight: { read: (request) => keeper.use(({ insight }) => insight.read(request)) },
    report: { make: (request) => keeper.use(({ report }) => report.make(request)) },
    errors: {
      ...desk.harvester.errors,
      report: () => pipeline.use(({ errors }) => errors.report()),
    },
    notifications: {
      ...desk.harvester.notifications,
      send: (watch) => pipeline.use(({ notifications }) => notifications.send(watch)),
    },
    timings: {
      ...desk.harvester.timings,
      read: async () =>
        mergeTimings(
          await Promise.all([desk.harvester.timings.read(), pipeline.timings(), keeper.timings()]),
        ),
    },
    close: async () => {
      const closeDesk = () => opened.then(desk.close, desk.end);
      await Promise.all([closeDesk(), pipeline.close(), keeper.close()]);
    },
  };
  // What fails there was written down there, with what that thread did before.
  const followed = withBreadcrumbs(harvester, {
    crumb: (kind, text) => recorder.crumb(kind, text),
    capture: (error) => recorder.ignore(error),
  });
  return { harvester: followed, opened };
}

/** A thread that is started by the first call, ends when it had nothing to do for a while, and is started again by the next call. */
function lazyWorker(
  loaded: LoadedConfig,
  stdout: LogForm | undefined,
  restAfterMs: number,
  begin: (harvester: Harvester) => Promise<void> = async () => {},
) {
  let worker: ReturnType<typeof startWorker> | null = null;
  let busy = 0;
  let resting: NodeJS.Timeout | undefined;
  const figures = new ThreadTimings();
  const close = async () => {
    clearTimeout(resting);
    const closing = worker;
    worker = null;
    if (closing === null) return;
    await figures.end(() => closing.harvester.timings.read());
    await closing.close();
  };
  return {
    use: async <Result>(act: (harvester: Harvester) => Promise<Result>): Promise<Result> => {
      busy += 1;
      clearTimeout(resting);
      try {
        if (worker === null) {
          worker = startWorker(loaded, stdout);
          // The thread answers calls in their order: this one is obeyed before the next.
          begin(worker.harvester).catch(() => undefined);
        }
        return await act(worker.harvester);
      } finally {
        busy -= 1;
        if (busy === 0 && worker !== null) resting = setTimeout(() => void close(), restAfterMs).unref();
      }
    },
    /** Tells the thread something if there is one. */
    tell: async (act: (harvester: Harvester) => Promise<void>): Promise<void> => {
      if (worker !== null) await act(worker.harvester);
    },
    /** Also of the threads that were here before. */
    timings: () => {
      const asked = worker;
      return figures.read(asked === null ? null : () => asked.harvester.timings.read());
    },
    /** Ends the thread unless it is at work. */
    rest: async () => {
      if (busy === 0) await close();
    },
    close,
  };
}

function startWorker(
  loaded: LoadedConfig,
  stdout: LogForm | undefined,
): { harvester: Harvester; close(): Promise<void>; end(): Promise<void> } {
  // In the bundle all files lie beside each other.
  const file = import.meta.url.endsWith('.ts') ? '../worker.ts' : './worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { loaded, stdout } satisfies WorkerData,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
  });
  const { harvester, onDeath } = connectTo(worker);
  worker.on('error', (error: unknown) => {
    // A thread that was ended for its memory could not say so itself.
    const { code } = error as { code?: unknown };
    if (String(code).startsWith('ERR_WORKER')) recorder.capture(error, 'thread');
    onDeath(error);
  });
  worker.on('exit', () => onDeath(new Error('the worker thread has ended')));
  const end = async () => {
    await worker.terminate();
  };
  const close = async () => {
    await harvester.close();
    await end();
  };
  return { harvester, close, end };
}
