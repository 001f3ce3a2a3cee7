import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { RunProgress } from '../../source/domain/run.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { UserError } from '../../source/errors.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import { connectHarvester, serveHarvester } from '../../source/harvester/remote.ts';
import { listSource, scriptedParts, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { untaughtParts } from './untaught.ts';

async function remoteHarvester(count = 300) {
  const store = await temporaryStore();
  const source = listSource('one', syntheticPosts('acme', count), 10);
  const local = createHarvester({
    ...scriptedParts(store),
    ...untaughtParts(store),
    store,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sources: [
      {
        name: 'one',
        kind: 'list',
        enabled: true,
        target: 'a list',
        open: () => source,
      },
    ],
    categories: categoryIds,
    openAdHoc: () => {
      throw new Error('none');
    },
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
  });
  const { port1, port2 } = new MessageChannel();
  serveHarvester(Promise.resolve(local), port1);
  const { harvester, onDeath } = connectHarvester(port2);
  return { harvester, onDeath, local, stop: () => port2.close() };
}

describe('the application behind a thread boundary', () => {
  test('answers as it would without one', async () => {
    const { harvester, local, stop } = await remoteHarvester();
    const progress: RunProgress[] = [];
    const run = await harvester.run({}, { onProgress: (each) => progress.push(each) });
    expect(run).toMatchObject({ state: 'done', sources: [{ name: 'one', added: 300 }] });
    expect(progress.at(-1)).toEqual(run);
    expect(await harvester.signals.page({ limit: 20 })).toEqual(await local.signals.page({ limit: 20 }));
    const [first] = (await harvester.signals.page({ limit: 1 })).rows;
    expect(
      await harvester.triage.apply({ action: 'status', status: 'dismissed' }, { ids: [first?.id ?? 0] }),
    ).toMatchObject({
      changed: [first?.id],
    });
    expect(await harvester.signals.get(first?.id ?? 0)).toEqual(await local.signals.get(first?.id ?? 0));
    expect(await harvester.triage.undo()).toMatchObject({ action: 'dismissed' });
    expect(await harvester.sources.list()).toEqual(await local.sources.list());
    expect(await harvester.store.status()).toEqual(await local.store.status());
    expect((await harvester.doctor()).map(({ name }) => name)).toContain('source one');
    stop();
  });

  test('carries an abort over, and the run ends politely', async () => {
    const { harvester, stop } = await remoteHarvester(3000);
    const controller = new AbortController();
    const running = harvester.run({}, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect((await running).state).toBe('interrupted');
    stop();
  });

  test('brings errors back as what they were', async () => {
    const { harvester, stop } = await remoteHarvester();
    const failure = harvester.run({ sources: ['nobody'] });
    await expect(failure).rejects.toBeInstanceOf(UserError);
    await expect(failure).rejects.toMatchObject({
      code: 'unknown-source',
      fix: 'The configuration has: one.',
    });
    stop();
  });

  test('tells every caller why it could not be opened', async () => {
    const { port1, port2 } = new MessageChannel();
    const failure = new UserError('store-locked', 'It is locked.', { fix: 'Close it.', exitCode: 4 });
    serveHarvester(Promise.reject(failure), port1);
    const { harvester } = connectHarvester(port2);
    await expect(harvester.store.status()).rejects.toMatchObject({ code: 'store-locked', exitCode: 4 });
    await expect(harvester.sources.list()).rejects.toMatchObject({ fix: 'Close it.' });
    port2.close();
  });

  test('rejects what waits, and what comes later, when the other end dies', async () => {
    const { harvester, onDeath, stop } = await remoteHarvester();
    const waiting = harvester.run({});
    onDeath(new Error('the worker has died'));
    await expect(waiting).rejects.toThrow('the worker has died');
    await expect(harvester.sources.list()).rejects.toThrow('the worker has died');
    stop();
  });
});
