import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { contentOf, makeOldStore, oldSchemas } from './old-stores.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

const names = Object.keys(migrations);
const child = fileURLToPath(new URL('migrate-child.ts', import.meta.url));

function oldStore(schema: string): string {
  const path = join(temporaryFolder(), 'signals.db');
  makeOldStore(schema, path);
  return path;
}

/** Opens the store in a process of its own, and kills that after `afterMs` if it still lives. */
function migrateElsewhere(path: string, afterMs: number | null): Promise<'done' | 'killed'> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let timer: NodeJS.Timeout | undefined;
    running.stdout.once('data', () => {
      if (afterMs !== null) timer = setTimeout(() => running.kill('SIGKILL'), afterMs);
    });
    running.once('error', reject);
    running.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('done');
      else reject(new Error(`ended with ${code ?? signal}`));
    });
  });
}

test('stores of earlier schemas are kept', () => {
  expect(oldSchemas.length).toBeGreaterThanOrEqual(9);
  for (const schema of oldSchemas) expect(names).toContain(schema);
});

describe.each(oldSchemas)('a store of schema %s', (schema) => {
  test('comes to the newest with everything that it held, and works', async () => {
    const path = oldStore(schema);
    const before = contentOf(path);
    const store = await temporaryStore(path);
    expect(await store.migrations()).toMatchObject({ applied: names, pending: [] });
    expect(await store.check()).toEqual([]);
    const after = contentOf(path);
    for (const [table, rows] of Object.entries(before)) {
      expect(after[table], table).toHaveLength(rows.length);
      expect(after[table], table).toMatchObject(rows as object[]);
    }
    await harvestScripted(store, [listSource('one', syntheticPosts('acme', 30))]);
    expect((await store.size()).posts).toBe(33);
    expect((await store.signal(4))?.status).toBe('escalated');
    expect(await store.undo(1)).toMatchObject({ action: 'escalated', changed: [4] });
    // Words of before and after the migrations are found.
    expect(await store.check()).toEqual([]);
  });

  test('goes up, back down step by step, and up again, the same each time', async () => {
    const path = oldStore(schema);
    const first = contentOf(path);
    const admin = openStoreAdmin(path);
    const mine = (await admin.status()).applied;
    for (let round = 0; round < 2; round += 1) {
      expect(await admin.migrate()).toEqual(names.slice(mine.length));
      expect((await admin.check()).problems).toEqual([]);
      for (const name of names.slice(mine.length).toReversed()) expect(await admin.rollback()).toBe(name);
      expect(contentOf(path)).toEqual(first);
    }
    await admin.close();
  });

  test('that is killed on its way is what it was or is there, and gets there next time', async () => {
    const before = contentOf(oldStore(schema));
    const path = oldStore(schema);
    for (let round = 0; round < 6; round += 1) {
      await migrateElsewhere(path, Math.random() * 25);
      const admin = openStoreAdmin(path);
      const { applied } = await admin.status();
      await admin.close();
      if (applied.length < names.length) expect(contentOf(path)).toEqual(before);
      else expect(applied).toEqual(names);
    }
    expect(await migrateElsewhere(path, null)).toBe('done');
    const store = await temporaryStore(path);
    expect((await store.migrations()).pending).toEqual([]);
    expect(await store.check()).toEqual([]);
  });

  test('is migrated once by three processes at once', async () => {
    const path = oldStore(schema);
    await Promise.all([
      migrateElsewhere(path, null),
      migrateElsewhere(path, null),
      migrateElsewhere(path, null),
    ]);
    const store = await temporaryStore(path);
    expect(await store.migrations()).toMatchObject({ applied: names, pending: [] });
    expect(await store.check()).toEqual([]);
  });

  // The newest needs no migration, and so no snapshot.
  test.skipIf(schema === names.at(-1))(
    'is not touched when the snapshot before it cannot be made',
    async () => {
      const path = oldStore(schema);
      const before = contentOf(path);
      await expect(openStore(path, undefined, () => Promise.reject(new Error('no space')))).rejects.toThrow(
        'no space',
      );
      expect(contentOf(path)).toEqual(before);
    },
  );
});

test('a new store asks for no snapshot', async () => {
  const asked: string[] = [];
  const store = await openStore(join(temporaryFolder(), 'new.db'), undefined, async () => {
    asked.push('asked');
  });
  await store.close();
  expect(asked).toEqual([]);
});
