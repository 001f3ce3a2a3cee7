import { deliveryStates } from '../../../source/domain/delivery.ts';
import type { ErrorGroup } from '../../../source/domain/error-group.ts';
import type { LogEntry } from '../../../source/domain/log-entry.ts';
import { noEngagement } from '../../../source/domain/post.ts';
import type {
  AnalyzerProgress,
  RunProgress,
  SourceProgress,
  SourceState,
  StageName,
} from '../../../source/domain/run.ts';
import type { SignalDetail } from '../../../source/domain/signal.ts';
import type { ModelSpend } from '../../../source/domain/spend.ts';
import { builtInViews } from '../../../source/domain/view.ts';
import type { RunEstimate } from '../../../source/harvester/estimate.ts';
import type {
  Harvester,
  RefreshReport,
  RunRequest,
  SourceHealth,
  Watch,
} from '../../../source/harvester/harvester.ts';
import { memoryAccess } from './memory-access.ts';
import { memoryErrors, memoryLog } from './memory-errors.ts';
import { memoryFeedback } from './memory-feedback.ts';
import { memoryInsight } from './memory-insight.ts';
import { memoryReport } from './memory-report.ts';
import { memoryScoring } from './memory-scoring.ts';
import { MemorySignals } from './memory-signals.ts';
import { MemoryArchive } from './memory-snapshots.ts';
import { memoryTimings } from './memory-timings.ts';
import { memoryTransfer } from './memory-transfer.ts';
import { memoryUsage } from './memory-usage.ts';

export interface MemorySource {
  readonly name: string;
  readonly kind: string;
  readonly target: string;
  /** What a harvest finds here, a few at each step. */
  readonly finds?: readonly SignalDetail[];
  readonly fails?: { readonly code: string; readonly message: string; readonly fix: string | null };
  readonly notice?: string;
  readonly warnings?: readonly string[];
  /** What is known of it beyond the runs of the memory. */
  readonly health?: Partial<SourceHealth>;
  /** How it stands at the end of a run, laid over what `finds` makes of it. */
  readonly ends?: Partial<SourceProgress>;
}

interface Settings {
  readonly now: () => number;
  readonly sources?: readonly MemorySource[];
  readonly signals?: readonly SignalDetail[];
  /** What a harvest costs in the end. */
  readonly models?: readonly ModelSpend[];
  /** Who analyzed in the end, and who failed. */
  readonly analyzers?: readonly AnalyzerProgress[];
  /** Waits between two steps of a run; tests step by hand. */
  readonly step?: () => Promise<void>;
  /** Its snapshots; none when absent. */
  readonly archive?: MemoryArchive;
  /** Errors of the program, and its log; null has no file. */
  readonly errors?: readonly ErrorGroup[];
  readonly log?: readonly LogEntry[] | null;
}

const steps = 12;

/**
 * A harvester over arrays, for developing and testing the terminal app without
 * the store and the network. It keeps every promise that the interface makes
 * about lists, decisions and runs.
 */
export class MemoryHarvester implements Harvester {
  readonly memory: MemorySignals;
  readonly snapshots: Harvester['snapshots'];
  readonly retention: Harvester['retention'];
  readonly errors: Harvester['errors'];
  readonly logs: Harvester['logs'];
  readonly #settings: Required<Settings>;
  readonly #runs: RunProgress[] = [];

  constructor({
    now,
    sources = [],
    signals = [],
    models = [],
    analyzers = [],
    step = async () => {},
    archive = new MemoryArchive({ now }),
    errors = [],
    log = [],
  }: Settings) {
    this.#settings = { now, sources, signals, models, analyzers, step, archive, errors, log };
    this.errors = memoryErrors(errors, now);
    this.logs = memoryLog(log);
    this.snapshots = archive.snapshots;
    this.retention = archive.retention;
    this.memory = new MemorySignals(now);
    for (const signal of signals) this.memory.add(signal);
    this.scoring = memoryScoring(signals, now);
  }

  get signals(): Harvester['signals'] {
    return this.memory.signals;
  }

  get triage(): Harvester['triage'] {
    return this.memory.triage;
  }

  get transfer(): Harvester['transfer'] {
    return memoryTransfer(this.signals);
  }

  readonly runs: Harvester['runs'] = {
    list: async (limit) => this.#runs.toReversed().slice(0, limit),
    get: async (id) => this.#runs.find((run) => run.id === id) ?? null,
  };

  readonly posts = memoryAccess.posts;
  readonly keys = memoryAccess.keys;
  readonly flags = memoryAccess.flags;
  readonly invitations = memoryAccess.invitations;
  readonly audit = memoryAccess.audit;
  readonly upkeep = memoryAccess.upkeep;
  readonly usage = memoryUsage();
  readonly feedback = memoryFeedback(() => this.#settings.now());
  readonly timings = memoryTimings;

  readonly sources: Harvester['sources'] = {
    list: async () => this.#settings.sources.map((source): SourceHealth => this.#healthOf(source)),
    test: async () => ({ kept: [], dropped: [], warnings: [], quota: null, error: null }),
  };

  readonly insight: Harvester['insight'] = memoryInsight(() => this.memory.all);

  get report(): Harvester['report'] {
    return memoryReport(this.insight.read, this.#settings.now);
  }

  readonly #views = new Map<string, string>();

  readonly views: Harvester['views'] = {
    list: async () => {
      const saved = [...this.#views].map(([name, query]) => ({ name, query, origin: 'stored' as const }));
      const views = [...builtInViews.map((view) => ({ ...view, origin: 'built-in' as const })), ...saved];
      return views.map((view) => ({ ...view, count: { count: 7, capped: false }, problem: null }));
    },
    save: async ({ name, query }) => {
      this.#views.set(name, query);
    },
    rename: async (from, to) => {
      this.#views.set(to, this.#views.get(from) ?? '');
      this.#views.delete(from);
    },
    remove: async (name) => {
      this.#views.delete(name);
    },
    reorder: async () => {},
  };

  /** Nobody is told of anything here. */
  readonly notifications: Harvester['notifications'] = {
    send: async () => ({ planned: 0, sent: 0, failures: 0, waiting: 0, dead: 0, warnings: [] }),
    preview: async () => ({ messages: [], heldBack: [], problems: [] }),
    digest: async () => ({ planned: 0, sent: 0, failures: 0, waiting: 0, dead: 0, warnings: [] }),
    list: async () => [],
    counts: async () =>
      Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Awaited<
        ReturnType<Harvester['notifications']['counts']>
      >,
    retry: async () => 0,
    rules: async () => [],
    test: async () => [],
    trial: async () => undefined,
  };

  readonly store: Harvester['store'] = {
    status: async () => ({
      path: ':memory:',
      bytes: 40 * 2 ** 20,
      posts: this.memory.size,
      signals: this.memory.size,
      applied: [],
      pending: [],
    }),
    check: async () => [],
  };

  readonly analysis: Harvester['analysis'] = {
    estimate: async () => ({ signals: 0, ungrouped: 0, models: [], leftUsd: null, limit: null }),
    reanalyze: async () => ({
      signals: 0,
      changed: 0,
      same: 0,
      left: 0,
      unanswered: 0,
      changedCategory: 0,
      changedSentiment: 0,
      changedUrgency: 0,
      moves: [],
      changes: [],
      saved: 0,
      analyzers: [],
      models: [],
      warnings: [],
      interrupted: false,
    }),
    books: async () => ({
      today: [],
      month: [],
      todayUsd: 0,
      monthUsd: 0,
      leftTodayUsd: null,
      leftMonthUsd: null,
    }),
  };

  readonly scoring: Harvester['scoring'];

  readonly labels: Harvester['labels'] = {
    list: async () => ({ labels: [], total: 0 }),
    import: async () => ({ added: 0, replaced: 0, kept: 0 }),
    remove: async () => 0,
  };

  readonly learning: Harvester['learning'] = {
    status: async () => ({
      relevance: {
        enabled: true,
        active: false,
        decisions: 0,
        kept: 0,
        missing: '20 more decisions',
        keeps: [],
        dismisses: [],
        resetAt: null,
      },
      corrections: {
        enabled: true,
        labels: 0,
        learnedFrom: 0,
        newestAt: null,
        byField: { category: 0, sentiment: 0, urgency: 0 },
        words: [],
        untaught: null,
        taught: null,
        resetAt: null,
      },
    }),
    reset: async () => ({ scored: 0 }),
    refresh: async () => ({ scored: 0 }),
    explain: async () => null,
  };

  readonly evaluation: Harvester['evaluation'] = {
    estimate: async () => ({ posts: 0, analyzers: [], totalUsd: 0, leftUsd: null }),
    run: async () => ({ posts: 0, ownLabels: 0, folds: 5, analyzers: [] }),
  };

  async estimate(): Promise<RunEstimate> {
    return { sources: [], totalUsd: 0, leftUsd: null };
  }

  async refresh(): Promise<RefreshReport> {
    return { asked: 0, changed: 0, costUsd: 0, notes: [], failures: [] };
  }

  async doctor(): Promise<readonly never[]> {
    return [];
  }

  async close(): Promise<void> {}

  async run(_request: RunRequest, watch: Watch<RunProgress> = {}): Promise<RunProgress> {
    const startedAt = this.#settings.now();
    const id = this.#runs.length + 1;
    let progress = this.#progressAt(id, startedAt, 0, false);
    for (let step = 0; step <= steps && !watch.signal?.aborted; step += 1) {
      progress = this.#progressAt(id, startedAt, step, false);
      for (const source of this.#settings.sources) {
        for (const signal of source.finds?.slice(0, sharedOut(source, step)) ?? []) this.memory.add(signal);
      }
      watch.onProgress?.(progress);
      await this.#settings.step();
    }
    const interrupted = watch.signal?.aborted ?? false;
    const stages = progress.stages.map((stage) => (interrupted ? stage : { ...stage, done: stage.total }));
    const finished = { ...progress, stages, finishedAt: this.#settings.now(), elapsedMs: 4100 };
    const failed = progress.sources.some((source) => source.state === 'failed');
    const last: RunProgress = {
      ...finished,
      state: interrupted ? 'interrupted' : failed ? 'partial' : 'done',
    };
    this.#runs.push(last);
    return last;
  }

  #healthOf({ name, kind, target, health }: MemorySource): SourceHealth {
    const failed = this.#runs
      .at(-1)
      ?.sources.find((source) => source.name === name && source.state === 'failed');
    return {
      name,
      kind,
      enabled: true,
      target,
      posts: 0,
      lastSuccessAt: null,
      lastErrorAt: failed ? this.#settings.now() : null,
      lastError: failed?.error?.message ?? null,
      quota: null,
      limitedUntil: null,
      lastPostAt: null,
      usualPerDay: null,
      silence: null,
      monthUsd: 0,
      ...health,
    };
  }

  #progressAt(id: number, startedAt: number, step: number, done: boolean): RunProgress {
    const sources = this.#settings.sources.map((source) => sourceAt(source, step));
    const added = sources.reduce((sum, source) => sum + source.added, 0);
    const stage = (name: StageName, behind: number, total: number) => ({
      name,
      done: Math.round((total * Math.max(0, step - behind)) / steps),
      total: step > behind ? total : 0,
    });
    const total = this.#settings.sources.reduce((sum, source) => sum + (source.finds?.length ?? 0), 0);
    return {
      id,
      state: done ? 'done' : 'running',
      startedAt,
      finishedAt: null,
      elapsedMs: step * 340,
      sources,
      stages: [
        stage('fetch', 0, total),
        stage('group', 1, added),
        stage('analyze', 2, added),
        stage('score', 3, added),
      ],
      analyzers: step === steps ? this.#settings.analyzers : [],
      models: step === steps ? this.#settings.models : [],
      signals: added,
      warnings: [],
    };
  }
}

function sharedOut(source: MemorySource, step: number): number {
  return Math.ceil(((source.finds?.length ?? 0) * step) / steps);
}

function sourceAt(source: MemorySource, step: number): SourceProgress {
  const added = source.fails ? 0 : sharedOut(source, step);
  const state: SourceState =
    source.fails && step > 3 ? 'failed' : step === steps ? 'done' : step > 0 ? 'fetching' : 'waiting';
  return {
    name: source.name,
    kind: source.kind,
    state,
    fetched: added,
    added,
    seen: 0,
    echoes: Math.floor(added / 7),
    excluded: 0,
    reads: 0,
    costUsd: 0,
    quota: null,
    limitedUntil: null,
    postsPerSecond: state === 'fetching' ? added * 1.7 : 0,
    notice: state === 'fetching' ? (source.notice ?? null) : null,
    warnings: step > 5 ? (source.warnings ?? []) : [],
    error: state === 'failed' ? (source.fails ?? null) : null,
    elapsedMs: step * 340,
    ...(step === steps && source.ends),
  };
}

/** A signal with only what a test cares about filled in. */
export function makeSignal(id: number, fields: Partial<SignalDetail> = {}): SignalDetail {
  const createdAt = fields.createdAt ?? 0;
  return {
    id,
    status: 'inbox',
    source: 'hackernews',
    kind: 'hackernews',
    author: 'alice',
    title: null,
    text: `signal ${id}`,
    url: `https://example.com/${id}`,
    createdAt,
    lastSeenAt: createdAt,
    echoes: 0,
    category: 'bug',
    sentiment: 'negative',
    urgency: 3,
    rank: 1_000_000 - id,
    salience: Math.max(0.1, 100 - id),
    lang: 'en',
    engagement: noEngagement,
    parentUrl: null,
    parentText: null,
    analysis: {
      category: 'bug',
      sentiment: 'negative',
      urgency: 3,
      tags: ['login'],
      reasoning: 'it says that something crashes',
      confidence: 0.8,
      analyzer: 'offline',
      analyzedAt: createdAt,
    },
    factors: { base: 1, engagement: 20, urgency: 12, category: 1.3, sentiment: 1.2, source: 1, relevance: 1 },
    explanation: 'Scores well because people reacted to it and it is a bug.',
    posts: [],
    tags: ['login'],
    assignee: null,
    snooze: null,
    regressed: false,
    notes: [],
    corrected: [],
    journal: [],
    ...fields,
  };
}
