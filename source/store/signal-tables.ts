import type { Generated } from 'kysely';

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

/** A search with a name. */
export interface ViewsTable {
  name: string;
  query: string;
  position: number;
  createdAt: number;
  updatedAt: number;
}
