import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { mostErrorGroups } from '../../source/store/errors.ts';
import { sampleOccurrence } from '../errors-sample.ts';
import { temporaryFolder, temporaryStore } from './temporary-store.ts';

const by = { actor: 'ann', via: 'api' } as const;

describe('groups of errors', () => {
  test('count, and keep the newest of what differs', async () => {
    const store = await temporaryStore();
    await store.addErrors(
      'batch-one',
      [sampleOccurrence(1, 200), sampleOccurrence(1, 100, { version: '0.9.0', count: 4 })],
      300,
    );
    await store.addErrors(
      'batch-two',
      [sampleOccurrence(1, 400, { version: '1.1.0', message: 'newest' })],
      500,
    );
    expect(await store.errorGroups({ limit: 10 })).toMatchObject([
      {
        count: 6,
        state: 'open',
        firstSeenAt: 100,
        firstVersion: '0.9.0',
        lastSeenAt: 400,
        lastVersion: '1.1.0',
        message: 'newest',
        breadcrumbs: [{ at: 400, kind: 'command', text: 'run' }],
      },
    ]);
  });

  test('count a batch once, however often it is brought', async () => {
    const store = await temporaryStore();
    const bring = () => store.addErrors('batch-one', [sampleOccurrence(1, 100)], 200);
    await Promise.all([bring(), bring(), bring()]);
    expect(await store.countErrors()).toEqual([
      { state: 'open', type: 'TypeError', groups: 1, occurrences: 1 },
    ]);
  });

  test('are regressed when they come again after they were resolved, and not by what came before', async () => {
    const store = await temporaryStore();
    await store.addErrors('batch-one', [sampleOccurrence(1, 100)], 100);
    const [group] = await store.errorGroups({ limit: 1 });
    const id = group?.id ?? 0;
    expect(await store.setErrorState(id, 'resolved', by, 500)).toMatchObject({
      state: 'resolved',
      resolvedAt: 500,
    });
    await store.addErrors('batch-two', [sampleOccurrence(1, 400)], 600);
    expect(await store.errorGroup(id)).toMatchObject({ state: 'resolved', count: 2 });
    await store.addErrors('batch-three', [sampleOccurrence(1, 700)], 700);
    expect(await store.errorGroup(id)).toMatchObject({ state: 'regressed', regressedAt: 700, count: 3 });
    expect(await store.setErrorState(id, 'open', by, 800)).toMatchObject({
      state: 'open',
      regressedAt: null,
    });
    expect(await store.setErrorState(99, 'open', by, 800)).toBeNull();
    const trail = await store.audit({ limit: 10 });
    expect(trail.map(({ action, actor, target }) => [action, actor, target])).toEqual([
      ['errors.reopen', 'ann', String(id)],
      ['errors.resolve', 'ann', String(id)],
    ]);
  });

  test('are sent once, and again when they come back', async () => {
    const store = await temporaryStore();
    await store.addErrors('batch-one', [sampleOccurrence(1, 100), sampleOccurrence(2, 110)], 100);
    const waiting = async () => (await store.unreportedErrors(10)).map(({ message }) => message);
    expect(await waiting()).toEqual(['error 1', 'error 2']);
    for (const { id } of await store.unreportedErrors(10)) await store.markErrorReported(id, 150);
    expect(await waiting()).toEqual([]);
    const [newest] = await store.errorGroups({ limit: 1 });
    await store.setErrorState(newest?.id ?? 0, 'resolved', by, 200);
    await store.addErrors('batch-two', [sampleOccurrence(2, 300), sampleOccurrence(1, 301)], 300);
    expect(await waiting()).toEqual(['error 2']);
  });

  test('are bounded: resolved ones go first, then those not seen for longest', async () => {
    const store = await temporaryStore();
    const many = Array.from({ length: mostErrorGroups }, (_, number) =>
      sampleOccurrence(number, 1_000 + number),
    );
    await store.addErrors('batch-one', many, 5_000);
    const newest = (await store.errorGroups({ limit: 1 }))[0]?.id ?? 0;
    await store.setErrorState(newest, 'resolved', by, 6_000);
    await store.addErrors('batch-two', [sampleOccurrence(9_001, 7_000)], 7_000);
    expect(await store.errorGroup(newest)).toBeNull();
    await store.addErrors('batch-three', [sampleOccurrence(9_002, 7_001)], 7_001);
    const left = await store.errorGroups({ limit: 1_000 });
    expect([left.length, left.at(-1)?.message]).toEqual([mostErrorGroups, 'error 1']);
  });

  test('are listed page by page, last seen first, by state', async () => {
    const store = await temporaryStore();
    await store.addErrors(
      'batch-one',
      [1, 2, 3].map((number) => sampleOccurrence(number, 100)),
      100,
    );
    const first = await store.errorGroups({ limit: 2 });
    const last = first.at(-1);
    expect(first.map(({ message }) => message)).toEqual(['error 3', 'error 2']);
    const rest = await store.errorGroups({ limit: 2, before: { lastSeenAt: 100, id: last?.id ?? 0 } });
    expect(rest.map(({ message }) => message)).toEqual(['error 1']);
    expect(await store.errorGroups({ limit: 2, states: ['resolved'] })).toEqual([]);
  });
});

test('the tables go and come again with a migration', async () => {
  const path = join(temporaryFolder(), 'signals.db');
  const store = await temporaryStore(path);
  await store.addErrors('batch-one', [sampleOccurrence(1, 100)], 100);
  await store.close();
  const admin = openStoreAdmin(path);
  let taken: string | null = '';
  for (let turn = 0; turn < 20 && taken !== '015-errors'; turn += 1) taken = await admin.rollback();
  expect(taken).toBe('015-errors');
  expect(await admin.migrate()).toContain('015-errors');
  await admin.close();
  const again = await temporaryStore(path);
  expect(await again.errorGroups({ limit: 10 })).toEqual([]);
});
