import type { Actor, ApiKey, AuditEntry } from '../domain/access.ts';

/** A key with what its token is recognized by. */
export interface StoredKey extends ApiKey {
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string;
}

export interface NewAuditEntry {
  readonly action: string;
  readonly target: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditQuery {
  readonly limit: number;
  /** Entries older than this one. */
  readonly before?: number;
  readonly actor?: string;
  readonly action?: string;
}

/** Keys and the audit trail. A change of keys and its audit entry are one transaction. */
export interface AccessStore {
  addKey(key: StoredKey, by: Actor): Promise<void>;
  /** Adds `key`, and lets the one it replaces end at `endsAt` (or earlier, if it would). */
  replaceKey(oldId: string, key: StoredKey, endsAt: number, by: Actor): Promise<void>;
  revokeKey(id: string, at: number, by: Actor): Promise<void>;
  /** Newest first. */
  apiKeys(): Promise<readonly StoredKey[]>;
  markKeysUsed(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
  addAudit(entry: NewAuditEntry, by: Actor, at: number): Promise<void>;
  /** Newest first. */
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Removes what is older; the store itself refuses to lose the last 30 days. Returns how many went. */
  pruneAudit(olderThan: number): Promise<number>;
}
