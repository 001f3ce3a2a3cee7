import type { Generated, Insertable, Selectable } from 'kysely';

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
}

export interface FingerprintsTable {
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

export interface Tables {
  sources: SourcesTable;
  source_days: SourceDaysTable;
  posts: PostsTable;
  signals: SignalsTable;
  fingerprints: FingerprintsTable;
  analyses: AnalysesTable;
  runs: RunsTable;
  journal: JournalTable;
  journal_changes: JournalChangesTable;
  model_days: ModelDaysTable;
  removed_posts: RemovedPostsTable;
  settings: SettingsTable;
}

export type PostRecord = Selectable<PostsTable>;
export type NewPostRecord = Insertable<PostsTable>;
export type AnalysisRecord = Selectable<AnalysesTable>;
