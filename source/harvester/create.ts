import { explainScore } from '../domain/explain.ts';
import type { RetentionPolicy } from '../domain/retention.ts';
import { type RunProgress, stageNames } from '../domain/run.ts';
import { rankForSalience, salienceAt } from '../domain/score.ts';
import type { SignalDetail, SignalRow } from '../domain/signal.ts';
import { describeSilence, findSilence, usualPerDay } from '../domain/silence.ts';
import { SpendMeter } from '../domain/spend.ts';
import type { View } from '../domain/view.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type HarvestParts, harvest } from '../pipeline/harvest.ts';
import { notify } from '../pipeline/notify.ts';
import { refreshSource } from '../pipeline/refresh.ts';
import { createRelevance } from '../pipeline/relevance.ts';
import { scoreBatch } from '../pipeline/score.ts';
import type { Source } from '../ports/source.ts';
import type { SourceRecord, Store, StoredSignalRow } from '../ports/store.ts';
import { createAudit, createKeys } from './access.ts';
import { type AnalysisDeskParts, createAnalysisDesk } from './analysis-desk.ts';
import { type DoctorParts, examine } from './doctor.ts';
import { estimateSource } from './estimate.ts';
import { createEvaluation, type EvaluationParts } from './evaluation.ts';
import type { AdHocSource, Harvester, RunRequest, SourceHealth, SourceTrial } from './harvester.ts';
import { createLabels, createLearning, type LearningParts } from './learning.ts';
import { matchingIds } from './matching-signals.ts';
import {
  checkNotifiers,
  createNotifications,
  type NotificationParts,
  type NotificationSetup,
  nobody,
} from './notifications.ts';
import { createPushDesk } from './push.ts';
import { createSnapshotRetention } from './retention.ts';
import { createScoring, liveScoring, type ScoringParts } from './scoring.ts';
import { createQueryReader, createSignalLists } from './signal-lists.ts';
import { createSignalRetention, type SignalRule } from './signal-retention.ts';
import { createSnapshots, type SnapshotParts } from './snapshots.ts';
import { createTriage } from './triage.ts';
import { trySource } from './trial.ts';
import { createUpkeep } from './upkeep.ts';
import { createViews } from './views.ts';

/** A source as the configuration has it, not yet opened. */
export interface ConfiguredSource {
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  readonly target: string;
  open(): Source;
}

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
  readonly doctor: Omit<DoctorParts, 'store' | 'sources' | 'clock' | 'trial' | 'archive' | 'notifierChecks'>;
  readonly learning: Pick<LearningParts, 'teacher' | 'enabled' | 'learnedWords'>;
  readonly evaluation: Omit<EvaluationParts, 'store' | 'learns'>;
  /** Who is told of what; absent where nobody is. */
  readonly notifications?: NotificationSetup;
  readonly saveScore: ScoringParts['saveScore'];
  /** Released after the store. */
  close?(): Promise<void>;
}

const msPerHour = 3_600_000;
const wakeEveryMs = 1000;

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

  const withSalience = (row: StoredSignalRow): SignalRow => ({
    ...row,
    salience: row.rank === null ? null : salienceAt(row.rank, clock.now(), scoring.settings),
  });

  const lists = createSignalLists(parts);
  const read = createQueryReader(parts);

  const detail = async (id: number): Promise<SignalDetail | null> => {
    const stored = await store.signal(id);
    if (stored === null) return null;
    const row = withSalience(stored);
    const lead = stored.posts[0];
    const words = (stored.factors?.relevance ?? 1) === 1 ? null : await relevance.wordsOf(id);
    const explanation =
      stored.factors === null || row.salience === null
        ? null
        : explainScore({
            ...row,
            factors: stored.factors,
            salience: row.salience,
            relevanceWords: words,
            ageHours: Math.max(0, clock.now() - row.createdAt) / msPerHour,
          });
    return {
      ...stored,
      ...row,
      lang: lead?.lang ?? null,
      engagement: totalEngagement(stored.posts),
      parentUrl: lead?.parentUrl ?? null,
      parentText: lead?.parentText ?? null,
      explanation,
    };
  };

  const notifyParts: NotificationParts = {
    ...(parts.notifications ?? nobody),
    store,
    clock,
    scoring: scoring.settings,
    detail,
    salienceNow: (rank) => (rank === null ? 0 : salienceAt(rank, clock.now(), scoring.settings)),
    matching: async (search, minSalience) => (await read({ search, minSalience })).filter,
  };
  const audit = createAudit(parts);
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** Whoever turns pages quickly does not ask for each of them who is to wake. */
  const wakeDue = async () => {
    const now = clock.now();
    if (Math.abs(now - lookedAt) < wakeEveryMs) return;
    lookedAt = now;
    await store.wake(now);
  };

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
      }
    },
    runs: { list: (limit, before) => store.runs(limit, before), get: (id) => store.run(id) },
    signals: {
      ...lists,
      page: async (request) => {
        await wakeDue();
        return lists.page(request);
      },
      version: async () => {
        await wakeDue();
        return store.version();
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
    sources: {
      list: async () => {
        const now = clock.now();
        const known = new Map((await store.sources(now)).map((record) => [record.name, record]));
        return parts.sources.map((source) => describeHealth(source, known.get(source.name), now));
      },
      test: async (name, watch) => tryOne(parts, name, watch?.signal ?? new AbortController().signal),
    },
    analysis: createAnalysisDesk({ store, clock, scoring, ...parts.analysis }, read),
    estimate: async (request) => {
      const now = clock.now();
      const known = new Map((await store.sources(now)).map((record) => [record.name, record]));
      const spend = new SpendMeter(parts.spendCaps, await store.spent(now));
      const sources = chooseSources(parts, request)
        .filter(({ pricePerRead }) => (pricePerRead ?? 0) > 0)
        .map((source) =>
          estimateSource(source, known.get(source.name), {
            now,
            since: request.since,
            maxPosts: parts.maxPostsPerSource,
          }),
        );
      return {
        sources,
        totalUsd: sources.reduce((total, { usd }) => total + usd, 0),
        leftUsd: spend.leftUsd,
      };
    },
    refresh: async ({ minSalience, limit }, watch) => {
      const now = clock.now();
      const minRank = rankForSalience(Math.max(minSalience, 0.01), now, scoring.settings);
      const bySource = Map.groupBy(await store.salientPosts(minRank, limit), ({ source }) => source);
      const spend = new SpendMeter(parts.spendCaps, await store.spent(now));
      const signal = watch?.signal ?? new AbortController().signal;
      const report = { asked: 0, changed: 0, costUsd: 0, notes: [] as string[], failures: [] as string[] };
      for (const source of parts.sources.filter(({ enabled, name }) => enabled && bySource.has(name))) {
        const ids = (bySource.get(source.name) ?? []).map(({ externalId }) => externalId);
        const onNotice = (notice: string) => watch?.onProgress?.(`${source.name}: ${notice}`);
        const refreshed = await refreshSource(source.open(), ids, { store, clock, spend, signal, onNotice });
        report.asked += refreshed.asked;
        report.changed += refreshed.changed;
        report.costUsd += refreshed.costUsd;
        if (refreshed.note !== null) report.notes.push(refreshed.note);
        if (refreshed.failure !== null) report.failures.push(refreshed.failure);
      }
      while ((await scoreBatch({ store, clock, relevance }, scoring)) > 0) await new Promise(setImmediate);
      return report;
    },
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
          archive: parts.snapshots.archive,
          store,
          clock,
          sources: parts.sources,
          trial: (name, signal) => tryOne(parts, name, signal),
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

function describeHealth(
  { name, kind, enabled, target }: ConfiguredSource,
  record: SourceRecord | undefined,
  now: number,
): SourceHealth {
  const silence = record === undefined || !enabled ? null : findSilence(record, now);
  return {
    name,
    kind,
    enabled,
    target,
    posts: record?.posts ?? 0,
    lastSuccessAt: record?.lastSuccessAt ?? null,
    lastErrorAt: record?.lastErrorAt ?? null,
    lastError: record?.lastError ?? null,
    quota: record?.quota ?? null,
    limitedUntil: record?.limitedUntil ?? null,
    lastPostAt: record?.lastPostAt ?? null,
    usualPerDay: record === undefined ? null : usualPerDay(record),
    silence: silence === null ? null : describeSilence(silence),
    monthUsd: record?.monthUsd ?? 0,
  };
}

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

function chooseSources(parts: HarvesterParts, { sources: names, adHoc = [] }: RunRequest): readonly Source[] {
  const unknown = names?.filter((name) => !parts.sources.some((source) => source.name === name)) ?? [];
  if (unknown.length > 0) throw unknownSource(parts, unknown);
  const chosen = parts.sources.filter(({ name, enabled }) =>
    names === undefined ? enabled : names.includes(name),
  );
  return [...chosen.map((source) => source.open()), ...adHoc.map((source) => parts.openAdHoc(source))];
}

/** One page of one source, within the caps; nothing is written but what it cost. */
async function tryOne(parts: HarvesterParts, name: string, signal: AbortSignal): Promise<SourceTrial> {
  const { store, clock } = parts;
  const [source] = chooseSources(parts, { sources: [name] });
  if (source === undefined) throw unknownSource(parts, [name]);
  return trySource(source, {
    exclude: parts.excludeFor(name),
    clock,
    signal,
    spend: new SpendMeter(parts.spendCaps, await store.spent(clock.now())),
    charge: (reads, costUsd) => store.chargeReads(name, source.kind, { reads, costUsd }, clock.now()),
  });
}

function unknownSource(parts: HarvesterParts, names: readonly string[]): UserError {
  return new UserError('unknown-source', `There is no source named ${names.join(', ')}.`, {
    fix: `The configuration has: ${parts.sources.map(({ name }) => name).join(', ') || 'no sources yet'}.`,
  });
}

function totalEngagement(posts: SignalDetail['posts']): SignalDetail['engagement'] {
  const total = (count: 'likes' | 'reposts' | 'replies' | 'quotes') =>
    posts.reduce((sum, { engagement }) => sum + engagement[count], 0);
  return {
    likes: total('likes'),
    reposts: total('reposts'),
    replies: total('replies'),
    quotes: total('quotes'),
  };
}
