import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { checkDiskGrowth, checkLog, checkSnapshots } from '../../source/harvester/doctor-care.ts';
import {
  harvestScripted,
  listSource,
  scriptedParts,
  stoppedClock,
  syntheticPosts,
} from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const day = 86_400_000;

async function partsOf(posts: number) {
  const store = await temporaryStore();
  if (posts > 0) await harvestScripted(store, [listSource('one', syntheticPosts('acme', posts))]);
  const { archive } = scriptedParts(store).snapshots;
  const at = (days: number) => ({
    store,
    archive,
    clock: { ...stoppedClock, now: () => stoppedClock.now() + days * day },
  });
  return { store, archive, at };
}

test('the doctor tells how old the newest verified snapshot is', async () => {
  const empty = await partsOf(0);
  expect(await checkSnapshots(empty.at(0))).toMatchObject({
    state: 'ok',
    finding: 'none yet, and nothing to lose',
  });
  const { archive, at } = await partsOf(10);
  expect(await checkSnapshots(at(0))).toMatchObject({
    state: 'warning',
    fix: expect.stringContaining('snapshot create'),
  });
  const { snapshot } = await archive.create({ reason: 'asked' });
  expect(await checkSnapshots(at(3))).toMatchObject({
    state: 'ok',
    finding: '1, the newest verified one 3 days old',
  });
  expect(await checkSnapshots(at(12))).toMatchObject({
    state: 'warning',
    finding: 'the newest verified one is 12 days old',
  });
  expect(await checkSnapshots(at(-5))).toMatchObject({
    state: 'warning',
    finding: expect.stringContaining('from the future'),
  });
  writeFileSync(join(snapshot.path, 'manifest.sha256'), 'spoiled');
  expect(await checkSnapshots(at(0))).toMatchObject({
    state: 'warning',
    finding: expect.stringContaining('is damaged'),
  });
});

test('the doctor tells growth by what the busier of today and yesterday brought', async () => {
  const { store, at } = await partsOf(200);
  expect(await checkDiskGrowth(at(0))).toMatchObject({
    state: 'ok',
    finding: expect.stringMatching(/^about (?!0 )[\d.]+ [KMG]iB a day/),
  });
  expect(await checkDiskGrowth(at(9))).toMatchObject({ state: 'ok', finding: 'about 0 bytes a day' });
  const db = new Database(store.path);
  db.exec('UPDATE source_days SET added = 1000000000000');
  db.close();
  const full = { state: 'warning', finding: expect.stringMatching(/will be full in less than a day/) };
  expect(await checkDiskGrowth(at(0))).toMatchObject(full);
  expect(await checkDiskGrowth(at(1))).toMatchObject(full);
});

test('the doctor warns of a log that a reader keeps from shrinking', async () => {
  const { store, at } = await partsOf(5);
  expect(await checkLog(at(0))).toMatchObject({ state: 'ok' });
  const reader = new Database(store.path);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM posts').get();
  const writer = new Database(store.path);
  writer.pragma('wal_autocheckpoint = 0');
  writer.exec('CREATE TABLE ballast (bytes BLOB)');
  const insert = writer.prepare('INSERT INTO ballast VALUES (zeroblob(10000000))');
  for (let megabytes = 0; megabytes < 110; megabytes += 10) insert.run();
  expect(await checkLog(at(0))).toMatchObject({
    state: 'warning',
    finding: expect.stringContaining('does not shrink'),
  });
  reader.close();
  writer.close();
});
