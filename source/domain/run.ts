import type { ErrorSummary } from './failure.ts';
import type { ModelSpend } from './spend.ts';
import type { TimingSet } from './timings.ts';

/** limited: the service asked for a pause that outlasts the run; the next run goes on from there. */
export const sourceStates = ['waiting', 'fetching', 'done', 'limited', 'failed', 'cancelled'] as const;
export type SourceState = (typeof sourceStates)[number];

/** How much a service lets us ask before it wants a pause. */
export interface QuotaLeft {
  readonly remaining: number;
  readonly limit: number | null;
  /** Milliseconds, UTC. */
  readonly resetsAt: number | null;
}

/** One source within one run. */
export interface SourceProgress {
  readonly name: string;
  readonly kind: string;
  readonly state: SourceState;
  /** Posts the source returned. */
  readonly fetched: number;
  /** Of those, not stored before. */
  readonly added: number;
  /** Of those, already stored. */
  readonly seen: number;
  /** Of the added, joined to an existing signal. */
  readonly echoes: number;
  /** Of the fetched, left out by the excludes of the configuration. */
  readonly excluded: number;
  /** Metered items that were charged, and what they cost in US dollars. */
  readonly reads: number;
  readonly costUsd: number;
  /** What may still be asked, as the service last told; null when it does not. */
  readonly quota: QuotaLeft | null;
  /** Of a limited source, when the pause that the service asked for ends; null when it did not say. */
  readonly limitedUntil: number | null;
  readonly postsPerSecond: number;
  /** A state that lasts ("waiting 12 s: rate limit"), null otherwise. */
  readonly notice: string | null;
  readonly warnings: readonly string[];
  readonly error: ErrorSummary | null;
  readonly elapsedMs: number;
}

export const stageNames = ['fetch', 'group', 'analyze', 'score', 'notify'] as const;
export type StageName = (typeof stageNames)[number];

/** One stage within one run. `total` grows while earlier stages work. */
export interface StageProgress {
  readonly name: StageName;
  readonly done: number;
  readonly total: number;
}

/** One analyzer within one run. */
export interface AnalyzerProgress {
  readonly name: string;
  /** Signals whose analysis is its own. */
  readonly analyzed: number;
  /** Why it could not go on, as it last said; null while it can. */
  readonly error: ErrorSummary | null;
}

export const runStates = ['running', 'done', 'partial', 'failed', 'interrupted'] as const;
/** partial: some sources or an analyzer failed; failed: no source could be reached; interrupted: cancelled or killed. */
export type RunState = (typeof runStates)[number];

/** A run as it stands: the same shape live, finished and in the store. */
export interface RunProgress {
  readonly id: number;
  readonly state: RunState;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly elapsedMs: number;
  readonly sources: readonly SourceProgress[];
  readonly stages: readonly StageProgress[];
  /** Those that analyzed something or failed at it. */
  readonly analyzers: readonly AnalyzerProgress[];
  /** What was asked of language models, and what it cost. */
  readonly models: readonly ModelSpend[];
  /** New signals opened by this run. */
  readonly signals: number;
  /** What went wrong outside any source ("anthropic has no key: went on with offline"). */
  readonly warnings: readonly string[];
  /** Batches of each stage, and the queries that took most of it; known at its end. Absent from runs of older versions. */
  readonly timings?: TimingSet;
}
