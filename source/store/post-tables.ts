import type { Generated } from 'kysely';

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

export interface RemovedPostsTable {
  source: string;
  hash: number;
  removedAt: number;
}

export interface RunsTable {
  id: Generated<number>;
  state: string;
  startedAt: number;
  finishedAt: number | null;
  savedAt: number;
  progress: string;
}

export interface SettingsTable {
  name: string;
  value: string;
}

export interface PushedPostsTable {
  id: Generated<number>;
  source: string;
  at: number;
  draft: string;
}
