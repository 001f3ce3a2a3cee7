import type { EventKind } from '../domain/rules.ts';
import { stageNames } from '../domain/run.ts';
import { salienceAt } from '../domain/score.ts';
import { joinViews } from '../domain/view.ts';
import { harvest } from '../pipeline/harvest.ts';
import type { HarvestParts } from '../pipeline/harvest-request.ts';
import { notify } from '../pipeline/notify.ts';
import type { EventToTell } from '../pipeline/notify-events.ts';
import { createRelevance } from '../pipeline/relevance.ts';
import type { Flags } from '../ports/flags.ts';
import { createAudit, createKeys } from './access.ts';
import { createAnalysisDesk } from './analysis-desk.ts';
import { type DoctorParts, examine } from './doctor.ts';
import { createErrorBook, type ErrorParts, errorEvents } from './errors.ts';
import { createRunEstimate } from './estimate.ts';
import { createEvaluation } from './evaluation.ts';
import { createFeedbackDesk, feedbackEvents, unknownProgram } from './feedback.ts';
import { createFlags } from './flags.ts';
import type { Harvester } from './harvester.ts';
import type { HarvesterParts } from './harvester-parts.ts';
import { createInsight } from './insight.ts';
import { createInvitations } from './invitations.ts';
import { createLabels, createLearning } from './learning.ts';
import type { Logs } from './logs.ts';
import { matchingIds } from './matching-signals.ts';
import { checkNotifiers, createNotifications, type NotificationParts, nobody } from './notifications.ts';
import { createPushDesk } from './push.ts';
import { createRefresh } from './refresh.ts';
import { createReports, noSetup } from './report.ts';
import { createSnapshotRetention } from './retention.ts';
import { logRun, runUsage } from './run-log.ts';
import { createScoring, liveScoring } from './scoring.ts';
import { createSignalDetail } from './signal-detail.ts';
import { createQueryReader, createSignalLists } from './signal-lists.ts';
import { createSignalRetention } from './signal-retention.ts';
import { createSnapshots } from './snapshots.ts';
import { chooseSources, createSources, tryConfigured } from './sources.ts';
import { createTimings } from './timings.ts';
import { createTransfer } from './transfer.ts';
import { analystName, createTriage } from './triage.ts';
import { createUpkeep } from './upkeep.ts';
import { createUsage, tellUsage, uncounted } from './usage.ts';
import { createViews } from './views.ts';
import { wakingLists } from './waking.ts';

/** The application on the given adapters. */
export function createHarvester(given: HarvesterParts): Harvester {
  const parts = { ...given, scoring: liveScoring(given.scoring) };
  const { store, clock, scoring, logger } = parts;
  const { forInstall: flagsNow, ...flags } = createFlags({
    store,
    clock,
    pinned: parts.pinnedFlags ?? { environment: {}, config: {} },
  });
  const learned = createRelevance(store, parts.learning.enabled.relevance);
  const unlearned = createRelevance(store, false);
  const relevanceUnder = (now: Flags) => (now.isOn('learned-relevance') ? learned : unlearned);
  const evaluation = createEvaluation({
    store,
    learns: parts.learning.enabled.corrections,
    ...parts.evaluation,
  });

  const bareLists = createSignalLists(parts);
  const lists = wakingLists(parts, bareLists);
  const read = createQueryReader(parts);

  const errors = createErrorBook({ ...noErrors, ...parts.errors, store, clock, logger });

  const detail = createSignalDetail({ ...parts, relevance: learned });

  // One line for each kind of events that rules can tell of.
  const eventsOf: Record<EventKind, (since: number) => Promise<readonly EventToTell[]>> = {
    feedback: (since) => feedbackEvents(store, since),
    error: (since) => errorEvents(errors, since),
  };
  const notifyParts: NotificationParts = {
    ...(parts.notifications ?? nobody),
    store,
    clock,
    scoring: scoring.settings,
    events: (kind, since) => eventsOf[kind](since),
    detail,
    salienceNow: (rank) => (rank === null ? 0 : salienceAt(rank, clock.now(), scoring.settings)),
    matching: async (search, minSalience) => (await read({ search, minSalience })).filter,
  };
  const { sendIfDue, ...usage } = createUsage({ store, clock, logger, usage: parts.usage ?? uncounted });
  /** Sending after a run: nobody waits for it but the end of the program. */
  let sending = Promise.resolve();
  const audit = createAudit(parts);
  const insight = createInsight(parts);
  const sources = createSources(parts);
  const doctor: DoctorParts = {
    archive: parts.snapshots.archive,
    store,
    clock,
    sources: parts.sources,
    trial: (name, signal) => tryConfigured(parts, name, signal),
    notifierChecks: () => checkNotifiers(notifyParts),
    flags: async () => (await flags.list()).flags,
    errorCounts: () => errors.counts(),
    usage: async () => tellUsage(await usage.status()),
    ...parts.doctor,
  };

  return {
    run: async (request, watch) => {
      const lock = await store.lockRuns(clock.now());
      try {
        await store.wake(clock.now());
        const now = await flagsNow();
        const run = await harvest(
          {
            ...parts,
            flags: now,
            chain: parts.analysis.chainOf(undefined, now),
            relevance: relevanceUnder(now),
            notify: notifyStage(notifyParts),
          },
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
        await usage.record([runUsage(run, clock.now())]).catch(() => undefined);
        sending = sending.then(sendIfDue);
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
      ids: (query, limit) => matchingIds(store, read, query, limit),
      get: detail,
    },
    views: createViews({ ...parts, lists: bareLists }),
    insight,
    report: createReports({
      ...parts,
      setup: parts.report ?? noSetup,
      read,
      listViews: async () => joinViews(parts.views, await store.views()),
      insight,
      sources: sources.list,
    }),
    transfer: createTransfer({ ...parts, lists, actor: analystName(parts.analyst) }),
    triage: createTriage({
      ...parts,
      actor: analystName(parts.analyst),
      read,
      chainNow: async () => parts.analysis.chainOf(undefined, await flagsNow()),
    }),
    notifications: createNotifications(notifyParts),
    posts: { push: createPushDesk(parts) },
    keys: createKeys(parts),
    flags,
    invitations: createInvitations(parts),
    audit,
    feedback: createFeedbackDesk({
      store,
      clock,
      feedback: parts.feedback ?? unknownProgram,
      quickChecks: (watch) => examine(doctor, watch, { quick: true }),
    }),
    usage,
    upkeep: createUpkeep({ store, clock, keys: parts.doctor.keys, pruneAudit: audit.prune }),
    errors,
    logs: { tail: parts.readLog ?? noLog },
    timings: createTimings(parts),
    sources,
    analysis: createAnalysisDesk({ store, clock, scoring, flags: flagsNow, ...parts.analysis }, read),
    estimate: createRunEstimate(parts),
    refresh: createRefresh({ ...parts, relevanceNow: async () => relevanceUnder(await flagsNow()) }),
    scoring: createScoring(parts),
    labels: createLabels(store),
    learning: createLearning({
      store,
      clock,
      scoring,
      evaluation,
      relevanceNow: async () => {
        const now = await flagsNow();
        return { relevance: relevanceUnder(now), on: now.isOn('learned-relevance') };
      },
      ...parts.learning,
    }),
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
    doctor: (watch) => examine(doctor, watch),
    close: async () => {
      await sending;
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
