import type { Insertable, Selectable } from 'kysely';
import type { ApiKeysTable, AuditTable, IdempotencyKeysTable } from './access-tables.ts';
import type { AnalysesTable, KeptAnswersTable, ModelDaysTable } from './analysis-tables.ts';
import type { BetaTables } from './beta-tables.ts';
import type {
  DeliveriesTable,
  DeliveryAttemptsTable,
  DeliverySignalsTable,
  DigestsTable,
  EpisodesTable,
} from './delivery-tables.ts';
import type { ErrorBatchesTable, ErrorsTable } from './error-tables.ts';
import type { FeedbackTable } from './feedback-tables.ts';
import type {
  PostsTable,
  PushedPostsTable,
  RemovedPostsTable,
  RunsTable,
  SettingsTable,
  SourceDaysTable,
  SourcesTable,
} from './post-tables.ts';
import type {
  FingerprintsTable,
  JournalChangesTable,
  JournalTable,
  LabelsTable,
  NotesTable,
  SignalsTable,
  SignalTagsTable,
  SplitsTable,
  ViewsTable,
} from './signal-tables.ts';
import type { UsageDaysTable, UsageStateTable } from './usage-tables.ts';

/** The newest schema; each migration changes the types of its tables in the same commit. */
export interface Tables extends BetaTables {
  sources: SourcesTable;
  source_days: SourceDaysTable;
  posts: PostsTable;
  signals: SignalsTable;
  signal_tags: SignalTagsTable;
  notes: NotesTable;
  labels: LabelsTable;
  splits: SplitsTable;
  fingerprints: FingerprintsTable;
  analyses: AnalysesTable;
  runs: RunsTable;
  journal: JournalTable;
  journal_changes: JournalChangesTable;
  model_days: ModelDaysTable;
  kept_answers: KeptAnswersTable;
  removed_posts: RemovedPostsTable;
  settings: SettingsTable;
  views: ViewsTable;
  deliveries: DeliveriesTable;
  delivery_attempts: DeliveryAttemptsTable;
  delivery_signals: DeliverySignalsTable;
  digests: DigestsTable;
  episodes: EpisodesTable;
  api_keys: ApiKeysTable;
  audit: AuditTable;
  idempotency_keys: IdempotencyKeysTable;
  pushed_posts: PushedPostsTable;
  feedback: FeedbackTable;
  usage_days: UsageDaysTable;
  usage_state: UsageStateTable;
  errors: ErrorsTable;
  error_batches: ErrorBatchesTable;
}

export type PostRecord = Selectable<PostsTable>;
export type NewPostRecord = Insertable<PostsTable>;
export type AnalysisRecord = Selectable<AnalysesTable>;
export type ErrorRecord = Selectable<ErrorsTable>;
export type DeliveryRecord = Selectable<DeliveriesTable>;
