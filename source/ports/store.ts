import type { Analysis } from '../domain/analysis.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { CleanPost, Engagement, Post } from '../domain/post.ts';
import type { QuotaLeft, RunProgress } from '../domain/run.ts';
import type { ScoreFactors } from '../domain/score.ts';
import type { SearchSort } from '../domain/search.ts';
import type { SearchVocabulary } from '../domain/search-complete.ts';
import type { Condition } from '../domain/search-condition.ts';
import type { JournalEntry, Note, SignalRow, SignalStatus } from '../domain/signal.ts';
import type { TriageChange } from '../domain/triage.ts';
import type { AccessStore } from './access.ts';
import type { AnalysisRequest } from './analyzer.ts';
import type { DeliveryStore } from './deliveries.ts';
import type { PushStore } from './inbox.ts';
import type { LearningStore } from './learning.ts';
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

/** A text that a person has split off from a signal, and that never joins it again. */
export interface SplitKey {
  readonly key: number;
  readonly signalId: number;
}

/** Decides, without side effects, where posts belong. */
export interface GroupPlanner {
  fingerprint(post: Post): Fingerprint;
  /** Farthest apart, in milliseconds, that two posts of one signal may have been written. */
  readonly windowMs: number;
  /** Whether a resolved signal comes back when a newer post joins it. */
  readonly reopenResolved: boolean;
  place(
    posts: readonly { readonly post: Post; readonly fingerprint: Fingerprint }[],
    known: {
      readonly hits: readonly FingerprintHit[];
      readonly apart: readonly SplitKey[];
      /** This id and those after it are free to be given to new signals, in order. */
      readonly nextSignalId: number;
    },
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
  /** As it was scored with last; 1 when it never was. */
  readonly relevance: number;
}

/** A scored signal of the inbox as the preview of other weights sees it. */
export interface ScoredSignal extends ScoreRequest {
  readonly rank: number;
  readonly title: string | null;
  /** The beginning of it. */
  readonly text: string;
}

export interface StoredScore {
  readonly signalId: number;
  readonly rank: number;
  readonly factors: ScoreFactors;
}

export interface RunLock {
  release(): void;
}

/** Counts over the whole life of a store. */
export interface StoreTotals {
  readonly sources: readonly {
    readonly source: string;
    readonly posts: number;
    readonly excluded: number;
    readonly reads: number;
    readonly usd: number;
  }[];
  readonly models: readonly {
    readonly model: string;
    readonly requests: number;
    readonly inputTokens: number;
    readonly cachedTokens: number;
    readonly outputTokens: number;
    readonly usd: number;
  }[];
  readonly analyses: readonly { readonly analyzer: string; readonly count: number }[];
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
  /**
   * Held while a run lasts; let go by the system when the process dies.
   *
   * @throws UserError `run-in-progress` when another run holds it, of whatever process
   */
  lockRuns(startedAt: number): Promise<RunLock>;
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
  /** In order of arrival: beyond `afterId`, and of `among` only, where given. */
  unanalyzed(
    limit: number,
    choice?: { readonly afterId?: number | undefined; readonly among?: readonly number[] | undefined },
  ): Promise<readonly AnalysisRequest[]>;
  saveAnalyses(
    analyses: readonly { readonly signalId: number; readonly analysis: Analysis }[],
  ): Promise<void>;
  unscored(limit: number): Promise<readonly ScoreRequest[]>;
  saveScores(scores: readonly StoredScore[], scoredAt: number): Promise<void>;
  /** Makes every signal due for scoring when `settings` differ from those of the last scoring, or when `always`. */
  applyScoreSettings(settings: string, always: boolean): Promise<void>;
}

export type StoredSignalRow = Omit<SignalRow, 'salience'>;

/** A signal as an analyzer sees it, with what is said of it now. */
export interface AnalyzedSignal {
  readonly request: AnalysisRequest;
  readonly analysis: Analysis | null;
}

export interface StoredSignal extends StoredSignalRow {
  readonly analysis: Analysis | null;
  readonly factors: ScoreFactors | null;
  /** Lead first, then echoes in order of writing; at most 200. */
  readonly posts: readonly Post[];
  readonly notes: readonly Note[];
  readonly corrected: readonly ('category' | 'sentiment' | 'urgency')[];
  readonly journal: readonly JournalEntry[];
}

export interface SignalFilter {
  readonly statuses?: readonly SignalStatus[];
  readonly categories?: readonly string[];
  readonly sources?: readonly string[];
  readonly since?: number;
  readonly minRank?: number;
  /** Opened after the signal of this number, in order of arrival. */
  readonly newerThan?: number;
  readonly search?: Condition;
}

export type SignalSort = SearchSort;

/** A place in a list: the sort key of a row, the second key where the order has one, and the number of the signal. */
export interface SignalPlace {
  readonly key: number;
  readonly second?: number;
  readonly id: number;
}

export interface SignalWindow extends SignalFilter {
  readonly sort: SignalSort;
  readonly limit: number;
  /** Rows strictly beyond this place, away from the start of the list (`forward`) or towards it. */
  readonly from?: SignalPlace;
  /** `backward` without `from` begins at the end of the list. */
  readonly direction: 'forward' | 'backward';
}

export interface SignalWindowRow {
  readonly place: SignalPlace;
  readonly row: StoredSignalRow;
}

/** A stretch of a list, in list order. */
export interface SignalWindowRows {
  readonly rows: readonly SignalWindowRow[];
  /** Patience ended here, before `limit` rows were found: go on from this place. Null when it did not. */
  readonly reached: SignalPlace | null;
  /** The words are common: only their newest matches were looked at. */
  readonly capped: boolean;
}

export interface SignalCount {
  readonly count: number;
  /** True when there are more, or may be. */
  readonly capped: boolean;
}

export interface StoredView {
  readonly name: string;
  readonly query: string;
}

/** What became of one decision. */
export interface Decision {
  /** Null when nothing changed. */
  readonly journalId: number | null;
  readonly action: string;
  readonly changed: readonly number[];
  /** Gone, so already, merged away, or changed by somebody else since. */
  readonly left: readonly number[];
}

export interface TriageContext {
  /** Milliseconds, UTC. */
  readonly at: number;
  /** Who decides; 1–60 characters. */
  readonly actor: string;
  /** That of grouping: a post that is split off takes its keys along. */
  readonly fingerprint: (post: Post) => Fingerprint;
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
  signalWindow(window: SignalWindow): Promise<SignalWindowRows>;
  /** Stops counting at `cap`, or after some milliseconds. */
  countSignals(filter: SignalFilter, cap: number): Promise<SignalCount>;
  /** Where a signal stands in an order, whether or not it is in a list; null when it has no place there. */
  placeOfSignal(id: number, sort: SignalSort): Promise<SignalPlace | null>;
  /**
   * Scored signals of the inbox, highest rank first: the first `most` of the
   * list, and of those behind them the first of each category, the newest, the
   * most urgent and the most echoed ones, which other weights would lift first.
   * `all` when that is the whole inbox.
   */
  scoredSignals(
    most: number,
    categories: readonly string[],
  ): Promise<{ readonly signals: readonly ScoredSignal[]; readonly all: boolean }>;
  /** Stays the same as long as nothing in the store changes, whoever would change it. Says nothing else. */
  version(): Promise<string>;
  /** The number of the signal that was opened last; 0 when there is none. */
  newestSignal(): Promise<number>;
  /** Names and kinds of all sources that posts came from. */
  sourceNames(): Promise<SearchVocabulary['sources']>;
  /** Words that a search can be completed with; bounded. */
  searchWords(): Promise<Pick<SearchVocabulary, 'tags' | 'assignees'>>;
  /** In the order that they were given. */
  views(): Promise<readonly StoredView[]>;
  /** Adds the view, or changes the query of the one of that name. */
  saveView(view: StoredView, at: number): Promise<void>;
  /** False when there is none of that name, or already one of the other. */
  renameView(from: string, to: string, at: number): Promise<boolean>;
  removeView(name: string): Promise<boolean>;
  /** Views of these names, in this order, come first. */
  orderViews(names: readonly string[]): Promise<void>;
  signal(id: number): Promise<StoredSignal | null>;
  /** What an analyzer sees of signals and what is said of them now; ids that are gone are left out. */
  analyzedSignals(ids: readonly number[]): Promise<readonly AnalyzedSignal[]>;
  /** Posts that are still to be grouped, each as if it were a signal whose id is the post's; in order of arrival, beyond `afterId`. */
  ungroupedRequests(limit: number, afterId: number): Promise<readonly AnalysisRequest[]>;
  /** One journal entry for all of `ids`. */
  decide(change: TriageChange, ids: readonly number[], context: TriageContext): Promise<Decision>;
  /** Takes back the newest decision that stands; null when there is none. */
  undo(at: number): Promise<Decision | null>;
  /** Does again what was taken back last; null when there is nothing, or something new was decided since. */
  redo(at: number): Promise<Decision | null>;
  /** Puts snoozed signals whose time has come back into the inbox; returns how many. */
  wake(at: number): Promise<number>;
  /** Newest first; those before the run `before` when given. */
  runs(limit: number, before?: number): Promise<readonly RunProgress[]>;
  run(id: number): Promise<RunProgress | null>;
  /** What has been counted since the store was made. */
  totals(): Promise<StoreTotals>;
  /** Takes the write lock and lets it go; rejects when the store cannot be written. */
  probeWrite(): Promise<void>;
  sources(now: number): Promise<readonly SourceRecord[]>;
  size(): Promise<{ readonly bytes: number; readonly posts: number; readonly signals: number }>;
  /** Problems found, in words; empty when sound. */
  check(): Promise<readonly string[]>;
  migrations(): Promise<{ readonly applied: readonly string[]; readonly pending: readonly string[] }>;
}

export interface Store
  extends PipelineStore,
    DeskStore,
    CareStore,
    ModelLedger,
    LearningStore,
    DeliveryStore,
    AccessStore,
    PushStore {
  readonly path: string;
  close(): Promise<void>;
}
