import type { LoadedConfig } from '../config/load.ts';
import { resolveSnapshotsCopyPath, resolveSnapshotsPath, resolveStorePath } from '../config/paths.ts';
import type { SnapshotReason } from '../domain/snapshot.ts';
import { createSnapshotRetention } from '../harvester/retention.ts';
import { createSnapshots, type SnapshotKeeper } from '../harvester/snapshots.ts';
import type { StoreAdmin } from '../harvester/store-admin.ts';
import { systemClock } from '../ports/clock.ts';
import type { SnapshotArchive } from '../ports/snapshots.ts';
import { openArchive } from '../snapshots/archive.ts';
import { openStoreAdmin } from '../store/admin.ts';
import { openStoreFiles } from '../store/files.ts';
import type { ReopenableStore } from '../store/reopenable.ts';
import { programVersion } from '../version.ts';

/** The store alone, whatever its schema: what `db` works on. */
export async function composeStoreAdmin(loaded: LoadedConfig): Promise<StoreAdmin> {
  return openStoreAdmin(resolveStorePath(loaded), (reason) => snapshotBefore(loaded, reason));
}

/** Snapshots without opening the store: a store that is damaged is what they are for. */
export async function composeSnapshotKeeper(loaded: LoadedConfig): Promise<SnapshotKeeper> {
  const archive = archiveOf(loaded);
  const { automatic, retention: policy } = loaded.config.snapshots;
  return {
    snapshots: createSnapshots({ archive, automatic }),
    retention: createSnapshotRetention({ archive, policy }),
  };
}

/** Before what loses data: a snapshot, when there is anything to lose and the configuration does not forbid it. */
export async function snapshotBefore(loaded: LoadedConfig, reason: SnapshotReason): Promise<void> {
  if (!loaded.config.snapshots.automatic) return;
  if (openStoreFiles(resolveStorePath(loaded)).hasContent()) await archiveOf(loaded).create({ reason });
}

/** `exchange` frees the store's file from this thread's own connection while it is replaced. */
export function archiveOf(loaded: LoadedConfig, exchange?: ReopenableStore['exchange']): SnapshotArchive {
  const files = openStoreFiles(resolveStorePath(loaded));
  return openArchive({
    folder: resolveSnapshotsPath(loaded),
    copyTo: resolveSnapshotsCopyPath(loaded),
    s3: { settings: loaded.config.snapshots.s3, secrets: loaded.secrets },
    files:
      exchange === undefined
        ? files
        : {
            ...files,
            exchange: (replacement, options) => exchange(() => files.exchange(replacement, options)),
          },
    clock: systemClock,
    programVersion: programVersion(),
  });
}
