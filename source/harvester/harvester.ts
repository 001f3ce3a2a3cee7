import type { ErrorSummary } from '../domain/failure.ts';
import type { QuotaLeft, RunProgress, StageName } from '../domain/run.ts';
import type { SignalDetail } from '../domain/signal.ts';
import type { Audit, Keys } from './access.ts';
import type { AnalysisDesk } from './analysis-desk.ts';
import type { ErrorBook } from './errors.ts';
import type { RunEstimate } from './estimate.ts';
import type { EvaluationSubject } from './evaluation.ts';
import type { FeedbackDesk } from './feedback.ts';
import type { FlagsSubject } from './flags.ts';
import type { InsightSubject } from './insight.ts';
import type { Invitations } from './invitations.ts';
import type { LabelsSubject, LearningSubject } from './learning.ts';
import type { Logs } from './logs.ts';
import type { Notifications } from './notifications.ts';
import type { PushDesk } from './push.ts';
import type { Reports } from './report.ts';
import type { SnapshotRetention } from './retention.ts';
import type { Scoring } from './scoring.ts';
import type { SignalLists, SignalQuery } from './signal-lists.ts';
import type { SignalRetention } from './signal-retention.ts';
import type { Snapshots } from './snapshots.ts';
import type { TimingsSubject } from './timings.ts';
import type { Transfer } from './transfer.ts';
import type { Triage } from './triage.ts';
import type { Upkeep } from './upkeep.ts';
import type { Usage } from './usage.ts';
import type { Views } from './views.ts';

export type {
  CappedCount,
  SignalOrder,
  SignalPage,
  SignalPageRequest,
  SignalPlace,
  SignalQuery,
} from './signal-lists.ts';
export { signalOrders } from './signal-lists.ts';

/** How a caller follows and ends something that takes time. */
export interface Watch<Progress> {
  /** Aborting is polite: what is stored stays stored, and the promise resolves with what was done. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** A source that is not in the configuration, for this run only (an imported file). Its cursor and posts stay. */
export interface AdHocSource {
  readonly name: string;
  readonly kind: string;
  readonly [option: string]: unknown;
}

export interface RunRequest {
  /** Names of sources; all enabled ones when absent. */
  readonly sources?: readonly string[];
  /** Sources beside the configured ones. With `sources: []`, instead of them. */
  readonly adHoc?: readonly AdHocSource[];
  /** Which stages to run; all when absent. */
  readonly stages?: readonly StageName[];
  /** A backfill: read from this time on, as far as each source reaches. Milliseconds, UTC. */
  readonly since?: number;
  /** Score every signal again, not only those that need it. */
  readonly rescore?: boolean;
}

export interface SourceHealth {
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  /** What it listens to, in a few words for a person ("acme, 2 tags"). */
  readonly target: string;
  readonly posts: number;
  readonly lastSuccessAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastError: string | null;
  /** What may still be asked, as the service last told. */
  readonly quota: QuotaLeft | null;
  /** Until when the service asked to be left alone. */
  readonly limitedUntil: number | null;
  readonly lastPostAt: number | null;
  /** New posts a day, the median of the last two weeks; null when there are too few days to tell. */
  readonly usualPerDay: number | null;
  /** "silent for 26 h, usually 40 posts a day"; null while it yields as usual. */
  readonly silence: string | null;
  /** What its metered reads cost this month, in US dollars. */
  readonly monthUsd: number;
}

/** A post as `sources test` shows it. */
export interface TrialPost {
  readonly externalId: string;
  readonly author: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly url: string | null;
  /** Milliseconds, UTC. */
  readonly createdAt: number;
}

/** One page of a source as a run would take it, with nothing written. */
export interface SourceTrial {
  readonly kept: readonly TrialPost[];
  readonly dropped: readonly { readonly post: TrialPost; readonly reason: string }[];
  readonly warnings: readonly string[];
  readonly quota: QuotaLeft | null;
  readonly error: ErrorSummary | null;
}

export interface RefreshRequest {
  /** Only signals of at least this salience now. */
  readonly minSalience: number;
  /** Posts to ask for, at most. */
  readonly limit: number;
}

export interface RefreshReport {
  /** Posts whose counts were told, and those of them that had changed. */
  readonly asked: number;
  readonly changed: number;
  readonly costUsd: number;
  /** Sources that cannot tell, in words. */
  readonly notes: readonly string[];
  /** Sources that failed, in words. */
  readonly failures: readonly string[];
}

/** One line of `doctor`. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly finding: string;
  readonly fix: string | null;
}

export interface StoreStatus {
  readonly path: string;
  readonly bytes: number;
  readonly posts: number;
  readonly signals: number;
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Everything the program can do. The surfaces get one of these and nothing
 * else; over a worker thread it is the same interface with messages between,
 * so every argument and result is plain data.
 */
export interface Harvester {
  /**
   * Runs the pipeline. Rejects only when the run could not be opened; failures of sources are in the result.
   *
   * @throws UserError `run-in-progress` while another run works on the same store, of whatever process
   */
  run(request: RunRequest, watch?: Watch<RunProgress>): Promise<RunProgress>;
  readonly runs: {
    /** Newest first; those before the run `before` when given. */
    list(limit: number, before?: number): Promise<readonly RunProgress[]>;
    get(id: number): Promise<RunProgress | null>;
  };
  readonly signals: SignalLists & {
    get(id: number): Promise<SignalDetail | null>;
    /** Ids of what matches, at most `limit`. Rejects as `triage.apply` does for a query. */
    ids(query: SignalQuery, limit: number): Promise<readonly number[]>;
    /** The same as long as what is told of signals is the same, but for what time alone changes. */
    version(): Promise<string>;
  };
  readonly views: Views;
  readonly transfer: Transfer;
  /** What was said in a span of time, counted. */
  readonly insight: InsightSubject;
  readonly triage: Triage;
  readonly notifications: Notifications;
  /** What a team is told of a span. */
  readonly report: Reports;
  readonly posts: PushDesk;
  readonly keys: Keys;
  /** Feature flags: how they stand for whom, and why. */
  readonly flags: FlagsSubject;
  /** One-time codes that become keys. */
  readonly invitations: Invitations;
  readonly audit: Audit;
  /** What people say of the program itself. */
  readonly feedback: FeedbackDesk;
  /** What of the program is used, counted on this machine. */
  readonly usage: Usage;
  readonly upkeep: Upkeep;
  /** Errors of the program itself. */
  readonly errors: ErrorBook;
  readonly logs: Logs;
  /** How long stages and queries take. */
  readonly timings: TimingsSubject;
  readonly sources: {
    list(): Promise<readonly SourceHealth[]>;
    /** Fetches the first page of a source and writes nothing. Rejects only for an unknown name. */
    test(name: string, watch?: Watch<never>): Promise<SourceTrial>;
  };
  readonly analysis: AnalysisDesk;
  /** What the sources of a run would cost. Asks nobody and writes nothing. */
  estimate(request: RunRequest): Promise<RunEstimate>;
  /** Reads the counts of the posts of salient signals again, within the spend caps, and scores what changed. */
  refresh(request: RefreshRequest, watch?: Watch<string>): Promise<RefreshReport>;
  /** The weights of the score: what other ones would do, and saving them. */
  readonly scoring: Scoring;
  /** What the analyst has said of posts; the offline analyzer learns from it, and all are judged by it. */
  readonly labels: LabelsSubject;
  readonly learning: LearningSubject;
  readonly evaluation: EvaluationSubject;
  readonly store: {
    status(): Promise<StoreStatus>;
    /** Problems found, in words; empty when sound. */
    check(): Promise<readonly string[]>;
  };
  readonly snapshots: Snapshots;
  /** How long snapshots and signals stay. Plans change nothing. */
  readonly retention: SnapshotRetention & SignalRetention;
  /** Examines everything a run needs. Never rejects: a failure is a line. */
  doctor(watch?: Watch<Check>): Promise<readonly Check[]>;
  close(): Promise<void>;
}
