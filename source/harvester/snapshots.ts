import type {
  CreatedSnapshot,
  RemoteSnapshot,
  RestoreReport,
  RestoreRequest,
  SnapshotDetail,
  SnapshotDiff,
  SnapshotInfo,
  SnapshotProgress,
  SnapshotVerdict,
} from '../domain/snapshot.ts';
import { UserError } from '../errors.ts';
import type { RemoteArchive, SnapshotArchive } from '../ports/snapshots.ts';
import type { Watch } from './harvester.ts';
import type { SnapshotRetention } from './retention.ts';

/**
 * Snapshots of the store. A snapshot is named by its id, by the beginning of
 * one that no other has, or as "newest". Aborting leaves nothing behind and rejects.
 */
export interface Snapshots {
  /** Newest first; damaged ones too. */
  list(): Promise<readonly SnapshotInfo[]>;
  get(name: string): Promise<SnapshotDetail>;
  create(
    request: { readonly tags?: readonly string[]; readonly scheduled?: boolean },
    watch?: Watch<SnapshotProgress>,
  ): Promise<CreatedSnapshot>;
  /** Reads every byte. A damaged snapshot is a verdict, not a rejection. */
  verify(name: string, watch?: Watch<SnapshotProgress>): Promise<SnapshotVerdict>;
  /** `to` is another snapshot or "now". */
  diff(request: SnapshotDiffRequest, watch?: Watch<SnapshotProgress>): Promise<SnapshotDiff>;
  /** Verifies it, makes a snapshot of what is there, then exchanges the store in one step. */
  restore(name: string, request: RestoreRequest, watch?: Watch<SnapshotProgress>): Promise<RestoreReport>;
  /** False when it was gone already. The newest verified one is refused unless `evenNewest`. */
  remove(name: string, options?: { readonly evenNewest?: boolean }): Promise<boolean>;
  /** Replaces its tags. */
  tag(name: string, tags: readonly string[]): Promise<void>;
  /** Those in the S3 bucket, newest first. This and the next three reject with `s3-off` when none is configured. */
  listRemote(): Promise<{ readonly where: string; readonly snapshots: readonly RemoteSnapshot[] }>;
  /** "newest" is the newest that is complete. */
  getRemote(name: string): Promise<RemoteSnapshot>;
  /** Downloads and verifies it, then as `restore`. */
  restoreRemote(
    name: string,
    request: RestoreRequest,
    watch?: Watch<SnapshotProgress>,
  ): Promise<RestoreReport>;
  /** False when it was gone already. The newest complete one is refused. */
  removeRemote(name: string): Promise<boolean>;
}

/** What can be done with snapshots while the store is closed. */
export interface SnapshotKeeper {
  readonly snapshots: Snapshots;
  readonly retention: SnapshotRetention;
}

export interface SnapshotDiffRequest {
  readonly from: string;
  readonly to: string;
  /** Changes that are listed; all are counted. */
  readonly limit: number;
}

export interface SnapshotParts {
  readonly archive: SnapshotArchive;
  /** Whether a snapshot is made before something that loses data. */
  readonly automatic: boolean;
}

export function createSnapshots({ archive, automatic }: SnapshotParts): Snapshots {
  const find = async (name: string): Promise<string> => findSnapshot(await archive.list(), name).id;
  return {
    list: () => archive.list(),
    get: async (name) => archive.get(await find(name)),
    create: ({ tags = [], scheduled = false }, watch) =>
      archive.create({ reason: scheduled ? 'scheduled' : 'asked', tags: checkTags(tags) }, watch),
    verify: async (name, watch) => archive.verify(await find(name), watch),
    diff: async ({ from, to, limit }, watch) =>
      archive.diff(await find(from), to === 'now' ? null : await find(to), limit, watch),
    restore: async (name, request, watch) =>
      archive.restore(await find(name), { ...request, keepBefore: automatic }, watch),
    remove: async (name, options = {}) => {
      const all = await archive.list();
      const { id } = findSnapshot(all, name);
      if (!options.evenNewest && id === newestVerified(all)?.id) throw lastResort(id);
      return archive.remove(id);
    },
    tag: async (name, tags) => archive.tag(await find(name), checkTags(tags)),
    listRemote: async () => {
      const remote = remoteOf(archive);
      return { where: remote.where, snapshots: await remote.list() };
    },
    getRemote: async (name) => findRemote(await remoteOf(archive).list(), name),
    restoreRemote: async (name, request, watch) => {
      const remote = remoteOf(archive);
      const { id } = findRemote(await remote.list(), name);
      return remote.restore(id, { ...request, keepBefore: automatic }, watch);
    },
    removeRemote: async (name) => {
      const remote = remoteOf(archive);
      const all = await remote.list();
      const { id } = findRemote(all, name);
      if (id === all.find(({ complete }) => complete)?.id) throw lastRemote(id, remote.where);
      return remote.remove(id);
    },
  };
}

function remoteOf({ remote }: SnapshotArchive): RemoteArchive {
  if (remote !== null) return remote;
  throw new UserError('s3-off', 'No bucket is configured.', {
    fix: 'Set snapshots.s3.bucket, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
  });
}

/** All of them newest first. */
function findRemote(all: readonly RemoteSnapshot[], name: string): RemoteSnapshot {
  const newest = name === 'newest' ? all.find(({ complete }) => complete) : undefined;
  const matches = all.filter(({ id }) => name !== '' && id.startsWith(name));
  const found = newest ?? matches.find(({ id }) => id === name) ?? (matches.length === 1 ? matches[0] : null);
  if (found) return found;
  const problem =
    matches.length > 1
      ? `${matches.length} snapshots in the bucket begin with "${name}".`
      : `There is no snapshot "${name}" in the bucket.`;
  throw new UserError('unknown-snapshot', problem, {
    fix: 'See them all with "signal-harvester snapshot list --s3".',
  });
}

function lastRemote(id: string, where: string): UserError {
  return new UserError(
    'newest-verified',
    `${id} is the newest snapshot in ${where}, so it was not removed.`,
    {
      fix: 'Make another first ("signal-harvester snapshot create"), then remove this one.',
    },
  );
}

/** The one that was made last, by their count and not by the clock, of those that are known to be sound. */
export function newestVerified(all: readonly SnapshotInfo[]): SnapshotInfo | undefined {
  return all
    .filter(({ verified, damaged }) => verified && !damaged)
    .toSorted((one, other) => other.sequence - one.sequence || other.createdAt - one.createdAt)[0];
}

function findSnapshot(all: readonly SnapshotInfo[], name: string): SnapshotInfo {
  const newest = all.toSorted((one, other) => other.sequence - one.sequence)[0];
  if (name === 'newest' && newest !== undefined) return newest;
  const matches = all.filter(({ id }) => id === name || (name !== '' && id.startsWith(name)));
  const exact = matches.find(({ id }) => id === name) ?? (matches.length === 1 ? matches[0] : undefined);
  if (exact !== undefined) return exact;
  const problem =
    all.length === 0
      ? 'There is no snapshot yet.'
      : matches.length > 1
        ? `${matches.length} snapshots begin with "${name}".`
        : `There is no snapshot "${name}".`;
  throw new UserError('unknown-snapshot', problem, {
    fix:
      all.length === 0
        ? 'Make one with "signal-harvester snapshot create".'
        : 'See them all with "signal-harvester snapshot list"; the beginning of an id is enough, and so is "newest".',
  });
}

function checkTags(tags: readonly string[]): readonly string[] {
  const wrong = tags.find((tag) => !/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,59}$/u.test(tag));
  if (wrong === undefined) return tags;
  throw new UserError('invalid-tag', `"${wrong}" cannot be a tag.`, {
    fix: 'Use letters, digits, ".", "_" and "-", at most 60.',
  });
}

function lastResort(id: string): UserError {
  return new UserError('newest-verified', `${id} is the newest verified snapshot, so it was not removed.`, {
    fix: 'Make another first ("signal-harvester snapshot create"), then remove this one.',
  });
}
