import type { RetentionCandidate } from './retention.ts';

/** Why a snapshot was made. */
export const snapshotReasons = [
  'asked',
  'scheduled',
  'before-migration',
  'before-rollback',
  'before-restore',
  'before-retention',
  'before-repair',
] as const;
export type SnapshotReason = (typeof snapshotReasons)[number];

/** What a list shows of a snapshot without reading its files whole. */
export interface SnapshotInfo extends RetentionCandidate {
  /** Absolute path of its folder. */
  readonly path: string;
  readonly reason: SnapshotReason | null;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Name of the newest migration that its store had had. */
  readonly schemaVersion: string | null;
  readonly programVersion: string | null;
  /** The snapshot that was the newest when this one was made. */
  readonly parent: string | null;
  /** When it last passed a verification, milliseconds UTC; null when it never did or failed since. */
  readonly verifiedAt: number | null;
  /** What is wrong with it, in words; null when nothing is known to be. */
  readonly problem: string | null;
}

export interface SnapshotFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SnapshotDetail extends SnapshotInfo {
  readonly filesInIt: readonly SnapshotFile[];
  readonly migrations: readonly string[];
}

/** How a long operation on snapshots goes: bytes where they are known, else steps. */
export interface SnapshotProgress {
  /** What is being done, in words: "compressing the store". */
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

export interface SnapshotVerdict {
  readonly id: string;
  readonly ok: boolean;
  /** In words; empty when sound. */
  readonly problems: readonly string[];
}

export interface CreatedSnapshot {
  readonly snapshot: SnapshotInfo;
  /** The verified copy in the second folder; null when none is configured. */
  readonly copy: { readonly path: string; readonly problem: string | null } | null;
  /** The upload to the S3 bucket; null when none is configured or this reason is not uploaded. */
  readonly upload: { readonly where: string; readonly problem: string | null } | null;
}

/** A snapshot in an S3 bucket, as its listing shows it; nothing of it was read. */
export interface RemoteSnapshot {
  readonly id: string;
  /** By its id. Milliseconds UTC. */
  readonly createdAt: number;
  readonly bytes: number;
  readonly files: number;
  /** Its manifest, which is uploaded last and removed first, is there. */
  readonly complete: boolean;
}

export interface RestoreRequest {
  /** Another file instead of the store; it must not exist. */
  readonly to?: string;
  /** Only signals and what belongs to them; settings, runs and spend stay as they are. */
  readonly signalsOnly?: boolean;
}

export interface RestoreReport {
  readonly id: string;
  readonly path: string;
  readonly rows: Readonly<Record<string, number>>;
  /** Migrations that brought an older schema forward. */
  readonly migrated: readonly string[];
  /** The snapshot of what was there before; null when there was nothing, it was not asked for, or it was damaged. */
  readonly before: string | null;
  /** Where a damaged store was put; null when there was none. */
  readonly putAside: string | null;
}

export interface FieldChange {
  readonly field: string;
  readonly before: string | number | null;
  readonly after: string | number | null;
}

export interface SignalChange {
  readonly change: 'added' | 'gone' | 'changed';
  /** In the newer store; in the older one for what is gone. */
  readonly id: number;
  readonly source: string;
  readonly title: string;
  readonly fields: readonly FieldChange[];
}

/** What differs between two stores. A signal is the same when its lead post is. */
export interface SnapshotDiff {
  readonly from: string;
  /** "now" for the store itself. */
  readonly to: string;
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
  readonly same: number;
  /** The first changes, in order of source and post. */
  readonly changes: readonly SignalChange[];
  /** True when there are more than `changes`. */
  readonly more: boolean;
}
