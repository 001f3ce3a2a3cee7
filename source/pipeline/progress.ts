import { AnalyzerTally } from '../domain/analyzer-tally.ts';
import type { ErrorSummary } from '../domain/failure.ts';
import {
  type QuotaLeft,
  type RunProgress,
  type RunState,
  type SourceProgress,
  type SourceState,
  type StageName,
  stageNames,
} from '../domain/run.ts';
import { addModelSpend, type ModelSpend } from '../domain/spend.ts';
import type { TimingSet } from '../domain/timings.ts';
import { WarningList } from '../domain/warning-list.ts';
import type { Clock } from '../ports/clock.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface SourceRow extends Omit<Mutable<SourceProgress>, 'warnings' | 'elapsedMs' | 'postsPerSecond'> {
  warnings: string[];
  startedAt: number | null;
  finishedAt: number | null;
}

/** What one stored page adds to its source. */
export interface PageProgress {
  readonly fetched: number;
  readonly added: number;
  readonly seen: number;
  readonly excluded: number;
  readonly reads: number;
  readonly costUsd: number;
}

/** A screen cannot show more changes a second than this, and messages between threads are not free. */
const reportEveryMs = 250;
const maxWarnings = 50;

/**
 * The run as it stands, kept up to date by the stages. `onProgress` hears of
 * changes at most four times a second, and always of the last one.
 */
export class ProgressBoard {
  readonly #clock: Clock;
  readonly #onProgress: (progress: RunProgress) => void;
  readonly #sources = new Map<string, SourceRow>();
  readonly #stages = new Map<StageName, { done: number; total: number }>();
  readonly #warnings = new WarningList();
  readonly #analyzers = new AnalyzerTally();
  #models: readonly ModelSpend[] = [];
  readonly #id: number;
  readonly #startedAt: number;
  #state: RunState = 'running';
  #finishedAt: number | null = null;
  #signals = 0;
  #timings: TimingSet | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #pending: NodeJS.Timeout | undefined;

  constructor(id: number, clock: Clock, onProgress: (progress: RunProgress) => void) {
    this.#id = id;
    this.#clock = clock;
    this.#onProgress = onProgress;
    this.#startedAt = clock.now();
    // Without rules there is nobody to notify, and no line that says so in every run.
    for (const stage of stageNames) if (stage !== 'notify') this.#stages.set(stage, { done: 0, total: 0 });
  }

  addSource(name: string, kind: string): void {
    this.#sources.set(name, {
      name,
      kind,
      state: 'waiting',
      fetched: 0,
      added: 0,
      seen: 0,
      echoes: 0,
      excluded: 0,
      reads: 0,
      costUsd: 0,
      quota: null,
      limitedUntil: null,
      notice: null,
      warnings: [],
      error: null,
      startedAt: null,
      finishedAt: null,
    });
  }

  beginSource(name: string): void {
    this.#change(name, (row) => {
      row.state = 'fetching';
      row.startedAt = this.#clock.now();
    });
  }

  addPage(name: string, page: PageProgress): void {
    this.addWork('fetch', page.fetched, page.fetched);
    this.#change(name, (row) => {
      row.fetched += page.fetched;
      row.added += page.added;
      row.seen += page.seen;
      row.excluded += page.excluded;
      row.reads += page.reads;
      row.costUsd += page.costUsd;
    });
  }

  tellQuota(name: string, quota: QuotaLeft): void {
    this.#change(name, (row) => {
      row.quota = quota;
    });
  }

  addEchoes(name: string, echoes: number): void {
    this.#change(name, (row) => {
      row.echoes += echoes;
    });
  }

  noteSource(name: string, notice: string | null): void {
    this.#change(name, (row) => {
      row.notice = notice;
    });
  }

  warnSource(name: string, warning: string): void {
    this.#change(name, (row) => {
      if (row.warnings.length < maxWarnings) row.warnings.push(warning);
    });
  }

  /** `limitedUntil` belongs to the state `limited`. */
  endSource(
    name: string,
    state: SourceState,
    error: ErrorSummary | null,
    limitedUntil: number | null = null,
  ): void {
    this.#change(name, (row) => {
      row.state = state;
      row.error = error;
      row.limitedUntil = limitedUntil;
      row.notice = null;
      row.finishedAt = this.#clock.now();
    });
  }

  addWork(stage: StageName, done: number, total: number): void {
    const row = this.#stages.get(stage) ?? { done: 0, total: 0 };
    this.#stages.set(stage, row);
    row.done += done;
    row.total = Math.max(row.total + total, row.done);
    this.#report();
  }

  addSignals(signals: number): void {
    this.#signals += signals;
    this.#report();
  }

  /** `names` has the analyzer of each signal that got its analysis. */
  addAnalyses(names: readonly string[]): void {
    for (const name of names) this.#analyzers.add(name);
  }

  failAnalyzer(name: string, error: ErrorSummary): void {
    this.#analyzers.fail(name, error);
    this.#report();
  }

  addModelUse(use: ModelSpend): void {
    this.#models = addModelSpend([...this.#models, use]);
    this.#report();
  }

  warn(warning: string): void {
    this.#warnings.add(warning);
    this.#report();
  }

  countLoss(words: string, posts: number): void {
    this.#warnings.count(words, posts);
    this.#report();
  }

  /** Ends the run and reports it, whatever was reported just before. */
  end(state: RunState, timings?: TimingSet): RunProgress {
    this.#state = state;
    this.#timings = timings;
    this.#finishedAt = this.#clock.now();
    clearTimeout(this.#pending);
    const progress = this.current();
    this.#onProgress(progress);
    return progress;
  }

  current(): RunProgress {
    const now = this.#clock.now();
    return {
      id: this.#id,
      state: this.#state,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      elapsedMs: (this.#finishedAt ?? now) - this.#startedAt,
      sources: [...this.#sources.values()].map((row) => sourceProgress(row, now)),
      stages: [...this.#stages].map(([name, { done, total }]) => ({ name, done, total })),
      analyzers: this.#analyzers.list(),
      models: this.#models,
      signals: this.#signals,
      warnings: this.#warnings.list(),
      ...(this.#timings !== undefined && { timings: this.#timings }),
    };
  }

  #change(name: string, change: (row: SourceRow) => void): void {
    const row = this.#sources.get(name);
    if (row === undefined) return;
    change(row);
    this.#report();
  }

  /** At most every `reportEveryMs`; what is not told now is told when that time is over, if the run still lasts. */
  #report(): void {
    const waitMs = this.#reportedAt + reportEveryMs - performance.now();
    if (waitMs > 0) {
      this.#pending ??= setTimeout(() => this.#tell(), waitMs).unref();
      return;
    }
    this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    this.#reportedAt = performance.now();
    this.#onProgress(this.current());
  }
}

function sourceProgress({ startedAt, finishedAt, ...row }: SourceRow, now: number): SourceProgress {
  const elapsedMs = startedAt === null ? 0 : (finishedAt ?? now) - startedAt;
  const postsPerSecond = elapsedMs === 0 ? 0 : row.fetched / (elapsedMs / 1000);
  return { ...row, warnings: [...row.warnings], elapsedMs, postsPerSecond };
}
