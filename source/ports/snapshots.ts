import type {
  CreatedSnapshot,
  RestoreReport,
  RestoreRequest,
  SnapshotDetail,
  SnapshotDiff,
  SnapshotInfo,
  SnapshotProgress,
  SnapshotReason,
  SnapshotVerdict,
} from '../domain/snapshot.ts';

/** How a caller follows and ends a long operation. Aborting leaves nothing behind and rejects with the signal's reason. */
export interface SnapshotWatch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SnapshotProgress) => void;
}

/**
 * The snapshots of one store. Everything appears whole or not at all: a kill
 * at any point leaves no half snapshot under a snapshot's name, and a store
 * that is either the old one or the new one.
 *
 * Rejects with UserError: `unknown-snapshot`, `snapshot-damaged`,
 * `snapshots-unwritable`, `snapshots-full`, `store-…`. None is worth a retry at once.
 */
export interface SnapshotArchive {
  readonly folder: string;
  /** Newest first. Reads manifests only; what cannot be read is listed as damaged. */
  list(): Promise<readonly SnapshotInfo[]>;
  get(id: string): Promise<SnapshotDetail>;
  /** Made, verified, and only then visible. */
  create(
    request: { readonly reason: SnapshotReason; readonly tags?: readonly string[] },
    watch?: SnapshotWatch,
  ): Promise<CreatedSnapshot>;
  /** Recomputes every hash, opens the store and compares counts; remembers the outcome. */
  verify(id: string, watch?: SnapshotWatch): Promise<SnapshotVerdict>;
  /** `to` null is the store as it is now. */
  diff(from: string, to: string | null, limit: number, watch?: SnapshotWatch): Promise<SnapshotDiff>;
  /** `keepBefore`: first make a snapshot of what is there. */
  restore(
    id: string,
    request: RestoreRequest & { readonly keepBefore: boolean },
    watch?: SnapshotWatch,
  ): Promise<RestoreReport>;
  /** Gone at once and whole; false when it was gone already. */
  remove(id: string): Promise<boolean>;
  /** Replaces its tags. */
  tag(id: string, tags: readonly string[]): Promise<void>;
}
