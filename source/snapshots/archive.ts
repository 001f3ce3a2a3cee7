import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreatedSnapshot, SnapshotDiff, SnapshotInfo, SnapshotVerdict } from '../domain/snapshot.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { SnapshotArchive, SnapshotWatch } from '../ports/snapshots.ts';
import type { StoreFiles, StoreImage } from '../ports/store-files.ts';
import { writeFirstMarks, writeSnapshot } from './create.ts';
import { diffImages } from './diff.ts';
import { explainingFiles } from './file-failures.ts';
import {
  freeTime,
  makeHidden,
  publish,
  removeWhole,
  replaceFile,
  snapshotId,
  snapshotIds,
  sweep,
} from './folder.ts';
import { describeSnapshot, listSnapshots } from './listing.ts';
import { damaged, formatMarks, type Marks, marksName, readManifest, readMarks } from './manifest.ts';
import { mirrorSnapshot } from './mirror.ts';
import { openRemote, uploadSnapshot } from './remote.ts';
import { restoreSnapshot } from './restore.ts';
import type { S3Place } from './s3-bucket.ts';
import { findProblems, unpackStore } from './verify.ts';

export interface ArchiveParts {
  readonly folder: string;
  /** A second folder that every new snapshot is copied to; null for none. */
  readonly copyTo: string | null;
  /** Where snapshots that were asked for or scheduled are uploaded to; none without a bucket. */
  readonly s3?: S3Place;
  readonly files: StoreFiles;
  readonly clock: Pick<Clock, 'now'>;
  readonly programVersion: string;
}

/** The snapshots of a store in a folder of their own; see the port for what it promises. */
export function openArchive(parts: ArchiveParts): SnapshotArchive {
  const { folder, files, clock } = parts;
  const explained = <Result>(act: () => Promise<Result>, watch: SnapshotWatch = {}) =>
    explainingFiles(folder, act, watch.signal);
  const existing = async (id: string): Promise<string> => {
    if ((await snapshotIds(folder)).includes(id)) return join(folder, id);
    throw unknownSnapshot(id, folder);
  };
  const archive: SnapshotArchive = {
    folder,
    list: () => explained(() => listSnapshots(folder)),
    get: (id) => explained(async () => describeSnapshot(await existing(id), id)),
    create: (request, watch = {}) => explained(() => createSnapshot(parts, request, watch), watch),
    verify: (id, watch = {}) =>
      explained(
        async () =>
          verifySnapshot(await existing(id), id, { ...watch, files, root: folder, now: clock.now() }),
        watch,
      ),
    diff: (from, to, limit, watch = {}) =>
      explained(async () => {
        const folders = { from: await existing(from), to: to === null ? null : await existing(to) };
        return diffSnapshots(parts, folders, { from, to: to ?? 'now', limit, watch });
      }, watch),
    restore: (id, { keepBefore, ...request }, watch = {}) =>
      explained(async () => {
        const keep = async () => (await archive.create({ reason: 'before-restore' }, watch)).snapshot.id;
        const needed = keepBefore && request.to === undefined && files.hasContent();
        return restoreSnapshot(await existing(id), id, request, {
          ...watch,
          files,
          now: clock.now(),
          keepBefore: needed ? keep : null,
        });
      }, watch),
    remove: (id) => explained(async () => removeWhole(folder, id)),
    tag: (id, tags) =>
      explained(async () => {
        const path = await existing(id);
        const marks = await readMarks(path).catch(
          (): Marks => ({ tags: [], verifiedAt: null, failedAt: null }),
        );
        await writeMarks(path, { ...marks, tags: [...new Set(tags)] }, folder);
      }),
    remote: openRemote(parts, (watch) => archive.create({ reason: 'before-restore' }, watch)),
  };
  return archive;
}

async function createSnapshot(
  { folder, copyTo, s3, files, clock, programVersion }: ArchiveParts,
  { reason, tags = [] }: Parameters<SnapshotArchive['create']>[0],
  watch: SnapshotWatch,
): Promise<CreatedSnapshot> {
  await sweep(folder, clock.now());
  const known = await listSnapshots(folder);
  // A clock that was set back, or two snapshots in a millisecond, must not meet a name that is taken.
  const createdAt = await freeTime(folder, clock.now());
  const id = snapshotId(createdAt);
  const newest = known.toSorted((one, other) => other.sequence - one.sequence)[0];
  const sequence = (newest?.sequence ?? 0) + 1;
  const partial = await makeHidden(folder, 'partial', id);
  const scratch = await makeHidden(folder, 'scratch', id);
  try {
    const parent = newest?.id ?? null;
    await writeSnapshot(
      partial,
      files,
      { id, createdAt, sequence, parent, reason, tags, programVersion },
      watch,
    );
    const [problem] = await findProblems(partial, id, { ...watch, files, scratch, marks: false });
    if (problem !== undefined)
      throw damaged(`The snapshot that was just written is damaged: ${problem}. It was not kept.`);
    await writeFirstMarks(partial, tags, createdAt);
    await publish(partial, folder, id);
  } catch (error) {
    throw isFull(error) ? Object.assign(new Error('no space', { cause: error }), { code: 'ENOSPC' }) : error;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
  const snapshot = await describeSnapshot(join(folder, id), id);
  const copy = copyTo === null ? null : await copySnapshot(snapshot, copyTo, files, clock.now(), watch);
  // What is made in front of a change must not wait for a network.
  const wanted = reason === 'asked' || reason === 'scheduled';
  return { snapshot, copy, upload: wanted ? await uploadSnapshot(snapshot, s3, watch) : null };
}

async function copySnapshot(
  snapshot: SnapshotInfo,
  copyTo: string,
  files: StoreFiles,
  now: number,
  watch: SnapshotWatch,
): Promise<CreatedSnapshot['copy']> {
  try {
    const mirror = { ...watch, target: copyTo, files, now };
    const path = await explainingFiles(copyTo, () => mirrorSnapshot(snapshot.path, snapshot.id, mirror));
    return { path, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path: copyTo, problem: summarizeError(error).message };
  }
}

/** Unpacks what is packed and compares; `folders.to` null is the store itself. */
async function diffSnapshots(
  { folder, files }: ArchiveParts,
  folders: { readonly from: string; readonly to: string | null },
  {
    from,
    to,
    limit,
    watch,
  }: { readonly from: string; readonly to: string; readonly limit: number; readonly watch: SnapshotWatch },
): Promise<SnapshotDiff> {
  const scratch = await makeHidden(folder, 'scratch', 'diff');
  const opened: StoreImage[] = [];
  const open = async (source: string | null, name: string): Promise<StoreImage> => {
    const path = source === null ? files.path : join(scratch, name);
    if (source !== null) await unpackStore(source, await readManifest(source), path, watch);
    const image = files.openImage(path);
    opened.push(image);
    return image;
  };
  try {
    const older = await open(folders.from, 'from.sqlite');
    const newer = await open(folders.to, 'to.sqlite');
    return { from, to, ...diffImages(older, newer, limit) };
  } finally {
    for (const image of opened) image.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function isFull(error: unknown): boolean {
  return error instanceof UserError && error.code === 'store-full';
}

async function verifySnapshot(
  path: string,
  id: string,
  {
    files,
    root,
    now,
    ...watch
  }: SnapshotWatch & { readonly files: StoreFiles; readonly root: string; readonly now: number },
): Promise<SnapshotVerdict> {
  await sweep(root, now);
  const scratch = await makeHidden(root, 'scratch', id);
  try {
    const problems = await findProblems(path, id, { ...watch, files, scratch, marks: true });
    const ok = problems.length === 0;
    // Marks that cannot be read are a finding already, and are left as they are.
    const marks = await readMarks(path).catch(() => null);
    if (marks !== null) {
      const outcome = ok ? { verifiedAt: now, failedAt: null } : { verifiedAt: null, failedAt: now };
      await writeMarks(path, { ...marks, ...outcome }, root);
    }
    return { id, ok, problems };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function writeMarks(path: string, marks: Marks, root: string): Promise<void> {
  return replaceFile(join(path, marksName), formatMarks(marks), root);
}

function unknownSnapshot(id: string, folder: string): UserError {
  return new UserError('unknown-snapshot', `There is no snapshot ${id} in ${folder}.`, {
    fix: 'See them all with "signal-harvester snapshot list".',
  });
}
