import type { Analysis } from '../domain/analysis.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Post } from '../domain/post.ts';
import type { QuotaLeft, RunProgress } from '../domain/run.ts';
import type { ScoreFactors } from '../domain/score.ts';
import type { SearchSort } from '../domain/search.ts';
import type { SearchVocabulary } from '../domain/search-complete.ts';
import type { Condition } from '../domain/search-condition.ts';
import type { JournalEntry, Note, SignalRow, SignalStatus } from '../domain/signal.ts';
import type { TriageChange } from '../domain/triage.ts';
import type { AnalysisRequest } from './analyzer.ts';
import type { ScoredSignal } from './pipeline-store.ts';

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
