import { mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { unknownCategories } from './analyzers/offline/own-categories.ts';
import { neededModelKeys } from './analyzers/open.ts';
import { openAnalysis, openEvaluation } from './compose/analysis.ts';
import { aimRecorder, openErrors } from './compose/errors.ts';
import { describeProgram } from './compose/feedback.ts';
import { pinnedFlags } from './compose/flags.ts';
import { openNotifications } from './compose/notifications.ts';
import { saveScore, scoreSettings } from './compose/score.ts';
import { configuredSource, excludesOf, neededKeys, openTools } from './compose/sources.ts';
import { openTimings } from './compose/timings.ts';
import { openUsage } from './compose/usage.ts';
import { configJsonSchema } from './config/json-schema.ts';
import {
  type LoadedConfig,
  loadConfig,
  resolveLogPath,
  resolveSnapshotsCopyPath,
  resolveSnapshotsPath,
  resolveStorePath,
} from './config/load.ts';
import { anySource } from './config/schema.ts';
import { secretScrubber } from './config/secrets.ts';
import type { SnapshotReason } from './domain/snapshot.ts';
import { recorder } from './error-recorder.ts';
import { withBreadcrumbs } from './harvester/breadcrumbs.ts';
import { createHarvester } from './harvester/create.ts';
import { takeErrors } from './harvester/errors.ts';
import type { Harvester } from './harvester/harvester.ts';
import { createSnapshotRetention } from './harvester/retention.ts';
import { createSnapshots, type SnapshotKeeper } from './harvester/snapshots.ts';
import type { StoreAdmin } from './harvester/store-admin.ts';
import { createTeacher } from './harvester/teacher.ts';
import { type Logger, openLazily, openLogger } from './log.ts';
import { tailLog } from './log-tail.ts';
import { systemClock } from './ports/clock.ts';
import type { SnapshotArchive } from './ports/snapshots.ts';
import { openArchive } from './snapshots/archive.ts';
import type { SourceTools } from './sources/kind.ts';
import { openSource, sourceSchema } from './sources/open.ts';
import { openStoreAdmin } from './store/admin.ts';
import { openStoreFiles } from './store/files.ts';
import { type ReopenableStore, reopenableStore } from './store/reopenable.ts';
import { openStore } from './store/store.ts';
import { programVersion } from './version.ts';

export { systemClock };

/** Words of a category that `learning show` names. */
const wordsShown = 8;

/** Where a configuration is looked for, and what is laid over it. */
export interface ConfigRequest {
  readonly explicitPath?: string;
  readonly profile?: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The effective configuration, checked against the options of every kind of source. */
export async function readConfig(request: ConfigRequest): Promise<LoadedConfig> {
  const loaded = loadConfig({ ...request, sourceSchema });
  aimRecorder(loaded);
  return loaded;
}

/** The JSON Schema of the configuration file, for editors. */
export async function describeConfig(): Promise<unknown> {
  return configJsonSchema(sourceSchema);
}

/**
 * A configuration for a look around: the bundled sample, and a store in a
 * temporary folder (`folder`) that the caller removes.
 */
export async function demoConfig(): Promise<LoadedConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-demo-'));
  const loaded = loadConfig({ sourceSchema, cwd: folder, env: {}, explicitPath: null });
  const demo = anySource.parse({ name: 'demo', kind: 'demo' });
  const demonstrated: LoadedConfig = {
    ...loaded,
    folder,
    config: {
      ...loaded.config,
      topic: 'demo',
      sources: [demo],
      store: { ...loaded.config.store, path: join(folder, 'signals.sqlite') },
      log: { ...loaded.config.log, path: join(folder, 'demo.log') },
    },
  };
  aimRecorder(demonstrated);
  return demonstrated;
}

/** How log lines look on standard output; a terminal app has none there. */
export type LogForm = 'json' | 'pretty';

/** With `stdout`, lines go there, and to the log file only when one is configured. */
export async function composeLogger(
  loaded: LoadedConfig,
  stdout?: LogForm,
): Promise<{ logger: Logger; close(): Promise<void> }> {
  const { level, path, rotate, maxBytes, keep } = loaded.config.log;
  return openLogger({
    level,
    rotation: { rotate, maxBytes, keep },
    path: stdout !== undefined && path === '' ? null : resolveLogPath(loaded),
    stdout,
    scrub: secretScrubber(loaded.secrets),
  });
}

/** Takes known secrets out of what leaves the program. */
export function composeScrubber({ secrets }: LoadedConfig): (text: string) => string {
  return secretScrubber(secrets);
}

/**
 * The application in this thread.
 *
 * @param stdout where notifications of that kind go; null where nobody reads it
 * @throws UserError `store-…` when the store cannot be used
 */
export async function composeHarvester(
  loaded: LoadedConfig,
  {
    stdout,
    log: logForm,
  }: { readonly stdout: NodeJS.WritableStream | null; readonly log?: LogForm | undefined } = {
    stdout: null,
  },
): Promise<Harvester> {
  const { config } = loaded;
  const path = resolveStorePath(loaded);
  const { timings, watch, logTo } = openTimings(loaded);
  const open = () => openStore(path, undefined, () => snapshotBefore(loaded, 'before-migration'), watch);
  const { store, exchange } = reopenableStore(await open(), open);
  const { tools: bareTools, clockSkewMs } = openTools(loaded);
  const tools: SourceTools = { ...bareTools, inbox: store };
  const log =
    logForm === undefined ? openLazily(() => composeLogger(loaded)) : await composeLogger(loaded, logForm);
  logTo(log.logger);
  const sources = config.sources.map((source) => configuredSource(source, tools));
  const teacher = createTeacher(store, config.learning.corrections);
  const analysis = openAnalysis(loaded, store, teacher);
  const errors = openErrors(loaded);
  // What an earlier process could not store any more.
  await takeErrors({ ...errors, store, clock: systemClock });
  const harvester = createHarvester({
    store,
    errors,
    readLog: (request) => tailLog(resolveLogPath(loaded), request),
    clock: systemClock,
    logger: log.logger,
    timings,
    analysis,
    pinnedFlags: pinnedFlags(loaded),
    learning: {
      teacher,
      enabled: config.learning,
      learnedWords: async (teaching) =>
        (await import('./analyzers/offline/offline.ts')).learnedWords(teaching, wordsShown),
    },
    evaluation: openEvaluation(loaded, store),
    report: {
      topic: config.topic,
      programVersion: programVersion(),
      descriptions: Object.fromEntries(config.taxonomy.map(({ id, description }) => [id, description])),
    },
    saveScore: (change) => saveScore(loaded, change),
    grouping: config.grouping,
    scoring: {
      settings: scoreSettings(loaded),
      sourceWeights: Object.fromEntries(config.sources.map(({ name, weight }) => [name, weight])),
    },
    categories: config.taxonomy.map(({ id }) => id),
    concurrency: config.run.concurrency,
    maxPostsPerSource: config.run.maxPostsPerSource,
    excludeFor: excludesOf(config),
    spendCaps: config.spend,
    sources,
    notifications: openNotifications(loaded, stdout),
    feedback: describeProgram(loaded, programVersion()),
    usage: openUsage(loaded, programVersion()),
    openAdHoc: (source) => openSource(source, tools),
    analyst: config.analyst || accountName(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    views: config.views,
    snapshots: { archive: archiveOf(loaded, exchange), automatic: config.snapshots.automatic },
    retention: { policy: config.snapshots.retention, signals: config.retention.signals },
    doctor: {
      configPath: loaded.path,
      nodeVersion: process.versions.node,
      keys: [...neededKeys(config.sources, loaded), ...neededModelKeys(config, loaded.secrets)],
      unknownCategories: config.analyzers.includes('offline') ? unknownCategories(config.taxonomy) : [],
      clockSkewMs,
    },
    close: async () => {
      await tools.http.close();
      await log.close();
    },
  });
  return withBreadcrumbs(harvester, recorder);
}

/** The store alone, whatever its schema: what `db` works on. */
export async function composeStoreAdmin(loaded: LoadedConfig): Promise<StoreAdmin> {
  return openStoreAdmin(resolveStorePath(loaded), (reason) => snapshotBefore(loaded, reason));
}

/** Snapshots without opening the store: a store that is damaged is what they are for. */
export async function composeSnapshotKeeper(loaded: LoadedConfig): Promise<SnapshotKeeper> {
  const archive = archiveOf(loaded);
  const { automatic, retention: policy } = loaded.config.snapshots;
  return {
    snapshots: createSnapshots({ archive, automatic }),
    retention: createSnapshotRetention({ archive, policy }),
  };
}

/** Before what loses data: a snapshot, when there is anything to lose and the configuration does not forbid it. */
async function snapshotBefore(loaded: LoadedConfig, reason: SnapshotReason): Promise<void> {
  if (!loaded.config.snapshots.automatic) return;
  if (openStoreFiles(resolveStorePath(loaded)).hasContent()) await archiveOf(loaded).create({ reason });
}

/** `exchange` frees the store's file from this thread's own connection while it is replaced. */
function archiveOf(loaded: LoadedConfig, exchange?: ReopenableStore['exchange']): SnapshotArchive {
  const files = openStoreFiles(resolveStorePath(loaded));
  return openArchive({
    folder: resolveSnapshotsPath(loaded),
    copyTo: resolveSnapshotsCopyPath(loaded),
    s3: { settings: loaded.config.snapshots.s3, secrets: loaded.secrets },
    files:
      exchange === undefined
        ? files
        : {
            ...files,
            exchange: (replacement, options) => exchange(() => files.exchange(replacement, options)),
          },
    clock: systemClock,
    programVersion: programVersion(),
  });
}

/** Who works at this computer; an account without a name in the system's books (in a container) is "analyst". */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'analyst';
  }
}
