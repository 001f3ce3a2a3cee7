import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openStoreFiles } from '../../source/store/files.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { corruptionRounds, killRounds } from './fault-rounds.ts';
import { steppingClock, temporaryArchive, withStore } from './temporary-archive.ts';

/** A few rounds here; bench/snapshot-faults.ts does a hundred of each. */
describe('kill -9 at a random moment', () => {
  test.each(['create', 'restore', 'prune'] as const)(
    'of %s leaves nothing half done',
    async (action) => {
      const { kills, asBefore, asAfter } = await killRounds(action, 6, 150);
      expect([kills, asBefore + asAfter]).toEqual([6, 6]);
    },
    120_000,
  );
});

test('a store that is overwritten at random places is judged without a crash and brought back', async () => {
  const { places, foundByCheck } = await corruptionRounds(12, 150);
  expect(places).toBe(12);
  expect(foundByCheck).toBeGreaterThan(0);
}, 120_000);

const mounted: string[] = [];
// Registered after that of temporaryFolder, and so run before it.
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
});

/** A small disk of its own; null where mounting is not permitted. */
function smallDisk(bytes: number): string | null {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  mounted.push(folder);
  return folder;
}

describe('a full disk', () => {
  test('stops a snapshot with a fix, leaves nothing of it, and the store as it was', async ({ skip }) => {
    const disk = smallDisk(400_000);
    if (disk === null) return skip('mounting a small disk is not permitted here');
    const { archive, path } = await temporaryArchive(600, { folder: disk });
    await expect(archive.create({ reason: 'asked' })).rejects.toMatchObject({
      code: 'snapshots-full',
      fix: expect.stringContaining('Free some space'),
    });
    expect(readdirSync(disk)).toEqual([]);
    await withStore(path, async (store) => expect(await store.check()).toEqual([]));
  });

  test('in the second folder leaves the snapshot and says so', async ({ skip }) => {
    const disk = smallDisk(100_000);
    if (disk === null) return skip('mounting a small disk is not permitted here');
    const { archive } = await temporaryArchive(600, { copyTo: disk });
    const { snapshot, copy } = await archive.create({ reason: 'asked' });
    expect(copy?.problem).toContain('not enough space');
    expect(readdirSync(disk)).toEqual([]);
    expect(await archive.verify(snapshot.id)).toMatchObject({ ok: true });
  });

  test('stops a restore and leaves the store as it was', async ({ skip }) => {
    const disk = smallDisk(3_000_000);
    if (disk === null) return skip('mounting a small disk is not permitted here');
    const { archive, folder } = await temporaryArchive(600);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    const { openArchive } = await import('../../source/snapshots/archive.ts');
    const path = join(disk, 'signals.db');
    const there = openArchive({
      folder,
      copyTo: null,
      files: openStoreFiles(path),
      clock: steppingClock(),
      programVersion: '1',
    });
    await withStore(path, async (store) => expect((await store.size()).posts).toBe(0));
    const { bavail, bsize } = statfsSync(disk);
    // Enough is left to open the store, not to put another beside it.
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 300_000));
    await expect(there.restore(id, { keepBefore: false })).rejects.toMatchObject({
      code: expect.stringMatching(/full/),
    });
    await withStore(path, async (store) => {
      expect((await store.size()).posts).toBe(0);
      expect(await store.check()).toEqual([]);
    });
  });
});

/** Acts as somebody whom permissions stop: root may do anything. */
async function asAnybody<Result>(act: () => Promise<Result>): Promise<Result> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('a folder that may not be used', () => {
  test('stops a snapshot with a fix', async () => {
    const folder = join(temporaryFolder(), 'locked');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    const { archive } = await temporaryArchive(5, { folder });
    const failure = asAnybody(() => archive.create({ reason: 'asked' }));
    await expect(failure).rejects.toMatchObject({
      code: 'snapshots-unwritable',
      fix: expect.stringContaining('snapshots.path'),
    });
  });
});

describe('a file that changes while it is read', () => {
  test('is a finding of the verification', async () => {
    const { archive } = await temporaryArchive(200);
    const { snapshot } = await archive.create({ reason: 'asked' });
    let changed = false;
    const verdict = await archive.verify(snapshot.id, {
      onProgress: ({ step }) => {
        if (changed || !step.startsWith('reading signals.csv')) return;
        changed = true;
        appendFileSync(join(snapshot.path, 'signals.csv.gz'), 'more');
        appendFileSync(join(snapshot.path, 'store.sqlite.zst'), 'more');
      },
    });
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.join()).toMatch(/signals\.csv\.gz has \d+ bytes/);
    expect(verdict.problems.join()).toMatch(/store/);
  });

  test('stops a copy to the second folder, which keeps nothing', async () => {
    const target = join(temporaryFolder(), 'usb');
    const { archive } = await temporaryArchive(200, { copyTo: target });
    let path = '';
    const { copy } = await archive.create(
      { reason: 'asked' },
      {
        onProgress: ({ step }) => {
          if (!step.startsWith('copying schema.json') || path !== '') return;
          path = step;
          const [id = ''] = readdirSync(archive.folder).filter((name) => !name.startsWith('.'));
          appendFileSync(join(archive.folder, id, 'schema.json'), ' ');
        },
      },
    );
    expect(copy?.problem).toContain('the copy is not sound');
    expect(readdirSync(target)).toEqual([]);
  });
});

test('a clock that jumps back makes neither names collide nor the newest go', async () => {
  const clock = steppingClock();
  const { archive } = await temporaryArchive(5, { clock });
  const ids: string[] = [];
  for (let made = 0; made < 4; made += 1) {
    ids.push((await archive.create({ reason: 'asked' })).snapshot.id);
    clock.jump(-86_400_000);
  }
  const { createSnapshotRetention } = await import('../../source/harvester/retention.ts');
  const { keepEverything } = await import('../../source/domain/retention.ts');
  const policy = { ...keepEverything, keepLast: 1 };
  const { removed } = await createSnapshotRetention({ archive, policy }).apply(policy);
  const left = (await archive.list()).map(({ id }) => id);
  // The one with the latest time, and the one that was really made last.
  expect(left.toSorted()).toEqual([ids[0], ids[3]].toSorted());
  expect(removed).toHaveLength(2);
});
