import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotDetail, SnapshotInfo } from '../domain/snapshot.ts';
import { summarizeError } from '../errors.ts';
import { snapshotIds, timeOfId } from './folder.ts';
import { type Manifest, readManifest, readMarks } from './manifest.ts';

/** Every snapshot in `root`, newest first; reads manifests and marks, not what they vouch for. */
export async function listSnapshots(root: string): Promise<readonly SnapshotInfo[]> {
  const infos: SnapshotInfo[] = [];
  for (const id of await snapshotIds(root)) {
    try {
      const { filesInIt: _, migrations: __, ...info } = await describeSnapshot(join(root, id), id);
      infos.push(info);
    } catch (error) {
      // Removed by somebody else since its name was read.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return infos.toSorted((one, other) => other.createdAt - one.createdAt || other.sequence - one.sequence);
}

/** What is known of the snapshot in the folder `path`; never rejects for one that is damaged. */
export async function describeSnapshot(path: string, id: string): Promise<SnapshotDetail> {
  const { bytes, files } = await sizeOf(path);
  const manifest = await orDamage(() => readManifest(path));
  const marks = await orDamage(() => readMarks(path));
  const failed =
    typeof marks === 'object' && marks.failedAt !== null ? 'it failed its last verification' : null;
  const problem = typeof manifest === 'string' ? manifest : typeof marks === 'string' ? marks : failed;
  const { tags, verifiedAt } = typeof marks === 'string' ? { tags: [], verifiedAt: null } : marks;
  const known: Partial<Manifest> = typeof manifest === 'string' ? {} : manifest;
  return {
    id,
    path,
    createdAt: known.createdAt ?? timeOfId(id),
    sequence: known.sequence ?? 0,
    bytes,
    files,
    tags,
    verified: verifiedAt !== null && problem === null,
    damaged: problem !== null,
    reason: known.reason ?? null,
    rows: known.rows ?? {},
    schemaVersion: known.schemaVersion ?? null,
    programVersion: known.programVersion ?? null,
    parent: known.parent ?? null,
    verifiedAt,
    problem,
    filesInIt: Object.entries(known.files ?? {}).map(([name, digest]) => ({ name, ...digest })),
    migrations: known.migrations ?? [],
  };
}

async function sizeOf(path: string): Promise<{ bytes: number; files: number }> {
  let bytes = 0;
  const names = await readdir(path);
  for (const name of names)
    bytes += await stat(join(path, name)).then(
      ({ size }) => size,
      () => 0,
    );
  return { bytes, files: names.length };
}

async function orDamage<Result>(read: () => Promise<Result>): Promise<Result | string> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
    return summarizeError(error).message;
  }
}
