import type { Generated } from 'kysely';

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
