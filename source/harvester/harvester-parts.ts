import type { RetentionPolicy } from '../domain/retention.ts';
import type { View } from '../domain/view.ts';
import type { Logger } from '../log.ts';
import type { HarvestParts } from '../pipeline/harvest-request.ts';
import type { Source } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { AnalysisDeskParts } from './analysis-desk.ts';
import type { DoctorParts } from './doctor.ts';
import type { ErrorParts } from './errors.ts';
import type { EvaluationParts } from './evaluation.ts';
import type { FeedbackSetup } from './feedback.ts';
import type { PinnedFlags } from './flags.ts';
import type { AdHocSource } from './harvester.ts';
import type { LearningParts } from './learning.ts';
import type { Logs } from './logs.ts';
import type { NotificationSetup } from './notifications.ts';
import type { ReportSetup } from './report.ts';
import type { ScoringParts } from './scoring.ts';
import type { SignalRule } from './signal-retention.ts';
import type { SnapshotParts } from './snapshots.ts';
import type { ConfiguredSource } from './sources.ts';
import type { UsageSetup } from './usage.ts';

/** What the application is made of: adapters, and what the configuration says of each subject. */
export interface HarvesterParts
  extends Omit<HarvestParts, 'store' | 'chain' | 'flags' | 'relevance' | 'notify'> {
  readonly store: Store;
  readonly sources: readonly ConfiguredSource[];
  /** Ids of the taxonomy. */
  readonly categories: readonly string[];
  openAdHoc(source: AdHocSource): Source;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly analysis: Omit<AnalysisDeskParts, 'store' | 'clock' | 'scoring' | 'flags'>;
  /** Flags that the configuration and the environment decide; none when absent. */
  readonly pinnedFlags?: PinnedFlags;
  /** Whom `assignee:me` means. */
  readonly analyst: string;
  /** IANA name of the zone that searches are run in. */
  readonly timeZone: string;
  /** Views of the configuration. */
  readonly views: readonly View[];
  readonly snapshots: SnapshotParts;
  readonly retention: { readonly policy: RetentionPolicy; readonly signals: readonly SignalRule[] };
  readonly doctor: Omit<
    DoctorParts,
    'store' | 'sources' | 'clock' | 'trial' | 'archive' | 'notifierChecks' | 'flags' | 'errorCounts'
  >;
  readonly learning: Pick<LearningParts, 'teacher' | 'enabled' | 'learnedWords'>;
  readonly evaluation: Omit<EvaluationParts, 'store' | 'learns'>;
  /** Who is told of what; absent where nobody is. */
  readonly notifications?: NotificationSetup;
  /** What reports say of the configuration; nothing when absent. */
  readonly report?: ReportSetup;
  /** What feedback may say of the program; absent where nobody gives any. */
  readonly feedback?: FeedbackSetup;
  /** What may be counted; absent where nothing is. */
  readonly usage?: UsageSetup;
  readonly saveScore: ScoringParts['saveScore'];
  /** Where errors wait for the store and where they are sent; absent where none are kept. */
  readonly errors?: Pick<ErrorParts, 'spool' | 'reporter'>;
  /** Absent where there is no log file. */
  readonly readLog?: Logs['tail'];
  /** Released after the store. */
  close?(): Promise<void>;
}
