import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { analyzeWithChain } from './analyzers/chain.ts';
import { learnedWords } from './analyzers/offline/offline.ts';
import { unknownCategories } from './analyzers/offline/own-categories.ts';
import { neededModelKeys, openAnalyzers } from './analyzers/open.ts';
import { addSourcesToFile } from './config/edit.ts';
import { setScoreInFile } from './config/edit-score.ts';
import { variableFor } from './config/environment.ts';
import { configJsonSchema } from './config/json-schema.ts';
import {
  type LoadedConfig,
  loadConfig,
  resolveLogPath,
  resolveSnapshotsCopyPath,
  resolveSnapshotsPath,
  resolveStorePath,
} from './config/load.ts';
import { anySource, type Config, type SourceConfig } from './config/schema.ts';
import { secretScrubber } from './config/secrets.ts';
import { writeStartingConfig } from './config/write.ts';
import { compileExcludes, type Exclude } from './domain/exclude.ts';
import type { ScoreSettings } from './domain/score.ts';
import { changeScoreSettings, type ScoreChange } from './domain/score-settings.ts';
import type { SnapshotReason } from './domain/snapshot.ts';
import { SpendMeter } from './domain/spend.ts';
import { categoryBoosts } from './domain/taxonomy.ts';
import { UserError } from './errors.ts';
import type { AnalysisDeskParts } from './harvester/analysis-desk.ts';
import { type ConfiguredSource, createHarvester } from './harvester/create.ts';
import type { EvaluationParts } from './harvester/evaluation.ts';
import type { FeedList } from './harvester/feed-list.ts';
import type { Harvester } from './harvester/harvester.ts';
import type { NotificationSetup } from './harvester/notifications.ts';
import { connectHarvester as connectTo } from './harvester/remote.ts';
import { createSnapshotRetention } from './harvester/retention.ts';
import type { Setup } from './harvester/setup.ts';
import { createSnapshots, type SnapshotKeeper } from './harvester/snapshots.ts';
import type { StoreAdmin } from './harvester/store-admin.ts';
import { createTeacher, type StoreTeacher } from './harvester/teacher.ts';
import { type Logger, openLogger } from './log.ts';
import { openNotifiers } from './notifiers/open.ts';
import type { AnalysisChain } from './pipeline/analyze.ts';
import { systemClock } from './ports/clock.ts';
import type { ModelLedger } from './ports/ledger.ts';
import type { SnapshotArchive } from './ports/snapshots.ts';
import type { Store } from './ports/store.ts';
import { openArchive } from './snapshots/archive.ts';
import { watchClockSkew } from './sources/clock-skew.ts';
import { createHttpClient } from './sources/http.ts';
import type { SourceTools } from './sources/kind.ts';
import { openSource, sourceKinds, sourceSchema } from './sources/open.ts';
import { comparableUrl, maxOpmlBytes, nameFeeds, readOpml, writeOpml } from './sources/opml.ts';
import { answerQuestion, probeSource, proposeSources, sourceQuestions } from './sources/probe.ts';
import { openStoreAdmin } from './store/admin.ts';
import { openStoreFiles } from './store/files.ts';
import { type ReopenableStore, reopenableStore } from './store/reopenable.ts';
import { openStore } from './store/store.ts';

const msPerDay = 86_400_000;
/** Words of a category that `learning show` names. */
const wordsShown = 8;

export { systemClock };

/** Where a configuration is looked for, and what is laid over it. */
export interface ConfigRequest {
  readonly explicitPath?: string;
  readonly profile?: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The effective configuration, checked against the options of every kind of source. */
export async function readConfig(request: ConfigRequest): Promise<LoadedConfig> {
  return loadConfig({ ...request, sourceSchema });
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
  return {
    ...loaded,
    folder,
    config: {
      ...loaded.config,
      topic: 'demo',
      sources: [demo],
      store: { path: join(folder, 'signals.sqlite') },
      log: { ...loaded.config.log, path: join(folder, 'demo.log') },
    },
  };
}

/** How log lines look on standard output; a terminal app has none there. */
export type LogForm = 'json' | 'pretty';

/** What a worker thread is started with. */
export interface WorkerData {
  readonly loaded: LoadedConfig;
  readonly stdout: LogForm | undefined;
}

/** With `stdout`, lines go there, and to the log file only when one is configured. */
export async function composeLogger(
  loaded: LoadedConfig,
  stdout?: LogForm,
): Promise<{ logger: Logger; close(): Promise<void> }> {
  const { level, path } = loaded.config.log;
  return openLogger({
    level,
    path: stdout !== undefined && path === '' ? null : resolveLogPath(loaded),
    stdout,
    scrub: secretScrubber(loaded.secrets),
  });
}

/**
 * The application for a server: pages are read in this thread, where the
 * answer is made; whatever may take long works in threads of its own.
 */
export async function composeServed(loaded: LoadedConfig, stdout: LogForm): Promise<Harvester> {
  const [near, far] = await Promise.all([
    composeHarvester(loaded, { stdout: null, log: stdout }),
    connectHarvester(loaded, stdout),
  ]);
  return {
    ...far,
    signals: {
      ...far.signals,
      // A search may take long to find little.
      page: (request) => (request.search === undefined ? near : far).signals.page(request),
      get: near.signals.get,
    },
    keys: { ...far.keys, verifiers: near.keys.verifiers },
    close: async () => {
      await Promise.all([near.close(), far.close()]);
    },
  };
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
  const open = () => openStore(path, undefined, () => snapshotBefore(loaded, 'before-migration'));
  const { store, exchange } = reopenableStore(await open(), open);
  const { tools: bareTools, clockSkewMs } = openTools(loaded);
  const tools: SourceTools = { ...bareTools, inbox: store };
  const log = await composeLogger(loaded, logForm);
  const sources = config.sources.map((source) => configuredSource(source, tools));
  const teacher = createTeacher(store, config.learning.corrections);
  const analysis = openAnalysis(loaded, store, teacher);
  return createHarvester({
    store,
    clock: systemClock,
    logger: log.logger,
    chain: analysis.chainOf(undefined),
    analysis,
    learning: {
      teacher,
      enabled: config.learning,
      learnedWords: (teaching) => learnedWords(teaching, wordsShown),
    },
    evaluation: openEvaluation(loaded, store),
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
}

function scoreSettings({ config }: LoadedConfig): ScoreSettings {
  return { ...config.score, categories: categoryBoosts(config.taxonomy, config.score.categories) };
}

/** Into the file that the configuration was read from; refuses what would not count there. */
async function saveScore({ path, profile }: LoadedConfig, change: ScoreChange): Promise<string> {
  if (path === null) {
    throw new UserError('no-config', 'There is no configuration file that the weights could be saved to.', {
      fix: 'Run "signal-harvester init --topic NAME" to make one, then save again.',
    });
  }
  const variable = Object.keys(change)
    .flatMap((name) => ['score', `score.${name.split('.')[0]}`, `score.${name}`])
    .map((setting) => variableFor(setting.split('.')))
    .find((name) => (process.env[name] ?? '') !== '');
  if (variable !== undefined) {
    throw new UserError('setting-overridden', `${variable} is set and wins over the configuration file.`, {
      fix: 'Unset the variable, or change the weight there.',
    });
  }
  await setScoreInFile(path, change, profile);
  return path;
}

/**
 * The application behind threads, for a screen that must never wait: one for
 * what the screen asks, one (started by the first run) for the pipeline.
 */
export async function connectHarvester(loaded: LoadedConfig, stdout?: LogForm): Promise<Harvester> {
  let settings = scoreSettings(loaded);
  const desk = startWorker(loaded, stdout);
  // A store that cannot be opened is told now, before a screen is drawn.
  await desk.harvester.store.status();
  // A thread that is started later has read the configuration as it was.
  const pipeline = lazyWorker(loaded, stdout, ({ scoring }) => scoring.adopt(settings));
  const keeper = lazyWorker(loaded, stdout);
  return {
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
    notifications: {
      ...desk.harvester.notifications,
      send: (watch) => pipeline.use(({ notifications }) => notifications.send(watch)),
    },
    close: async () => {
      await Promise.all([desk.close(), pipeline.close(), keeper.close()]);
    },
  };
}

/** A thread that is started by the first call, and again by the next one after a rest. */
function lazyWorker(
  loaded: LoadedConfig,
  stdout: LogForm | undefined,
  begin: (harvester: Harvester) => Promise<void> = async () => {},
) {
  let worker: ReturnType<typeof startWorker> | null = null;
  let busy = 0;
  const close = async () => {
    const closing = worker;
    worker = null;
    await closing?.close();
  };
  return {
    use: async <Result>(act: (harvester: Harvester) => Promise<Result>): Promise<Result> => {
      busy += 1;
      try {
        if (worker === null) {
          worker = startWorker(loaded, stdout);
          // The thread answers calls in their order: this one is obeyed before the next.
          begin(worker.harvester).catch(() => undefined);
        }
        return await act(worker.harvester);
      } finally {
        busy -= 1;
      }
    },
    /** Tells the thread something if there is one. */
    tell: async (act: (harvester: Harvester) => Promise<void>): Promise<void> => {
      if (worker !== null) await act(worker.harvester);
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
): { harvester: Harvester; close(): Promise<void> } {
  // Beside this file both in source/ and in the bundle.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { loaded, stdout } satisfies WorkerData,
  });
  const { harvester, onDeath } = connectTo(worker);
  worker.on('error', onDeath);
  worker.on('exit', () => onDeath(new Error('the worker thread has ended')));
  const close = async () => {
    await harvester.close();
    await worker.terminate();
  };
  return { harvester, close };
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

/** As package.json has it, which stands above this file in source/ and in the bundle. */
function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** What the first-run wizard and `init` work with; the configuration is written into `folder`. */
export async function composeSetup(folder: string): Promise<Setup> {
  const { tools } = openTools(loadConfig({ sourceSchema, cwd: folder, env: process.env }));
  return {
    propose: (topic) => proposeSources(topic),
    questions: () => sourceQuestions(),
    answer: (kind, answer, signal) => answerQuestion(kind, answer, tools, signal),
    probe: ({ config }, signal) => probeSource(config, tools, signal),
    save: (topic, proposals) =>
      writeStartingConfig(folder, { topic, sources: proposals.map(({ config }) => config) }),
  };
}

/** The feeds of a configuration as a list to import and export; asks no server. */
export async function composeFeedList({ config, path, profile }: LoadedConfig): Promise<FeedList> {
  const urls = config.sources.flatMap(({ name, kind, url }) =>
    kind === 'rss' && typeof url === 'string' ? [{ name, url }] : [],
  );
  return {
    maxBytes: maxOpmlBytes,
    write: () => ({
      opml: writeOpml(config.topic === '' ? 'Signal Harvester' : config.topic, urls),
      feeds: urls.length,
    }),
    add: async (opml) => {
      if (path === null) throw noConfig();
      const { feeds, repeated, warnings } = await readOpml(opml);
      if (feeds.length === 0) throw noFeeds(warnings);
      const present = new Set(urls.map(({ url }) => comparableUrl(url)));
      const fresh = feeds.filter(({ url }) => !present.has(url));
      const added = nameFeeds(
        fresh,
        config.sources.map(({ name }) => name),
      );
      const entries = added.map(({ name, url }) => ({ name, kind: 'rss', url }));
      if (entries.length > 0) await addSourcesToFile(path, entries, profile);
      return { path, added, known: repeated + feeds.length - fresh.length, warnings };
    },
  };
}

function noConfig(): UserError {
  return new UserError('no-config', 'There is no configuration file that the feeds could be added to.', {
    fix: 'Run "signal-harvester init --topic NAME" to make one, then import again.',
  });
}

function noFeeds(warnings: readonly string[]): UserError {
  const why = warnings.length === 0 ? '' : `: ${warnings[0]}`;
  return new UserError('no-feeds', `The list names no feed that could be added${why}`, {
    fix: 'Look whether its outlines have an xmlUrl with a web address.',
  });
}

function openTools({ config, folder, secrets }: LoadedConfig): {
  tools: SourceTools;
  clockSkewMs: () => number | null;
} {
  const { http, clockSkewMs } = watchClockSkew(createHttpClient(config.http, systemClock), systemClock);
  return { tools: { http, clock: systemClock, folder, secrets }, clockSkewMs };
}

function configuredSource(source: SourceConfig, tools: SourceTools): ConfiguredSource {
  return {
    name: source.name,
    kind: source.kind,
    enabled: source.enabled,
    target: targetOf(source),
    open: () => openSource(source, tools),
  };
}

/** Who works at this computer; an account without a name in the system's books (in a container) is "analyst". */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'analyst';
  }
}
/** Rules of notifiers that are there; those of one that cannot send here still write down what is to be sent. */
function openNotifications(
  { config, secrets }: LoadedConfig,
  stdout: NodeJS.WritableStream | null,
): NotificationSetup {
  const notifierNames = config.notifiers.filter(({ enabled }) => enabled).map(({ name }) => name);
  return {
    settings: config.notify,
    allRules: config.rules,
    rules: config.rules.filter(({ enabled, notifier }) => enabled && notifierNames.includes(notifier)),
    notifierNames,
    notifiers: openNotifiers(config.notifiers, { clock: systemClock, secrets, stdout }),
  };
}

/** The general excludes and those of the source; compiled once a source. */
function excludesOf(config: Config): (source: string) => Exclude {
  const general = compileExcludes([config.exclude]);
  const own = new Map(
    config.sources.map(({ name, exclude }) => [name, compileExcludes([config.exclude, exclude])] as const),
  );
  return (source) => own.get(source) ?? general;
}

function targetOf(source: SourceConfig): string {
  const kind = sourceKinds.find((each) => each.kind === source.kind);
  return kind === undefined ? source.kind : kind.target(kind.options.parse(source));
}

/** More answers of models than this are not kept, oldest first: some tens of megabytes. */
const mostKeptAnswers = 100_000;

function openAnalysis(
  { config, secrets }: LoadedConfig,
  store: Store,
  teacher: StoreTeacher,
): Pick<AnalysisDeskParts, 'analyzers' | 'chainOf' | 'modelCaps'> {
  const { spend, cacheDays } = config.models;
  let meter = new SpendMeter(spend, { todayUsd: 0, monthUsd: 0 });
  const tools = { clock: systemClock, ledger: store, meter: () => meter, secrets, teacher };
  const analyzers = openAnalyzers(config, tools);
  const categories = config.taxonomy.map(({ id }) => id);
  const begin = async () => {
    const now = systemClock.now();
    await teacher.refresh();
    meter = new SpendMeter(spend, await store.modelSpent(now));
    await store.pruneAnswers(now - cacheDays * msPerDay, mostKeptAnswers);
  };
  const chainOf = (name: string | undefined): AnalysisChain => {
    const chosen = analyzers.filter((analyzer) => name === undefined || analyzer.name === name);
    if (chosen.length === 0) throw unknownAnalyzer(name ?? '', config.analyzers);
    return {
      batchSize: Math.max(...chosen.map(({ batchSize }) => batchSize)),
      begin,
      analyze: async (batch, options) => {
        const answers = await analyzeWithChain(chosen, batch, { ...options, categories });
        return answers.map(({ signalId, analysis, analyzer, model }) => ({
          signalId,
          analysis: { ...analysis, analyzer, ...(model && { model }) },
        }));
      },
    };
  };
  return { analyzers, chainOf, modelCaps: spend };
}

function unknownAnalyzer(name: string, known: readonly string[]): UserError {
  return new UserError('unknown-analyzer', `The configuration has no analyzer "${name}".`, {
    fix: `Use one of ${known.join(', ')}, or add it to "analyzers".`,
  });
}

/** Analyzers one at a time, with books of their own; the caps of models hold. */
function openEvaluation(
  { config, secrets }: LoadedConfig,
  store: Store,
): Omit<EvaluationParts, 'store' | 'learns'> {
  const { models } = config;
  const openMeter = async () => new SpendMeter(models.spend, await store.modelSpent(systemClock.now()));
  let meter = new SpendMeter(models.spend, { todayUsd: 0, monthUsd: 0 });
  return {
    leftUsd: async () => (await openMeter()).leftUsd,
    begin: async () => {
      meter = await openMeter();
    },
    estimate: async (name, batch) => {
      const teacher = { teaching: async () => ({ labels: [], usual: [] }) };
      const tools = { clock: systemClock, ledger: store, meter: () => meter, secrets, teacher };
      const [analyzer] = openAnalyzers({ ...config, analyzers: [name] }, tools);
      const estimate = await analyzer?.estimate?.(batch, {});
      if (estimate === undefined) return { requests: 0, tokens: 0, usd: 0 };
      const { requests, inputTokens, outputTokens, costUsd } = estimate;
      return { requests, tokens: inputTokens + outputTokens, usd: costUsd };
    },
    open: (name, teaching) => {
      const used = { requests: 0, tokens: 0, usd: 0 };
      const ledger: ModelLedger = {
        modelSpent: store.modelSpent,
        modelSpendOf: store.modelSpendOf,
        keptAnswers: store.keptAnswers,
        pruneAnswers: store.pruneAnswers,
        recordModelUse: async (use, answers, at) => {
          used.requests += 1;
          used.tokens += use.inputTokens + use.outputTokens;
          used.usd += use.costUsd;
          await store.recordModelUse(use, answers, at);
        },
      };
      const teacher = { teaching: async () => teaching };
      const tools = { clock: systemClock, ledger, meter: () => meter, secrets, teacher };
      const analyzers = openAnalyzers({ ...config, analyzers: [name] }, tools);
      return {
        analyze: (batch, options) => analyzeWithChain(analyzers, batch, options),
        used: () => ({ ...used }),
      };
    },
  };
}

function neededKeys(sources: readonly SourceConfig[], { secrets }: LoadedConfig) {
  return sources
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, kind }) => {
      const variables = sourceKinds.find((each) => each.kind === kind)?.secrets ?? [];
      return variables.map((variable) => ({
        variable,
        neededBy: name,
        set: (secrets[variable] ?? '') !== '',
      }));
    });
}
