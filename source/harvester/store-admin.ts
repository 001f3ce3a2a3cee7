import type { StoreStatus } from './harvester.ts';

/** Care of the store itself, without opening it for work: what `db` does. */
export interface StoreAdmin {
  status(): Promise<StoreStatus>;
  /** Applies what is pending; returns the names of the migrations that ran. */
  migrate(): Promise<readonly string[]>;
  /** Takes back the newest migration, data it added included; null when there is none. */
  rollback(): Promise<string | null>;
  /** Problems found, in words; empty when sound. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}
