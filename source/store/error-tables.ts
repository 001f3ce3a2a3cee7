import type { Generated } from 'kysely';

export interface ErrorsTable {
  id: Generated<number>;
  fingerprint: string;
  type: string;
  code: string | null;
  message: string;
  stack: string;
  breadcrumbs: string;
  origin: string;
  count: number;
  state: Generated<string>;
  firstSeenAt: number;
  lastSeenAt: number;
  firstVersion: string;
  lastVersion: string;
  resolvedAt: number | null;
  regressedAt: number | null;
  reportedAt: number | null;
}

export interface ErrorBatchesTable {
  id: string;
  at: number;
}
