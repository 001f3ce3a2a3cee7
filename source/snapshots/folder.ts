import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const idPattern = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
const hiddenPattern = /^\.(?:partial|removing|scratch)-.*-(\d+)-[0-9a-f]+$/;
const dayMs = 86_400_000;

export function isSnapshotId(name: string): boolean {
  return idPattern.test(name);
}

/** The name of a snapshot: its time, UTC, in a form that every file system takes and that sorts. */
export function snapshotId(createdAt: number): string {
  return new Date(createdAt).toISOString().replaceAll(/[:.]/g, '-');
}

/** The time in a snapshot's name, milliseconds UTC. */
export function timeOfId(id: string): number {
  return Date.parse(id.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/, 'T$1:$2:$3.$4Z'));
}

export async function makeRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
}

/** Names of the snapshots in `root`, oldest name first; none when there is no such folder. */
export async function snapshotIds(root: string): Promise<readonly string[]> {
  const entries = await namesIn(root);
  return entries.filter(isSnapshotId).toSorted();
}

/** The first time from `createdAt` on whose name neither a snapshot has nor one that is being made. */
export async function freeTime(root: string, createdAt: number): Promise<number> {
  const names = await namesIn(root);
  let free = createdAt;
  const taken = (id: string) => names.some((name) => name === id || name.startsWith(`.partial-${id}-`));
  while (taken(snapshotId(free))) free += 1;
  return free;
}

/** A new hidden folder: what is in it does not exist for anybody else. */
export async function makeHidden(root: string, kind: 'partial' | 'scratch', id: string): Promise<string> {
  await makeRoot(root);
  const path = join(root, hiddenName(kind, id));
  await mkdir(path, { mode: 0o700 });
  return path;
}

function hiddenName(kind: string, id: string): string {
  return `.${kind}-${id}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Gives a hidden folder its name, on the disk when it resolves. */
export async function publish(hidden: string, root: string, id: string): Promise<void> {
  await syncFolder(hidden);
  await rename(hidden, join(root, id));
  await syncFolder(root);
}

/** Gone for everybody at once; what is left of it after a kill is swept up later. */
export async function removeWhole(root: string, id: string): Promise<boolean> {
  const hidden = join(root, hiddenName('removing', id));
  try {
    await rename(join(root, id), hidden);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  await syncFolder(root);
  await rm(hidden, { recursive: true, force: true });
  return true;
}

/** Removes what killed processes left behind. What a living process works on stays. */
export async function sweep(root: string, now: number): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const name of await namesIn(root)) {
    const pid = Number(hiddenPattern.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid)) continue;
    const path = join(root, name);
    // A number may have been given to another program since: nothing here takes a day.
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    if (isAlive(pid) && Math.abs(now - modified) < dayMs) continue;
    await rm(path, { recursive: true, force: true });
    swept.push(name);
  }
  return swept;
}

/** Replaces a small file: the old one or the new one, whatever happens. */
export async function replaceFile(path: string, text: string, root: string): Promise<void> {
  const hidden = join(root, hiddenName('partial', basename(path)));
  await writeFile(hidden, text, { mode: 0o600, flush: true, flag: 'wx' });
  await rename(hidden, path);
  await syncFolder(dirname(path));
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch {
    // Some systems and mounts cannot sync a folder; there the rename is as durable as it gets.
  } finally {
    await handle.close();
  }
}

async function namesIn(root: string): Promise<readonly string[]> {
  try {
    return await readdir(root);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
