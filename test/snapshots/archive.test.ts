import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { syntheticPosts } from '../pipeline/scripted.ts';
import { setStatus } from '../store/set-status.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { fill, steppingClock, temporaryArchive, withStore } from './temporary-archive.ts';

describe('a snapshot', () => {
  test('is a folder with the store, two exports, the schema and a manifest, for its owner alone', async () => {
    const { archive, folder } = await temporaryArchive();
    const { snapshot, copy } = await archive.create({ reason: 'asked', tags: ['first'] });
    expect(snapshot).toMatchObject({
      id: '2026-11-22T12-00-02-000Z',
      parent: null,
      sequence: 1,
      reason: 'asked',
      tags: ['first'],
      verified: true,
      damaged: false,
      programVersion: '1.2.3',
      rows: { posts: 60, sources: 1 },
    });
    expect(copy).toBeNull();
    const names = readdirSync(snapshot.path);
    expect(names.toSorted()).toEqual([
      'manifest.json', 'manifest.sha256', 'marks', 'schema.json', 'signals.csv.gz', 'signals.ndjson.zst', 'store.sqlite.zst',
    ]); // biome-ignore format: a list
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(snapshot.path).mode & 0o777).toBe(0o700);
    for (const name of names) expect(statSync(join(snapshot.path, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual([snapshot.id]);
  });

  test('carries its exports whole, also columns that nobody named', async () => {
    const { archive } = await temporaryArchive();
    const { snapshot } = await archive.create({ reason: 'asked' });
    const read = (name: string) => readFileSync(join(snapshot.path, name));
    const lines = zstdDecompressSync(read('signals.ndjson.zst')).toString().trim().split('\n');
    expect(lines).toHaveLength(snapshot.rows.signals ?? 0);
    const first = JSON.parse(lines[0] ?? '') as {
      posts: { text: string }[];
      analyses: object[];
      status: string;
    };
    expect(first).toMatchObject({ id: 1, status: 'inbox', analyses: [{ analyzer: 'rule' }] });
    const everyPost = lines.flatMap((line) => (JSON.parse(line) as typeof first).posts);
    expect(everyPost.map(({ text }) => text).toSorted()).toEqual(
      syntheticPosts('one', 60)
        .map(({ text }) => text)
        .toSorted(),
    );
    const rows = parse(gunzipSync(read('signals.csv.gz')), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(lines.length);
    expect(rows[0]).toMatchObject({
      id: '1',
      source: 'one',
      createdAt: '2026-11-21T00:00:00.000Z',
      text: first.posts[0]?.text,
    });
    const { tables } = JSON.parse(read('schema.json').toString()) as { tables: { name: string }[] };
    expect(tables.map(({ name }) => name)).toContain('journal_changes');
  });

  test('can be checked with sha256sum alone', async ({ skip }) => {
    if (spawnSync('sha256sum', ['--version']).error) return skip('there is no sha256sum here');
    const { archive } = await temporaryArchive();
    const { snapshot } = await archive.create({ reason: 'asked' });
    expect(
      execFileSync('sha256sum', ['--check', 'manifest.sha256'], { cwd: snapshot.path }).toString(),
    ).toContain('OK');
  });

  test('knows its parent, and has a name of its own when the clock jumps back or stands still', async () => {
    const clock = steppingClock();
    const { archive } = await temporaryArchive(5, { clock });
    const first = (await archive.create({ reason: 'asked' })).snapshot;
    clock.jump(-7_200_000);
    const second = (await archive.create({ reason: 'asked' })).snapshot;
    expect([second.parent, second.sequence]).toEqual([first.id, 2]);
    expect(second.createdAt).toBeLessThan(first.createdAt);
    const third = (await archive.create({ reason: 'asked' })).snapshot;
    expect([third.parent, third.sequence]).toEqual([second.id, 3]);
    const still = await temporaryArchive(5, { clock: { now: () => 1_000_000 } });
    const one = (await still.archive.create({ reason: 'asked' })).snapshot;
    const other = (await still.archive.create({ reason: 'asked' })).snapshot;
    expect(other.id).not.toBe(one.id);
  });

  test('is of one moment, while others write', async () => {
    const { archive, path } = await temporaryArchive(300);
    await withStore(path, async (store) => {
      const writing = fill(store, 'two', 600);
      const { snapshot } = await archive.create({ reason: 'asked' });
      await writing;
      expect((await archive.verify(snapshot.id)).problems).toEqual([]);
      expect(snapshot.rows.posts).toBeGreaterThanOrEqual(300);
      expect((await store.size()).posts).toBe(900);
    });
  });

  test('of a store that does not exist is refused, and leaves nothing', async () => {
    const { archive, path, folder } = await temporaryArchive(0);
    rmSync(path);
    await expect(archive.create({ reason: 'asked' })).rejects.toMatchObject({ code: 'store-missing' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that is cancelled leaves nothing', async () => {
    const { archive, folder } = await temporaryArchive(300);
    const controller = new AbortController();
    const cancelled = archive.create(
      { reason: 'asked' },
      {
        signal: controller.signal,
        onProgress: ({ step }) => step.startsWith('compressing') && controller.abort(new Error('enough')),
      },
    );
    await expect(cancelled).rejects.toThrow('enough');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('sweeps up what killed processes left, and nothing of the living', async () => {
    const { archive, folder } = await temporaryArchive(5);
    mkdirSync(join(folder, '.partial-2026-11-22T11-00-00-000Z-999999999-aaaaaaaa'), { recursive: true });
    mkdirSync(join(folder, '.removing-2026-11-22T11-00-00-000Z-999999999-aaaaaaaa'));
    const living = `.scratch-diff-${process.pid}-aaaaaaaa`;
    mkdirSync(join(folder, living));
    // By a clock a day and more ahead even this one would go.
    const { snapshot } = await archive.create({ reason: 'asked' });
    expect(readdirSync(folder).filter((name) => name !== living)).toEqual([snapshot.id]);
  });

  test('is removed whole, and again without complaint', async () => {
    const { archive, folder } = await temporaryArchive(5);
    const { snapshot } = await archive.create({ reason: 'asked' });
    expect(await archive.remove(snapshot.id)).toBe(true);
    expect(await archive.remove(snapshot.id)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    await expect(archive.get(snapshot.id)).rejects.toMatchObject({ code: 'unknown-snapshot' });
    await expect(archive.get('../data')).rejects.toMatchObject({ code: 'unknown-snapshot' });
  });

  test('is copied to a second folder and verified there', async () => {
    const target = join(temporaryFolder(), 'usb');
    const { archive } = await temporaryArchive(30, { copyTo: target });
    const { snapshot, copy } = await archive.create({ reason: 'asked' });
    expect(copy).toEqual({ path: join(target, snapshot.id), problem: null });
    expect(readdirSync(target)).toEqual([snapshot.id]);
    expect(readdirSync(join(target, snapshot.id))).toHaveLength(7);
  });

  test('stands when the copy cannot be made, and the copy says why', async () => {
    const target = join(temporaryFolder(), 'not-a-folder');
    writeFileSync(target, 'a file');
    const { archive } = await temporaryArchive(30, { copyTo: target });
    const { snapshot, copy } = await archive.create({ reason: 'asked' });
    expect(snapshot.verified).toBe(true);
    expect(copy).toMatchObject({ path: target, problem: expect.stringContaining('cannot be used') });
  });

  test('keeps tags apart from what its manifest vouches for', async () => {
    const { archive } = await temporaryArchive(5);
    const { snapshot } = await archive.create({ reason: 'asked' });
    await archive.tag(snapshot.id, ['release', 'release', 'kept']);
    expect((await archive.get(snapshot.id)).tags).toEqual(['release', 'kept']);
    expect(await archive.verify(snapshot.id)).toMatchObject({ ok: true });
    expect((await archive.get(snapshot.id)).tags).toEqual(['release', 'kept']);
  });
});

describe('a diff', () => {
  test('tells added, gone and changed signals with their fields', async () => {
    const { archive, path } = await temporaryArchive(40);
    const before = (await archive.create({ reason: 'asked' })).snapshot.id;
    expect(await archive.diff(before, null, 10)).toMatchObject({
      added: 0,
      gone: 0,
      changed: 0,
      to: 'now',
      more: false,
    });
    await withStore(path, async (store) => {
      await setStatus(store, [2, 3], 'escalated', 1);
      // The first posts say what the others said and join them; the last ones are new.
      await fill(store, 'two', 44);
    });
    const after = (await archive.create({ reason: 'asked' })).snapshot.id;
    const forward = await archive.diff(before, after, 100);
    expect(forward).toMatchObject({ from: before, to: after, gone: 0, same: 0 });
    expect(forward.added).toBeGreaterThan(0);
    expect(forward.changed).toBe((await archive.get(before)).rows.signals);
    expect(forward.added + forward.changed + forward.same).toBe((await archive.get(after)).rows.signals);
    const changed = forward.changes.find(({ id }) => id === 2);
    expect(changed?.fields).toContainEqual({ field: 'status', before: 'inbox', after: 'escalated' });
    const back = await archive.diff(after, before, 2);
    expect([back.added, back.gone, back.changes.length, back.more]).toEqual([
      forward.gone,
      forward.added,
      2,
      true,
    ]);
  });
});
