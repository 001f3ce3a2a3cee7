import type { Analysis } from '../domain/analysis.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { CleanPost, Engagement, Post } from '../domain/post.ts';
import type { QuotaLeft, RunProgress } from '../domain/run.ts';
import type { ScoreFactors } from '../domain/score.ts';
import type { AnalysisRequest } from './analyzer.ts';
import type { Cursor, EngagementUpdate } from './source.ts';

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
