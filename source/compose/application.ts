import { unknownCategories } from '../analyzers/offline/own-categories.ts';
import { neededModelKeys } from '../analyzers/open.ts';
import type { LoadedConfig } from '../config/load.ts';
import { resolveLogPath } from '../config/paths.ts';
import { createHarvester } from '../harvester/create.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { createTeacher } from '../harvester/teacher.ts';
import { tailLog } from '../log-tail.ts';
import type { SourceTools } from '../sources/kind.ts';
import { openSource } from '../sources/open.ts';
import type { ReopenableStore } from '../store/reopenable.ts';
import { programVersion } from '../version.ts';
import { openAnalysis, openEvaluation } from './analysis.ts';
import { openErrors } from './errors.ts';
import { describeProgram } from './feedback.ts';
import { pinnedFlags } from './flags.ts';
import { openNotifications } from './notifications.ts';
import type { ReadingParts } from './reading.ts';
import { saveScore } from './score.ts';
import { archiveOf } from './snapshots.ts';
import { configuredSource, excludesOf, neededKeys, openTools } from './sources.ts';

/** Words of a category that `learning show` names. */
const wordsShown = 8;

interface ApplicationParts extends ReadingParts {
  readonly exchange: ReopenableStore['exchange'];
  /** Where notifications of that kind go; null where nobody reads it. */
  readonly stdout: NodeJS.WritableStream | null;
}

/** The whole application on a store that is open; it closes that in the end. */
export function openApplication(
  loaded: LoadedConfig,
  { store, exchange, stdout, log, ...reading }: ApplicationParts,
): Harvester {
  const { config } = loaded;
  const { tools: bareTools, clockSkewMs } = openTools(loaded);
  const tools: SourceTools = { ...bareTools, inbox: store };
  const sources = config.sources.map((source) => configuredSource(source, tools));
  const teacher = createTeacher(store, config.learning.corrections);
  return createHarvester({
    ...reading,
    store,
    errors: openErrors(loaded),
    readLog: (request) => tailLog(resolveLogPath(loaded), request),
    logger: log.logger,
    analysis: openAnalysis(loaded, store, teacher),
    pinnedFlags: pinnedFlags(loaded),
    learning: {
      teacher,
      enabled: config.learning,
      learnedWords: async (teaching) =>
        (await import('../analyzers/offline/offline.ts')).learnedWords(teaching, wordsShown),
    },
    evaluation: openEvaluation(loaded, store),
    report: {
      topic: config.topic,
      programVersion: programVersion(),
      descriptions: Object.fromEntries(config.taxonomy.map(({ id, description }) => [id, description])),
    },
    saveScore: (change) => saveScore(loaded, change),
    grouping: config.grouping,
    concurrency: config.run.concurrency,
    maxPostsPerSource: config.run.maxPostsPerSource,
    excludeFor: excludesOf(config),
    spendCaps: config.spend,
    sources,
    notifications: openNotifications(loaded, stdout),
    feedback: describeProgram(loaded, programVersion()),
    openAdHoc: (source) => openSource(source, tools),
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
}
