import type { Analysis } from '../domain/analysis.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { CleanPost, Engagement, Post } from '../domain/post.ts';
import type { QuotaLeft, RunProgress } from '../domain/run.ts';
import type { ScoreFactors } from '../domain/score.ts';
import type { JournalEntry, SignalRow, SignalStatus } from '../domain/signal.ts';
import type { AnalysisRequest } from './analyzer.ts';
import type { ModelLedger } from './ledger.ts';
import type { Cursor, EngagementUpdate } from './source.ts';
import type { CareStore } from './store-care.ts';

export interface NewPage {
  readonly source: string;
  readonly kind: string;
  readonly posts: readonly CleanPost[];
  readonly cursor: Cursor;
  /** Milliseconds, UTC. */
  readonly fetchedAt: number;
  /** Posts of the page that were left out. */
  readonly excluded: number;
  /** Metered items that the page was charged for, and what they cost. */
  readonly reads: number;
  readonly costUsd: number;
}

/** How a source ended a run. */
export type SourceOutcome = (
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly message: string }
  /** `until` is null when the service did not say. */
  | { readonly state: 'limited'; readonly message: string; readonly until: number | null }
) & { readonly quota: QuotaLeft | null };

export interface PageCounts {
  readonly added: number;
  readonly seen: number;
}

/** A signal that shares a key with a post that is to be placed. */
export interface FingerprintHit {
  readonly key: number;
  readonly signalId: number;
  readonly high: number;
  readonly low: number;
  /** When the signal's lead post was written. */
  readonly createdAt: number;
}

/** Where one post belongs. */
export interface Placement {
  readonly post: Post;
  readonly signalId: number;
  /** True when the post opens the signal and leads it. */
  readonly opens: boolean;
  /** Keys under which the signal can be found from now on. */
  readonly keys: readonly number[];
  readonly fingerprint: Fingerprint;
}

/** Decides, without side effects, where posts belong. */
export interface GroupPlanner {
  fingerprint(post: Post): Fingerprint;
  /** Farthest apart, in milliseconds, that two posts of one signal may have been written. */
  readonly windowMs: number;
  /** `nextSignalId` and the ids after it are free to be given to new signals, in order. */
  place(
    posts: readonly { readonly post: Post; readonly fingerprint: Fingerprint }[],
    hits: readonly FingerprintHit[],
    nextSignalId: number,
  ): readonly Placement[];
}

/** What the score stage needs to know of a signal. */
export interface ScoreRequest {
  readonly signalId: number;
  readonly source: string;
  readonly createdAt: number;
  readonly echoes: number;
  /** Summed over all posts of the signal. */
  readonly engagement: Engagement;
  readonly category: string;
  readonly sentiment: string;
  readonly urgency: number;
}

export interface StoredScore {
  readonly signalId: number;
  readonly rank: number;
  readonly factors: ScoreFactors;
}

/** Work that is still to be done, by stage. */
export interface Pending {
  readonly ungrouped: number;
  readonly unanalyzed: number;
  readonly unscored: number;
}

/**
 * What the pipeline keeps. Every method that writes is one transaction: it
 * happened or it did not, whatever kills the process. Methods ask for what
 * lacks their output, so a killed run resumes by itself, and doing a thing
 * twice changes nothing the second time.
 *
 * Any method may throw UserError for a store that cannot be used (`store-locked`,
 * `store-full`, `store-readonly`, `store-corrupt`); none is worth a retry at once.
 */
export interface PipelineStore {
  /** Opens a run and returns its id; runs that died are marked interrupted. */
  beginRun(startedAt: number): Promise<number>;
  saveRun(progress: RunProgress, savedAt: number): Promise<void>;
  cursor(source: string): Promise<Cursor | null>;
  /** Stores the posts *and* the cursor, and refreshes the counts of posts seen before. */
  savePage(page: NewPage): Promise<PageCounts>;
  recordOutcome(source: string, kind: string, at: number, outcome: SourceOutcome): Promise<void>;
  /** What metered reads have cost on the day and in the month of `at` (UTC), in US dollars. */
  spent(at: number): Promise<{ readonly todayUsd: number; readonly monthUsd: number }>;
  /** Replaces the counts of known posts; signals whose posts changed are due for scoring. Returns how many changed. */
  saveEngagement(
    source: string,
    updates: readonly EngagementUpdate[],
    cost: { readonly reads: number; readonly costUsd: number },
    at: number,
  ): Promise<number>;
  /** Keeps the books of paid reads that brought no page: a trial. The source need not be known yet. */
  chargeReads(
    source: string,
    kind: string,
    cost: { readonly reads: number; readonly costUsd: number },
    at: number,
  ): Promise<void>;
  /** Posts of open signals of at least `minRank`, highest first: those whose counts matter most. */
  salientPosts(
    minRank: number,
    limit: number,
  ): Promise<readonly { readonly source: string; readonly externalId: string }[]>;
  pending(): Promise<Pending>;
  /** Places up to `limit` posts, oldest arrival first; returns what was placed. */
  group(limit: number, planner: GroupPlanner): Promise<readonly Placement[]>;
  unanalyzed(limit: number): Promise<readonly AnalysisRequest[]>;
  saveAnalyses(
    analyses: readonly { readonly signalId: number; readonly analysis: Analysis }[],
  ): Promise<void>;
  unscored(limit: number): Promise<readonly ScoreRequest[]>;
  saveScores(scores: readonly StoredScore[], scoredAt: number): Promise<void>;
  /** Makes every signal due for scoring when `settings` differ from those of the last scoring, or when `always`. */
  applyScoreSettings(settings: string, always: boolean): Promise<void>;
}

export type StoredSignalRow = Omit<SignalRow, 'salience'>;

export interface StoredSignal extends StoredSignalRow {
  readonly analysis: Analysis | null;
  readonly factors: ScoreFactors | null;
  /** Lead first, then echoes in order of writing; at most 200. */
  readonly posts: readonly Post[];
  readonly journal: readonly JournalEntry[];
}

export interface SignalFilter {
  readonly statuses?: readonly SignalStatus[];
  readonly categories?: readonly string[];
  readonly sources?: readonly string[];
  readonly since?: number;
  readonly minRank?: number;
}

export type SignalSort = 'rank' | 'newest' | 'oldest' | 'echoes';

export interface SignalWindow extends SignalFilter {
  readonly sort: SignalSort;
  readonly limit: number;
  /** Rows strictly beyond this place, away from the start of the list (`forward`) or towards it. */
  readonly from?: { readonly key: number; readonly id: number };
  readonly direction: 'forward' | 'backward';
}

/** Places in a list come from here: the sort key of a row. */
export interface SignalWindowRow {
  readonly key: number;
  readonly row: StoredSignalRow;
}

export interface StatusChange {
  readonly journalId: number | null;
  readonly action: string;
  readonly changed: readonly number[];
  readonly left: readonly number[];
}

export interface SourceRecord {
  readonly name: string;
  readonly kind: string;
  readonly posts: number;
  readonly lastSuccessAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastError: string | null;
  readonly quota: QuotaLeft | null;
  /** Until when the service asked to be left alone; null when it did not, or that is over. */
  readonly limitedUntil: number | null;
  /** When the newest new post arrived. */
  readonly lastPostAt: number | null;
  /** New posts of each of the last 14 days on which it was asked, today left out, oldest first. */
  readonly daily: readonly number[];
  /** What it cost this month, in US dollars. */
  readonly monthUsd: number;
}

/** What the surfaces read and decide. Lists are keyset-paged and in list order. */
export interface DeskStore {
  signalWindow(window: SignalWindow): Promise<readonly SignalWindowRow[]>;
  /** Stops counting at `cap` + 1. */
  countSignals(filter: SignalFilter, cap: number): Promise<number>;
  signal(id: number): Promise<StoredSignal | null>;
  /** One journal entry for all of `ids`; ids already in `status` or gone are left. */
  setStatus(ids: readonly number[], status: SignalStatus, at: number): Promise<StatusChange>;
  undo(at: number): Promise<StatusChange | null>;
  runs(limit: number): Promise<readonly RunProgress[]>;
  sources(now: number): Promise<readonly SourceRecord[]>;
  size(): Promise<{ readonly bytes: number; readonly posts: number; readonly signals: number }>;
  /** Problems found, in words; empty when sound. */
  check(): Promise<readonly string[]>;
  migrations(): Promise<{ readonly applied: readonly string[]; readonly pending: readonly string[] }>;
}

export interface Store extends PipelineStore, DeskStore, CareStore, ModelLedger {
  readonly path: string;
  close(): Promise<void>;
}
