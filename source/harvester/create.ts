import type { RetentionPolicy } from '../domain/retention.ts';
import { type RunProgress, stageNames } from '../domain/run.ts';
import { salienceAt } from '../domain/score.ts';
import type { View } from '../domain/view.ts';
import type { Logger } from '../log.ts';
import { type HarvestParts, harvest } from '../pipeline/harvest.ts';
import { notify } from '../pipeline/notify.ts';
import { createRelevance } from '../pipeline/relevance.ts';
import type { Source } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import { createAudit, createKeys } from './access.ts';
import { type AnalysisDeskParts, createAnalysisDesk } from './analysis-desk.ts';
import { type DoctorParts, examine } from './doctor.ts';
import { createErrorBook, type ErrorParts, errorEvents } from './errors.ts';
import { createRunEstimate } from './estimate.ts';
import { createEvaluation, type EvaluationParts } from './evaluation.ts';
import type { AdHocSource, Harvester } from './harvester.ts';
import { createLabels, createLearning, type LearningParts } from './learning.ts';
import type { Logs } from './logs.ts';
import { matchingIds } from './matching-signals.ts';
import {
  checkNotifiers,
  createNotifications,
  type NotificationParts,
  type NotificationSetup,
  nobody,
} from './notifications.ts';
import { createPushDesk } from './push.ts';
import { createRefresh } from './refresh.ts';
import { createSnapshotRetention } from './retention.ts';
import { createScoring, liveScoring, type ScoringParts } from './scoring.ts';
import { createSignalDetail } from './signal-detail.ts';
import { createQueryReader, createSignalLists } from './signal-lists.ts';
import { createSignalRetention, type SignalRule } from './signal-retention.ts';
import { createSnapshots, type SnapshotParts } from './snapshots.ts';
import { type ConfiguredSource, chooseSources, createSources, tryConfigured } from './sources.ts';
import { createTriage } from './triage.ts';
import { createUpkeep } from './upkeep.ts';
import { createViews } from './views.ts';

export interface HarvesterParts extends Omit<HarvestParts, 'store' | 'relevance' | 'notify'> {
  readonly store: Store;
  readonly sources: readonly ConfiguredSource[];
  /** Ids of the taxonomy. */
  readonly categories: readonly string[];
  openAdHoc(source: AdHocSource): Source;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly analysis: Omit<AnalysisDeskParts, 'store' | 'clock' | 'scoring'>;
  /** Whom `assignee:me` means. */
  readonly analyst: string;
  /** IANA name of the zone that searches are run in. */
  readonly timeZone: string;
  /** Views of the configuration. */
  readonly views: readonly View[];
  readonly snapshots: SnapshotParts;
  readonly retention: { readonly policy: RetentionPolicy; readonly signals: readonly SignalRule[] };
  readonly doctor: Omit<
    DoctorParts,
    'store' | 'sources' | 'clock' | 'trial' | 'archive' | 'notifierChecks' | 'errorCounts'
  >;
  readonly learning: Pick<LearningParts, 'teacher' | 'enabled' | 'learnedWords'>;
  readonly evaluation: Omit<EvaluationParts, 'store' | 'learns'>;
  /** Who is told of what; absent where nobody is. */
  readonly notifications?: NotificationSetup;
  readonly saveScore: ScoringParts['saveScore'];
  /** Where errors wait for the store and where they are sent; absent where none are kept. */
  readonly errors?: Pick<ErrorParts, 'spool' | 'reporter'>;
  /** Absent where there is no log file. */
  readonly readLog?: Logs['tail'];
  /** Released after the store. */
  close?(): Promise<void>;
}

/** The application on the given adapters. */
export function createHarvester(given: HarvesterParts): Harvester {
  const parts = { ...given, scoring: liveScoring(given.scoring) };
  const { store, clock, scoring, logger } = parts;
  const relevance = createRelevance(store, parts.learning.enabled.relevance);
  const evaluation = createEvaluation({
    store,
    learns: parts.learning.enabled.corrections,
    ...parts.evaluation,
  });

  const lists = createSignalLists(parts);
  const read = createQueryReader(parts);

  const errors = createErrorBook({ ...noErrors, ...parts.errors, store, clock, logger });

  const detail = createSignalDetail({ ...parts, relevance });

  const notifyParts: NotificationParts = {
    ...(parts.notifications ?? nobody),
    store,
    clock,
    scoring: scoring.settings,
    detail,
    salienceNow: (rank) => (rank === null ? 0 : salienceAt(rank, clock.now(), scoring.settings)),
    events: (_kind, since) => errorEvents(errors, since),
    matching: async (search, minSalience) => (await read({ search, minSalience })).filter,
  };
  const audit = createAudit(parts);

  return {
    run: async (request, watch) => {
      const lock = await store.lockRuns(clock.now());
      try {
        await store.wake(clock.now());
        const run = await harvest(
          { ...parts, relevance, notify: notifyStage(notifyParts) },
          {
            sources: chooseSources(parts, request),
            stages: request.stages ?? stageNames,
            rescore: request.rescore ?? false,
            since: request.since,
            signal: watch?.signal ?? new AbortController().signal,
            onProgress: watch?.onProgress ?? (() => undefined),
          },
        );
        logRun(logger, run);
        return run;
      } catch (error) {
        logger.error({ err: error }, 'run failed');
        throw error;
      } finally {
        lock.release();
        await errors.report().catch(() => 0);
      }
    },
    runs: { list: (limit, before) => store.runs(limit, before), get: (id) => store.run(id) },
    signals: {
      ...lists,
      page: async (request) => {
        await store.wake(clock.now());
        return lists.page(request);
      },
      ids: (query, limit) => matchingIds(store, read, query, limit),
      get: detail,
    },
    views: createViews({ ...parts, lists }),
    triage: createTriage({ ...parts, actor: 'analyst', read }),
    notifications: createNotifications(notifyParts),
    posts: { push: createPushDesk(parts) },
    keys: createKeys(parts),
    audit,
    upkeep: createUpkeep({ store, clock, keys: parts.doctor.keys, pruneAudit: audit.prune }),
    errors,
    logs: { tail: parts.readLog ?? noLog },
    sources: createSources(parts),
    analysis: createAnalysisDesk({ store, clock, scoring, ...parts.analysis }, read),
    estimate: createRunEstimate(parts),
    refresh: createRefresh({ ...parts, relevance }),
    scoring: createScoring(parts),
    labels: createLabels(store),
    learning: createLearning({ store, clock, scoring, relevance, evaluation, ...parts.learning }),
    evaluation,
    store: {
      status: async () => ({ path: store.path, ...(await store.size()), ...(await store.migrations()) }),
      check: () => store.check(),
    },
    snapshots: createSnapshots(parts.snapshots),
    retention: {
      ...createSnapshotRetention({ ...parts.snapshots, policy: parts.retention.policy }),
      ...createSignalRetention({ ...parts.snapshots, store, clock, read, rules: parts.retention.signals }),
    },
    doctor: (watch) =>
      examine(
        {
          errorCounts: () => errors.counts(),
          archive: parts.snapshots.archive,
          store,
          clock,
          sources: parts.sources,
          trial: (name, signal) => tryConfigured(parts, name, signal),
          notifierChecks: () => checkNotifiers(notifyParts),
          ...parts.doctor,
        },
        watch,
      ),
    close: async () => {
      await store.close();
      await parts.close?.();
    },
  };
}

const noErrors: Pick<ErrorParts, 'spool' | 'reporter'> = { spool: { waiting: () => [] }, reporter: null };
const noLog: Logs['tail'] = async () => ({ entries: [], before: null, end: null, path: '', exists: false });

/** Nobody is to be told where there are no rules. */
function notifyStage(parts: NotificationParts): HarvestParts['notify'] {
  return parts.rules.length === 0 ? undefined : (watch) => notify(parts, watch);
}

/** Counts and failures, never the text of a post. */
function logRun(
  logger: HarvesterParts['logger'],
  { id, state, elapsedMs, signals, sources, models, warnings }: RunProgress,
): void {
  for (const { name, kind, error } of sources) {
    if (error !== null) logger.warn({ run: id, source: name, kind, error }, 'source failed');
  }
  for (const warning of warnings) logger.warn({ run: id }, warning);
  for (const spend of models) logger.info({ run: id, ...spend }, 'model asked');
  const added = sources.reduce((total, source) => total + source.added, 0);
  logger.info({ run: id, state, elapsedMs, sources: sources.length, added, signals }, 'run ended');
}
