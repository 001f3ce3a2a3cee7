import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openArchive } from '../../source/snapshots/archive.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStoreFiles } from '../../source/store/files.ts';
import { setStatus } from '../store/set-status.ts';
import { fill, steppingClock, temporaryArchive, withStore } from './temporary-archive.ts';

const keepBefore = true;

/** Everything in the store, table by table. */
function contentOf(path: string): Record<string, unknown[]> {
  const db = new Database(path, { readonly: true });
  const tables = db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  const content = Object.fromEntries(
    tables.map(({ name }) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()]),
  );
  db.close();
  return content;
}

describe('a restore', () => {
  test('brings back everything, after a snapshot of what was there', async () => {
    const { archive, path } = await temporaryArchive(40);
    const then = contentOf(path);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    await withStore(path, (store) => fill(store, 'two', 90));
    const now = contentOf(path);
    const report = await archive.restore(id, { keepBefore });
    expect(report).toMatchObject({ id, path, migrated: [], putAside: null, rows: { posts: 40 } });
    expect(contentOf(path)).toEqual(then);
    expect(readdirSync(dirname(path)).filter((name) => !name.startsWith('signals.db'))).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // And back again: nothing was lost by restoring.
    expect((await archive.get(report.before ?? '')).reason).toBe('before-restore');
    await archive.restore(report.before ?? '', { keepBefore });
    expect(contentOf(path)).toEqual(now);
    await withStore(path, async (store) => expect(await store.check()).toEqual([]));
  });

  test('leaves no log of the old store beside the new one', async () => {
    const { archive, path } = await temporaryArchive(40);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    const then = contentOf(path);
    // A store that was killed: its newest pages are in the log alone.
    const db = new Database(path);
    db.pragma('wal_autocheckpoint = 0');
    db.exec("UPDATE signals SET status = 'dismissed'");
    const [main, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    db.close();
    writeFileSync(path, main);
    writeFileSync(`${path}-wal`, log);
    await archive.restore(id, { keepBefore });
    expect(contentOf(path)).toEqual(then);
  });

  test('is refused while another connection is open, and changes nothing', async () => {
    const { archive, path } = await temporaryArchive(40);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    await withStore(path, async (store) => {
      await fill(store, 'two', 5);
      await expect(archive.restore(id, { keepBefore })).rejects.toMatchObject({
        code: 'store-in-use',
        fix: expect.stringContaining('End the other'),
      });
      expect((await store.size()).posts).toBe(45);
      await fill(store, 'three', 5);
    });
    await archive.restore(id, { keepBefore: false });
    expect(contentOf(path).posts).toHaveLength(40);
  });

  test('to another path leaves the store alone, and an existing file too', async () => {
    const { archive, path } = await temporaryArchive(40);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    await withStore(path, (store) => fill(store, 'two', 5));
    const to = join(dirname(path), 'copies', 'old.db');
    expect(await archive.restore(id, { to, keepBefore })).toMatchObject({ path: to, before: null });
    expect(contentOf(to).posts).toHaveLength(40);
    expect(contentOf(path).posts).toHaveLength(45);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(to);
    await expect(archive.restore(id, { to, keepBefore })).rejects.toMatchObject({ code: 'file-exists' });
    expect(readFileSync(to).equals(bytes)).toBe(true);
  });

  test('of signals alone leaves settings and runs, and sets the cursors back', async () => {
    const { archive, path } = await temporaryArchive(40);
    await withStore(path, (store) => setStatus(store, [1, 2], 'escalated', 5));
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    const then = contentOf(path);
    await withStore(path, async (store) => {
      await fill(store, 'one', 60);
      await fill(store, 'two', 70);
      await setStatus(store, [1, 2, 3], 'dismissed', 6);
      await store.applyScoreSettings('{"other":1}', false);
    });
    const later = contentOf(path);
    const report = await archive.restore(id, { signalsOnly: true, keepBefore });
    expect(report.rows).toMatchObject({ posts: 40, journal: 1, journal_changes: 2 });
    const now = contentOf(path);
    for (const table of ['signals', 'posts', 'analyses', 'fingerprints', 'journal', 'journal_changes']) {
      expect(now[table], table).toEqual(then[table]);
    }
    expect(now.settings).toEqual(later.settings);
    expect(now.runs).toEqual(later.runs);
    await withStore(path, async (store) => {
      expect(await store.check()).toEqual([]);
      expect([await store.cursor('one'), await store.cursor('two')]).toEqual([{ given: 40 }, null]);
      // What came since is fetched again.
      await fill(store, 'one', 60);
      expect((await store.size()).posts).toBe(60);
      expect(await store.undo(7)).toMatchObject({ action: 'escalated', changed: [1, 2] });
    });
  });

  test('brings an older schema forward', async () => {
    const { archive, path } = await temporaryArchive(40);
    const admin = openStoreAdmin(path);
    const newest = await admin.rollback();
    await admin.close();
    const { snapshot } = await archive.create({ reason: 'before-migration' });
    expect(snapshot.schemaVersion).not.toBe(newest);
    await withStore(path, (store) => fill(store, 'two', 5));
    expect((await archive.restore(snapshot.id, { keepBefore })).migrated).toEqual([newest]);
    await withStore(path, async (store) => {
      expect((await store.migrations()).pending).toEqual([]);
      expect((await store.size()).posts).toBe(40);
    });
  });

  test('of a damaged snapshot is refused, and changes nothing', async () => {
    const { archive, path } = await temporaryArchive(40);
    const { snapshot } = await archive.create({ reason: 'asked' });
    const file = join(snapshot.path, 'schema.json');
    writeFileSync(file, `${readFileSync(file, 'utf8')} `);
    const before = contentOf(path);
    await expect(archive.restore(snapshot.id, { keepBefore })).rejects.toMatchObject({
      code: 'snapshot-damaged',
      message: expect.stringContaining('schema.json'),
    });
    expect(contentOf(path)).toEqual(before);
    expect(await archive.list()).toHaveLength(1);
  });

  test('puts a damaged store aside, log and all, and brings the data back', async () => {
    const { archive, path } = await temporaryArchive(40);
    const then = contentOf(path);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    writeFileSync(path, 'no longer a database '.repeat(500));
    writeFileSync(`${path}-wal`, 'and its log');
    const report = await archive.restore(id, { keepBefore });
    expect(report).toMatchObject({ before: null, putAside: `${path}.damaged` });
    expect(readFileSync(`${path}.damaged`, 'utf8')).toContain('no longer a database');
    expect(contentOf(path)).toEqual(then);
  });

  test('works where there is no store any more', async () => {
    const { archive, path } = await temporaryArchive(40);
    const then = contentOf(path);
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    rmSync(dirname(path), { recursive: true });
    // What is left of a store must not be played into another.
    mkdirSync(dirname(path));
    writeFileSync(`${path}-journal`, 'left over');
    writeFileSync(`${path}-wal`, 'left over');
    expect(await archive.restore(id, { keepBefore })).toMatchObject({ before: null, putAside: null });
    expect(contentOf(path)).toEqual(then);
    expect(existsSync(`${path}-journal`)).toBe(false);
  });

  test('works from the copy in the second folder', async () => {
    const { archive, path, folder } = await temporaryArchive(10, {});
    const { id } = (await archive.create({ reason: 'asked' })).snapshot;
    const then = contentOf(path);
    const mirrored = openArchive({
      folder, copyTo: `${folder}-copy`, files: openStoreFiles(path), clock: steppingClock(Date.UTC(2027, 0)), programVersion: '1',
    }); // biome-ignore format: parts
    const copied = (await mirrored.create({ reason: 'asked' })).snapshot.id;
    rmSync(folder, { recursive: true });
    rmSync(path);
    const fromCopy = openArchive({
      folder: `${folder}-copy`, copyTo: null, files: openStoreFiles(path), clock: steppingClock(), programVersion: '1',
    }); // biome-ignore format: parts
    await fromCopy.restore(copied, { keepBefore });
    expect(contentOf(path)).toEqual(then);
    expect(id).not.toBe(copied);
  });
});
