import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreatedSnapshot, RemoteSnapshot, SnapshotInfo } from '../domain/snapshot.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { RemoteArchive, SnapshotWatch } from '../ports/snapshots.ts';
import type { ArchiveParts } from './archive.ts';
import { explainingFiles } from './file-failures.ts';
import { isSnapshotId, makeHidden, sweep, timeOfId } from './folder.ts';
import { hashFile } from './hashed-files.ts';
import { manifestName } from './manifest.ts';
import { restoreSnapshot } from './restore.ts';
import { describePlace, type S3Place, withBucket } from './s3-bucket.ts';

/** Names of files of a snapshot. A bucket is not ours alone: no name from it may leave the folder it is written to. */
const plainName = /^[a-z0-9][\w.-]*$/i;

/** The snapshots in the configured bucket; null when there is none. `keep` makes a snapshot of what is there. */
export function openRemote(
  { folder, files, clock, s3 }: ArchiveParts,
  keep: (watch: SnapshotWatch) => Promise<CreatedSnapshot>,
): RemoteArchive | null {
  if (s3 === undefined || s3.settings.bucket === '') return null;
  return {
    where: describePlace(s3),
    list: () => withBucket(s3, async (bucket) => groupByKey(await bucket.list(''))),
    restore: (id, { keepBefore, ...request }, watch = {}) =>
      explainingFiles(
        folder,
        async () => {
          await sweep(folder, clock.now());
          const scratch = await makeHidden(folder, 'scratch', id);
          try {
            await download(s3, id, scratch, watch);
            const needed = keepBefore && request.to === undefined && files.hasContent();
            return await restoreSnapshot(scratch, id, request, {
              ...watch,
              files,
              now: clock.now(),
              keepBefore: needed ? async () => (await keep(watch)).snapshot.id : null,
            });
          } finally {
            await rm(scratch, { recursive: true, force: true });
          }
        },
        watch.signal,
      ),
    remove: (id) =>
      withBucket(s3, async (bucket) => {
        const keys = (await bucket.list(`${id}/`)).map(({ key }) => key);
        // The manifest first: without it nobody takes what is left for a snapshot.
        for (const key of manifestAt(keys, 'first')) await bucket.remove(key);
        return keys.length > 0;
      }),
  };
}

/**
 * Uploads a verified snapshot, its manifest last, and confirms every file.
 * What goes wrong is told and not thrown: the snapshot itself is good.
 */
export async function uploadSnapshot(
  { id, path }: SnapshotInfo,
  s3: S3Place | undefined,
  { signal, onProgress }: SnapshotWatch,
): Promise<CreatedSnapshot['upload']> {
  if (s3 === undefined || s3.settings.bucket === '') return null;
  const where = describePlace(s3);
  try {
    await withBucket(
      s3,
      async (bucket) => {
        for (const name of manifestAt(await readdir(path), 'last')) {
          const file = join(path, name);
          const digest = await hashFile(file, { signal });
          onProgress?.({ step: `uploading ${name} to ${where}`, done: 0, total: digest.bytes });
          await bucket.put(`${id}/${name}`, file, digest);
        }
      },
      signal,
    );
    return { where, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, fix } = summarizeError(error);
    return { where, problem: [message, fix].filter(Boolean).join(' ') };
  }
}

async function download(s3: S3Place, id: string, to: string, watch: SnapshotWatch): Promise<void> {
  const { signal, onProgress } = watch;
  await withBucket(
    s3,
    async (bucket) => {
      const objects = await bucket.list(`${id}/`);
      if (!objects.some(({ key }) => key === `${id}/${manifestName}`))
        throw incomplete(id, describePlace(s3));
      for (const { key, bytes } of objects) {
        const name = key.slice(id.length + 1);
        if (!plainName.test(name)) continue;
        onProgress?.({ step: `downloading ${name}`, done: 0, total: bytes });
        await bucket.get(key, join(to, name));
      }
    },
    signal,
  );
}

function groupByKey(objects: readonly { key: string; bytes: number }[]): readonly RemoteSnapshot[] {
  const byId = Map.groupBy(objects, ({ key }) => key.slice(0, key.indexOf('/')));
  return [...byId]
    .filter(([id]) => isSnapshotId(id))
    .map(([id, files]) => ({
      id,
      createdAt: timeOfId(id),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      files: files.length,
      complete: files.some(({ key }) => key === `${id}/${manifestName}`),
    }))
    .toSorted((one, other) => (one.id < other.id ? 1 : -1));
}

function manifestAt(names: readonly string[], end: 'first' | 'last'): readonly string[] {
  const isManifest = (name: string) => name === manifestName || name.endsWith(`/${manifestName}`);
  const rest = names.filter((name) => !isManifest(name));
  const manifest = names.filter(isManifest);
  return end === 'first' ? [...manifest, ...rest] : [...rest, ...manifest];
}

function incomplete(id: string, where: string): UserError {
  return new UserError(
    'snapshot-damaged',
    `${id} in ${where} has no ${manifestName}: its upload did not end.`,
    {
      fix: 'Restore another ("signal-harvester snapshot list --s3" shows which are complete).',
      exitCode: 4,
    },
  );
}
