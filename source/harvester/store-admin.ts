import type { Actor } from '../domain/access.ts';
import type { NewAuditEntry } from '../ports/access.ts';
import type { StoreStatus } from './harvester.ts';

/** What an examination of the store found, in words. */
export interface StoreFindings {
  /** What is wrong; empty when the store is sound. */
  readonly problems: readonly string[];
  /** Those of the problems that `repair` mends. */
  readonly repairable: readonly string[];
  /** Not wrong, but worth knowing. */
  readonly notes: readonly string[];
}

/**
 * Care of the store itself, without opening it for work: what `db` does.
 * Before anything that changes it, a snapshot is made (snapshots.automatic).
 */
export interface StoreAdmin {
  status(): Promise<StoreStatus>;
  /** Applies what is pending; returns the names of the migrations that ran. */
  migrate(): Promise<readonly string[]>;
  /** Takes back the newest migration, data it added included; null when there is none. */
  rollback(): Promise<string | null>;
  /** Reads every page. */
  check(): Promise<StoreFindings>;
  /** Mends what can be computed again; returns what is still wrong. */
  repair(): Promise<readonly string[]>;
  /**
   * Adds an entry to the audit trail, whatever the schema of the store is. False
   * when there is nothing to add it to: no store, or one from before the trail.
   */
  note(entry: NewAuditEntry, by: Actor, at: number): Promise<boolean>;
  close(): Promise<void>;
}
