import { existsSync } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RestoreReport, RestoreRequest } from '../domain/snapshot.ts';
import { UserError } from '../errors.ts';
import type { SnapshotWatch } from '../ports/snapshots.ts';
import type { StoreFiles } from '../ports/store-files.ts';
import { makeHidden, sweep, syncFolder } from './folder.ts';
import { damaged, readManifest } from './manifest.ts';
import { findProblems, unpackStore } from './verify.ts';

interface RestoreParts extends SnapshotWatch {
  readonly files: StoreFiles;
  readonly now: number;
  /** Makes a snapshot of what is there; null when it should not, or there is nothing. */
  readonly keepBefore: (() => Promise<string>) | null;
}

/**
 * Brings back what the snapshot in `folder` holds. Everything that can fail is
 * done beside the target first; the last step is one rename, or for signals
 * only one transaction.
 */
export async function restoreSnapshot(
  folder: string,
  id: string,
  { to, signalsOnly = false }: RestoreRequest,
  { files, now, keepBefore, ...watch }: RestoreParts,
): Promise<RestoreReport> {
  const path = to ?? files.path;
  if (to !== undefined && existsSync(to)) throw exists(to);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await sweep(dirname(path), now);
  const scratch = await makeHidden(dirname(path), 'scratch', 'restore');
  try {
    const [problem] = await findProblems(folder, id, { ...watch, files, scratch, marks: false });
    if (problem !== undefined) throw damaged(`Snapshot ${id} is damaged: ${problem}. Nothing was changed.`);
    const fresh = join(scratch, 'restored.sqlite');
    await unpackStore(folder, await readManifest(folder), fresh, watch);
    watch.onProgress?.({ step: 'bringing its schema up to date', done: 0, total: null });
    const migrated = await files.upgrade(fresh);
    const rows = countRows(files, fresh);
    const report = { id, path, rows, migrated, before: null, putAside: null };
    if (to !== undefined) {
      await link(fresh, to).catch((error: unknown) => {
        throw existsSync(to) ? exists(to) : error;
      });
      await syncFolder(dirname(to));
      return report;
    }
    const { before, keepOld } = await keepWhatIsThere(keepBefore);
    watch.signal?.throwIfAborted();
    watch.onProgress?.({ step: 'putting it in place', done: 0, total: null });
    if (signalsOnly) return { ...report, before, rows: await files.takeSignalsFrom(fresh) };
    const { putAside } = await files.exchange(fresh, { keepOld });
    return { ...report, before, putAside };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A damaged store cannot be made a snapshot of; it is put aside as it is instead. */
async function keepWhatIsThere(
  keep: RestoreParts['keepBefore'],
): Promise<{ before: string | null; keepOld: boolean }> {
  if (keep === null) return { before: null, keepOld: false };
  try {
    return { before: await keep(), keepOld: false };
  } catch (error) {
    if (
      error instanceof UserError &&
      ['store-corrupt', 'store-unreadable', 'snapshot-damaged'].includes(error.code)
    ) {
      return { before: null, keepOld: true };
    }
    throw error;
  }
}

function countRows(files: StoreFiles, path: string): Readonly<Record<string, number>> {
  const image = files.openImage(path);
  try {
    return image.rows();
  } finally {
    image.close();
  }
}

function exists(path: string): UserError {
  return new UserError('file-exists', `${path} exists already and was left as it is.`, {
    fix: 'Give --to a path where there is nothing yet.',
  });
}
