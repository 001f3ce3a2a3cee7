import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import type { SignalStatus } from '../../source/domain/signal.ts';
import type { SignalPlace } from '../../source/ports/desk-store.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

const at = Date.UTC(2026, 10, 22);
const context = { at, actor: 'analyst', fingerprint: fingerprintPost };

async function filledStore(count = 120) {
  const store = await temporaryStore();
  await harvestScripted(store, [listSource('one', syntheticPosts('acme', count))]);
  return store;
}

/** The error of `act`, done by somebody whom permissions stop: root may do anything. */
async function asAnybody(act: () => Promise<unknown>): Promise<unknown> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    return await act();
  } catch (error) {
    return error;
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('the store file', () => {
  test("and its folder are the owner's alone, and so is the write-ahead log", async () => {
    const folder = join(temporaryFolder(), 'new', 'deeper');
    const store = await temporaryStore(join(folder, 'signals.db'));
    await harvestScripted(store, [listSource('one', syntheticPosts('acme', 10))]);
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    expect([mode(store.path), mode(`${store.path}-wal`), mode(`${store.path}-shm`)]).toEqual([
      0o600, 0o600, 0o600,
    ]);
  });

  test('made by a newer version is refused and not touched', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    await (await openStore(path)).close();
    const db = new Database(path);
    db.prepare('INSERT INTO kysely_migration (name, timestamp) VALUES (?, ?)').run(
      '999-from-the-future',
      'x',
    );
    db.close();
    const before = readFileSync(path);
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'store-newer',
      message: expect.stringContaining('999-from-the-future'),
      fix: expect.stringContaining('newest version'),
    });
    expect(() => openStoreAdmin(path)).toThrow('newer version');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('that is no database is refused with a fix and left as it is', async () => {
    const path = join(temporaryFolder(), 'notes.txt');
    writeFileSync(path, 'these are my notes, not a database, and they are long enough to have a header');
    await expect(openStore(path)).rejects.toMatchObject({ code: 'store-corrupt', exitCode: 4 });
    expect(readFileSync(path, 'utf8')).toContain('these are my notes');
    await expect(openStore(temporaryFolder())).rejects.toMatchObject({ code: 'store-unopenable' });
  });

  test('that is damaged in the middle is reported, not crashed on', async () => {
    const store = await filledStore(400);
    await store.close();
    const bytes = readFileSync(store.path);
    bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 16_384);
    writeFileSync(store.path, bytes);
    const admin = openStoreAdmin(store.path);
    const { problems } = await admin.check().catch((error: unknown) => ({ problems: [String(error)] }));
    expect(problems.length).toBeGreaterThan(0);
    await admin.close();
  });

  test('that was killed in the midst of a transaction with a journal opens as it was before', async () => {
    const store = await filledStore(900);
    await store.close();
    const db = new Database(store.path);
    db.pragma('journal_mode = DELETE');
    // Too small a cache for the change: it is written to the file before it is decided.
    db.pragma('cache_size = 1');
    db.pragma('cache_spill = 1');
    db.exec("BEGIN; UPDATE posts SET text = text || ' half done and then some more of it'");
    // What a kill leaves: pages that are written already, and the journal that takes them back.
    const folder = temporaryFolder();
    const path = join(folder, 'signals.db');
    copyFileSync(store.path, path);
    copyFileSync(`${store.path}-journal`, `${path}-journal`);
    db.exec('ROLLBACK');
    db.close();
    const again = await temporaryStore(path);
    expect(await again.check()).toEqual([]);
    expect((await again.signal(1))?.posts[0]?.text).not.toContain('half done');
  });

  test('held by another program is waited for, then reported with a fix', async () => {
    const store = await temporaryStore(undefined, 100);
    const other = new Database(store.path);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.beginRun(at)).rejects.toMatchObject({
      code: 'store-locked',
      fix: expect.stringContaining('Close'),
    });
    other.exec('ROLLBACK');
    other.close();
    expect(await store.beginRun(at)).toBeGreaterThan(0);
  });

  test('in a folder that may not be written is refused with a fix', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const failure = await asAnybody(() => openStore(join(folder, 'signals.db')));
    // access(2) asks for the real user, whom a test cannot change: SQLite's own refusal is as good.
    const refused = { code: expect.stringMatching(/^store-(readonly|unopenable)$/), exitCode: 4 };
    expect(failure).toMatchObject({ ...refused, fix: expect.stringContaining('write') });
    chmodSync(folder, 0o755);
    const store = await openStore(join(folder, 'signals.db'));
    await store.close();
    chmodSync(join(folder, 'signals.db'), 0o444);
    const other = await asAnybody(() => openStore(join(folder, 'signals.db')));
    expect(other).toMatchObject({ code: expect.stringMatching(/^store-/), exitCode: 4 });
  });

  test('whose disk rolled a transaction back by itself still tells what went wrong', async () => {
    const { openStoreFile } = await import('../../source/store/database.ts');
    const store = await filledStore(10);
    await store.close();
    const file = openStoreFile(store.path);
    const failing = file.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('fingerprints').execute();
      // What SQLite does on a full disk or an I/O error, before it reports either.
      file.connection.exec('ROLLBACK');
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(await file.db.selectFrom('fingerprints').selectAll().execute()).not.toEqual([]);
    await file.db.destroy();
  });

  test('that outgrows its disk fails with a fix and keeps what it had', async () => {
    const store = await filledStore(50);
    await store.close();
    // SQLite's own limit on pages stands in for a full disk: it raises the same SQLITE_FULL.
    const limited = await openStore(store.path);
    const pages = new Database(store.path).pragma('page_count', { simple: true });
    await limited.close();
    expect(pages).toBeGreaterThan(0);
    const { openStoreFile } = await import('../../source/store/database.ts');
    const file = openStoreFile(store.path);
    file.connection.pragma(`max_page_count = ${pages}`);
    const { savePage } = await import('../../source/store/posts.ts');
    const page = {
      source: 'big',
      kind: 'list',
      cursor: {},
      excluded: 0,
      reads: 0,
      costUsd: 0,
      fetchedAt: at,
      posts: syntheticPosts('big', 2000).map((post) => ({ ...post, createdAt: at })),
    };
    await expect(savePage(file.db, page)).rejects.toMatchObject({ code: 'store-full' });
    await file.db.destroy();
    const again = await temporaryStore(store.path);
    expect((await again.size()).posts).toBe(50);
    expect(await again.check()).toEqual([]);
  });
});

describe('migrations', () => {
  test('go up, down and up again with posts in place', async () => {
    const store = await filledStore();
    await store.close();
    const admin = openStoreAdmin(store.path);
    const { applied } = await admin.status();
    for (const name of [...applied].reverse()) expect(await admin.rollback()).toBe(name);
    expect(await admin.rollback()).toBeNull();
    expect(await admin.status()).toMatchObject({ applied: [], pending: applied, posts: 0 });
    expect(await admin.migrate()).toEqual(applied);
    expect((await admin.check()).problems).toEqual([]);
    await admin.close();
  });

  test('run by four processes at once happen once', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const program = `import { openStore } from ${JSON.stringify(new URL('../../source/store/store.ts', import.meta.url).href)};
      const store = await openStore(process.argv[1]); await store.close();`;
    const open = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, path]);
    await Promise.all([open(), open(), open(), open()]);
    const store = await temporaryStore(path);
    expect(await store.migrations()).toMatchObject({ pending: [] });
    expect(await store.check()).toEqual([]);
  });

  test('make tables that refuse what may not be', async () => {
    const store = await filledStore(10);
    await store.close();
    const db = new Database(store.path);
    const refuses = (statement: string) =>
      expect(() => db.exec(statement), statement).toThrow(/constraint|cannot store/);
    refuses("UPDATE signals SET status = 'maybe'");
    refuses('UPDATE analyses SET urgency = 6');
    refuses('UPDATE analyses SET confidence = 1.5');
    refuses("UPDATE analyses SET sentiment = 'meh'");
    refuses("UPDATE posts SET likes = 'many'");
    refuses('UPDATE posts SET likes = -1');
    refuses(
      'INSERT INTO posts SELECT NULL, source, kind, externalId, signalId, url, link, author, title, text, lang, createdAt, fetchedAt, likes, reposts, replies, quotes, parentUrl, parentText FROM posts LIMIT 1',
    );
    db.close();
  });
});

describe('a list of signals', () => {
  test('paged by keyset in any order and from either end is the whole list, once', async () => {
    const store = await filledStore();
    const whole = new Map<string, number[]>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('rank', 'newest', 'oldest', 'echoes'),
        fc.integer({ min: 1, max: 40 }),
        async (sort, limit) => {
          const forward: number[] = [];
          let from: SignalPlace | undefined;
          for (;;) {
            const { rows: page } = await store.signalWindow({
              sort,
              limit,
              direction: 'forward',
              ...(from && { from }),
            });
            forward.push(...page.map(({ row }) => row.id));
            const last = page.at(-1);
            if (last === undefined) break;
            from = last.place;
          }
          const backward: number[] = [];
          for (;;) {
            const { rows: page } = await store.signalWindow({
              sort,
              limit,
              direction: 'backward',
              ...(from && { from }),
            });
            backward.unshift(...page.map(({ row }) => row.id));
            const first = page[0];
            if (first === undefined) break;
            from = first.place;
          }
          expect(new Set(forward).size).toBe(forward.length);
          expect(forward.length).toBe((await store.size()).signals);
          // Backwards it starts strictly before the last row.
          expect(backward).toEqual(forward.slice(0, -1));
          expect(whole.get(sort) ?? forward).toEqual(forward);
          whole.set(sort, forward);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('and its count respect every filter', async () => {
    const store = await filledStore();
    const window = { sort: 'rank', limit: 500, direction: 'forward' } as const;
    const all = (await store.signalWindow(window)).rows.map(({ row }) => row);
    const [first] = all;
    await store.decide({ action: 'status', status: 'escalated' }, [first?.id ?? 0], context);
    const filters = [
      { statuses: ['inbox'] as SignalStatus[] },
      { statuses: ['inbox', 'escalated'] as SignalStatus[], categories: ['outage'] },
      { categories: ['outage', 'other'] },
      { sources: ['nobody'] },
      { since: Date.UTC(2026, 10, 21) + 60_000 },
      { minRank: first?.rank ?? 0 },
    ];
    for (const filter of filters) {
      const rows = (await store.signalWindow({ ...window, ...filter })).rows.map(({ row }) => row);
      const expected = (await store.signalWindow(window)).rows.filter(
        ({ row }) =>
          (filter.statuses?.includes(row.status) ?? true) &&
          (filter.categories?.includes(row.category ?? '') ?? true) &&
          (filter.sources?.includes(row.source) ?? true) &&
          row.createdAt >= (filter.since ?? 0) &&
          (row.rank ?? 0) >= (filter.minRank ?? 0),
      );
      expect(rows.map(({ id }) => id)).toEqual(expected.map(({ row }) => row.id));
      expect(await store.countSignals(filter, 10_000)).toEqual({ count: expected.length, capped: false });
    }
    expect(await store.countSignals({}, 5)).toEqual({ count: 5, capped: true });
  });
});
