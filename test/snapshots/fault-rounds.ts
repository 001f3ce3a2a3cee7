import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../source/ports/clock.ts';
import type { SnapshotArchive } from '../../source/ports/snapshots.ts';
import { openArchive } from '../../source/snapshots/archive.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStoreFiles } from '../../source/store/files.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { contentOf } from '../store/old-stores.ts';

const child = fileURLToPath(new URL('fault-child.ts', import.meta.url));
export type FaultAction = 'create' | 'restore' | 'prune';

/** What the rounds came to; each round that breaks a promise throws instead. */
export interface KillTally {
  readonly kills: number;
  /** Rounds that came to their end before the kill. */
  readonly finished: number;
  /** How a killed round left things: nothing of it, or all of it. */
  readonly asBefore: number;
  readonly asAfter: number;
  /** Rounds that left something for the next to sweep up. */
  readonly leftovers: number;
}

interface Place {
  readonly root: string;
  readonly path: string;
  readonly folder: string;
  readonly archive: SnapshotArchive;
}

async function makePlace(posts: number): Promise<Place> {
  const root = mkdtempSync(join(tmpdir(), 'signal-harvester-faults-'));
  const path = join(root, 'signals.db');
  const folder = join(root, 'snapshots');
  await fillStore(path, 'one', posts);
  const archive = openArchive({
    folder,
    copyTo: null,
    files: openStoreFiles(path),
    clock: systemClock,
    programVersion: '0',
  });
  return { root, path, folder, archive };
}

async function fillStore(path: string, source: string, posts: number): Promise<void> {
  const store = await openStore(path);
  await harvestScripted(store, [listSource(source, syntheticPosts(source, posts))]);
  await store.close();
}

function hashOf(path: string): string {
  return createHash('sha256')
    .update(JSON.stringify(contentOf(path)))
    .digest('hex');
}

/** Runs the child, and kills it `afterMs` after it has started to work if it still lives. True when it was killed. */
function runChild(
  place: Place,
  action: FaultAction,
  id: string,
  afterMs: number | null,
): Promise<{ killed: boolean; tookMs: number }> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, action, place.path, place.folder, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let timer: NodeJS.Timeout | undefined;
    let startedAt = performance.now();
    running.stdout.once('data', () => {
      startedAt = performance.now();
      if (afterMs !== null) timer = setTimeout(() => running.kill('SIGKILL'), afterMs);
    });
    running.once('error', reject);
    running.once('exit', (code, signal) => {
      clearTimeout(timer);
      const tookMs = performance.now() - startedAt;
      if (signal === 'SIGKILL' || code === 0) resolve({ killed: signal === 'SIGKILL', tookMs });
      else reject(new Error(`${action} ended with ${code ?? signal}`));
    });
  });
}

/**
 * Kills so many processes with SIGKILL, each at a random moment of `action`,
 * and examines after each that nothing is half done.
 *
 * @throws Error when a promise was broken
 */
export async function killRounds(action: FaultAction, kills: number, posts = 300): Promise<KillTally> {
  const place = await makePlace(posts);
  const tally = { kills: 0, finished: 0, asBefore: 0, asAfter: 0, leftovers: 0 };
  try {
    const { snapshot } = await place.archive.create({ reason: 'asked' });
    const atSnapshot = hashOf(place.path);
    await fillStore(place.path, 'two', posts + 50);
    const later = hashOf(place.path);
    const keptFile = join(place.root, 'later.db');
    copyFileSync(place.path, keptFile);
    const prepare = async () => {
      for (const end of ['-wal', '-shm', '-journal']) rmSync(`${place.path}${end}`, { force: true });
      copyFileSync(keptFile, place.path);
      if (action === 'prune')
        while ((await place.archive.list()).length < 4) await place.archive.create({ reason: 'asked' });
    };
    await prepare();
    const { tookMs } = await runChild(place, action, snapshot.id, null);
    while (tally.kills < kills) {
      if (action === 'restore') await keepOnly(place.archive, snapshot.id);
      await prepare();
      const before = (await place.archive.list()).length;
      const { killed } = await runChild(place, action, snapshot.id, Math.random() * tookMs * 1.1);
      if (killed) tally.kills += 1;
      else tally.finished += 1;
      if (
        readdirSync(place.folder).some((name) => name.startsWith('.')) ||
        readdirSync(place.root).some((name) => name.startsWith('.'))
      ) {
        tally.leftovers += 1;
      }
      const after = await examine(place, action);
      const state = hashOf(place.path);
      const changed = action === 'restore' ? state === atSnapshot : after !== before;
      if (state !== later && !(action === 'restore' && state === atSnapshot))
        throw new Error('the store is neither the old nor the new');
      if (killed) tally[changed ? 'asAfter' : 'asBefore'] += 1;
    }
    await prepare();
    await runChild(place, action, snapshot.id, null);
    if (action === 'create' && readdirSync(place.folder).some((name) => name.startsWith('.')))
      throw new Error('leftovers were not swept up');
    return tally;
  } finally {
    rmSync(place.root, { recursive: true, force: true });
  }
}

/** Every snapshot that has a name is whole; one verified is always left. Returns how many there are. */
async function examine({ archive, path }: Place, action: FaultAction): Promise<number> {
  const all = await archive.list();
  const damaged = all.find((snapshot) => snapshot.damaged);
  if (damaged !== undefined) throw new Error(`${damaged.id}: ${damaged.problem}`);
  const newest = all[0];
  if (newest === undefined || !newest.verified) throw new Error(`${action} left no verified snapshot`);
  const verdict = await archive.verify(newest.id);
  if (!verdict.ok) throw new Error(`${newest.id}: ${verdict.problems.join()}`);
  const admin = openStoreAdmin(path);
  const { problems } = await admin.check();
  await admin.close();
  if (problems.length > 0) throw new Error(problems.join());
  return all.length;
}

async function keepOnly(archive: SnapshotArchive, id: string): Promise<void> {
  for (const snapshot of await archive.list()) if (snapshot.id !== id) await archive.remove(snapshot.id);
}

const sectorBytes = 512;

export interface CorruptionTally {
  readonly places: number;
  /** Found by `db check` or by opening; the others were bytes that hold nothing, or text that no database can judge. */
  readonly foundByCheck: number;
  readonly foundByDiff: number;
  readonly inUnusedBytes: number;
  readonly putAside: number;
}

/**
 * Overwrites a sector (512 bytes) of a store at so many random places, one at a time:
 * the check must survive each, and the restore must bring everything back.
 *
 * @throws Error when a promise was broken
 */
export async function corruptionRounds(places: number, posts = 300): Promise<CorruptionTally> {
  const place = await makePlace(posts);
  const tally = { places: 0, foundByCheck: 0, foundByDiff: 0, inUnusedBytes: 0, putAside: 0 };
  try {
    const { snapshot } = await place.archive.create({ reason: 'asked' });
    const whole = readFileSync(place.path);
    const sound = hashOf(place.path);
    for (; tally.places < places; tally.places += 1) {
      const bytes = Buffer.from(whole);
      const start = sectorBytes * Math.floor((Math.random() * bytes.length) / sectorBytes);
      for (let at = start; at < start + sectorBytes; at += 1)
        bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(Math.random() * 255));
      writeFileSync(place.path, bytes);
      const found = await findsDamage(place.path);
      if (found) tally.foundByCheck += 1;
      else if (hashOf(place.path) === sound) tally.inUnusedBytes += 1;
      else tally.foundByDiff += 1;
      const { putAside } = await place.archive.restore(snapshot.id, { keepBefore: true });
      if (putAside !== null) {
        tally.putAside += 1;
        if (!readFileSync(putAside).equals(bytes) && !found)
          throw new Error('what was put aside is not what was there');
        rmSync(putAside);
      }
      if (hashOf(place.path) !== sound)
        throw new Error(`byte ${start}: the restore did not bring everything back`);
      await keepOnly(place.archive, snapshot.id);
      for (const end of ['-wal', '-shm', '-journal']) rmSync(`${place.path}${end}`, { force: true });
      writeFileSync(place.path, whole);
    }
    return tally;
  } finally {
    rmSync(place.root, { recursive: true, force: true });
  }
}

/** Whether anything says that the store is damaged; anything but a sentence for a person is a crash. */
async function findsDamage(path: string): Promise<boolean> {
  let admin: ReturnType<typeof openStoreAdmin> | null = null;
  try {
    admin = openStoreAdmin(path);
    const { problems } = await admin.check();
    return problems.length > 0;
  } catch (error) {
    if (error instanceof Error && 'fix' in error) return true;
    throw error;
  } finally {
    await admin?.close();
  }
}
