import type {
  CreatedSnapshot,
  RemoteSnapshot,
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
  /** The bucket that new snapshots are uploaded to; null when none is configured. */
  readonly remote: RemoteArchive | null;
}

/**
 * Snapshots in an S3-compatible bucket. Rejects with UserError: `s3-no-keys`,
 * `s3-bad-key`, `s3-no-bucket`, `s3-forbidden`, `s3-unreachable`, `s3-region`,
 * `s3-busy`, `s3-damaged`, `s3-refused`. Only `s3-unreachable` and `s3-busy`
 * are worth a retry, and three were made.
 */
export interface RemoteArchive {
  /** In words that name the place: "s3://bucket/prefix". */
  readonly where: string;
  /** Newest first; what was uploaded or removed in part is listed as not complete. */
  list(): Promise<readonly RemoteSnapshot[]>;
  /** Downloads it to a hidden folder, verifies it there, and restores as `SnapshotArchive.restore`. */
  restore(
    id: string,
    request: RestoreRequest & { readonly keepBefore: boolean },
    watch?: SnapshotWatch,
  ): Promise<RestoreReport>;
  /** False when there was nothing of it. */
  remove(id: string): Promise<boolean>;
}
