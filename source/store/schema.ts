import type { Generated, Insertable, Selectable } from 'kysely';
import type { BetaTables } from './beta-tables.ts';

/** Table types of the newest schema; each migration changes them in the same commit. */
export interface SourcesTable {
  name: string;
  kind: string;
  cursor: string | null;
  posts: Generated<number>;
  lastSuccessAt: number | null;
  lastErrorAt: number | null;
  lastError: string | null;
  lastPostAt: Generated<number | null>;
  quota: Generated<string | null>;
  limitedUntil: Generated<number | null>;
}

export interface SourceDaysTable {
  source: string;
  day: number;
  runs: Generated<number>;
  added: Generated<number>;
  excluded: Generated<number>;
  reads: Generated<number>;
  microDollars: Generated<number>;
}

export interface PostsTable {
  id: Generated<number>;
  source: string;
  kind: string;
  externalId: string;
  signalId: number | null;
  url: string | null;
  link: string | null;
  author: string | null;
  title: string | null;
  text: string;
  lang: string | null;
  createdAt: number;
  fetchedAt: number;
  likes: number;
  reposts: number;
  replies: number;
  quotes: number;
  parentUrl: string | null;
  parentText: string | null;
}

export interface SignalsTable {
  id: Generated<number>;
  leadPostId: number;
  status: Generated<string>;
  source: string;
  createdAt: number;
  lastSeenAt: number;
  echoes: Generated<number>;
  category: string | null;
  rank: number | null;
  factors: string | null;
  analyzedAt: number | null;
  scoredAt: number | null;
  sentiment: Generated<string | null>;
  urgency: Generated<number | null>;
  tags: Generated<string | null>;
  assignee: Generated<string | null>;
  snooze: Generated<string | null>;
  snoozedUntil: Generated<number | null>;
  decidedAt: Generated<number | null>;
  regressed: Generated<number>;
  mergedInto: Generated<number | null>;
}

export interface SignalTagsTable {
  tag: string;
  signalId: number;
}

export interface NotesTable {
  id: Generated<number>;
  signalId: number;
  at: number;
  author: string;
  text: string;
}

export interface LabelsTable {
  id: Generated<number>;
  signalId: number | null;
  at: number;
  kind: string;
  lang: string | null;
  title: string | null;
  text: string;
  category: string | null;
  sentiment: string | null;
  urgency: number | null;
}

export interface SplitsTable {
  key: number;
  signalId: number;
  at: number;
}

export interface FingerprintsTable {
  period: number;
  key: number;
  signalId: number;
  high: number;
  low: number;
  createdAt: number;
}

export interface AnalysesTable {
  signalId: number;
  category: string;
  sentiment: string;
  urgency: number;
  tags: string;
  reasoning: string;
  confidence: number;
  analyzer: string;
  analyzedAt: number;
  model: string | null;
  promptVersion: string | null;
}

export interface KeptAnswersTable {
  key: string;
  draft: string;
  keptAt: number;
}

export interface RunsTable {
  id: Generated<number>;
  state: string;
  startedAt: number;
  finishedAt: number | null;
  savedAt: number;
  progress: string;
}

export interface JournalTable {
  id: Generated<number>;
  at: number;
  action: string;
  undoneAt: number | null;
  actor: Generated<string>;
}

export interface JournalChangesTable {
  journalId: number;
  signalId: number;
  field: string;
  before: string | null;
  after: string | null;
}

export interface ModelDaysTable {
  model: string;
  day: number;
  requests: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  microDollars: number;
}

export interface RemovedPostsTable {
  source: string;
  hash: number;
  removedAt: number;
}

export interface SettingsTable {
  name: string;
  value: string;
}

/** A search with a name. */
export interface ViewsTable {
  name: string;
  query: string;
  position: number;
  createdAt: number;
  updatedAt: number;
}

export interface DeliveriesTable {
  id: Generated<number>;
  key: string;
  kind: string;
  signalId: number | null;
  notifier: string;
  rule: string;
  reason: string;
  rootId: number | null;
  state: Generated<string>;
  attempts: Generated<number>;
  createdAt: number;
  queuedAt: number;
  nextAttemptAt: number;
  leaseUntil: number | null;
  uncertain: Generated<number>;
  sentAt: number | null;
  reference: string | null;
  content: string | null;
  lastError: string | null;
  toldEchoes: number | null;
  toldSources: string | null;
  toldStatus: string | null;
  toldAt: number | null;
}

export interface DeliveryAttemptsTable {
  deliveryId: number;
  number: number;
  at: number;
  endedAt: number | null;
  answer: string | null;
}

export interface DeliverySignalsTable {
  deliveryId: number;
  signalId: number;
}

export interface DigestsTable {
  rule: string;
  dueAt: number;
}

export interface EpisodesTable {
  id: Generated<number>;
  rule: string;
  by: string;
  value: string;
  startedAt: number;
  endedAt: number | null;
  peak: number;
  peakAt: number;
  usual: number;
  toldPeak: number;
}

export interface ApiKeysTable {
  id: string;
  name: string;
  hash: string;
  scopes: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  revokedAt: number | null;
  replacedBy: string | null;
  flags: string;
  subject: string | null;
}

export interface AuditTable {
  id: Generated<number>;
  at: number;
  actor: string;
  via: string;
  action: string;
  target: string | null;
  before: string | null;
  after: string | null;
  address: string | null;
  requestId: string | null;
}

export interface IdempotencyKeysTable {
  actor: string;
  key: string;
  request: string;
  answer: string;
  at: number;
}

export interface PushedPostsTable {
  id: Generated<number>;
  source: string;
  at: number;
  draft: string;
}

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
}

export type PostRecord = Selectable<PostsTable>;
export type NewPostRecord = Insertable<PostsTable>;
export type AnalysisRecord = Selectable<AnalysesTable>;
export type DeliveryRecord = Selectable<DeliveriesTable>;
