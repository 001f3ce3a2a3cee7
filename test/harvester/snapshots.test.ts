import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectHarvester } from '../../source/compose/threads.ts';
import { composeHarvester } from '../../source/compose.ts';
import { loadConfig } from '../../source/config/load.ts';
import type { Harvester } from '../../source/harvester/harvester.ts';
import { sourceSchema } from '../../source/sources/open.ts';
import { makeFolder } from '../config/folder.ts';

const rows = Array.from({ length: 40 }, (_, index) =>
  JSON.stringify({
    id: `p${index}`,
    text: `word${index * 7919} fails since the update number ${index * 31} for some`,
  }),
).join('\n');

/** The whole application over a file of posts, here or behind threads. */
async function open(
  connect: (loaded: ReturnType<typeof loadConfig>) => Promise<Harvester>,
): Promise<{ harvester: Harvester; folder: string }> {
  const folder = makeFolder({
    'posts.ndjson': rows,
    'config.yaml': `store: { path: data/signals.sqlite }
log: { path: program.log, level: silent }
retention: { signals: [{ statuses: [dismissed], olderThanDays: 1 }] }
sources: [{ name: posts, kind: file, path: posts.ndjson }]
`,
  });
  const harvester = await connect(loadConfig({ sourceSchema, cwd: folder, env: {} }));
  onTestFinished(() => harvester.close());
  return { harvester, folder };
}

describe.each([
  ['in one thread', composeHarvester],
  ['behind threads', connectHarvester],
] as const)('the application %s', (_where, connect) => {
  test('makes a snapshot, goes back to it while it is open, and works on', async () => {
    const { harvester, folder } = await open(connect);
    await harvester.run({});
    const steps: string[] = [];
    const { snapshot } = await harvester.snapshots.create(
      { tags: ['kept'] },
      { onProgress: ({ step }) => steps.push(step) },
    );
    expect(steps).toContain('copying the store');
    const count = (await harvester.signals.count({ statuses: ['inbox'] })).count;
    await harvester.triage.apply({ action: 'status', status: 'dismissed' }, { ids: [1, 2, 3] });
    expect((await harvester.snapshots.diff({ from: 'newest', to: 'now', limit: 10 })).changed).toBe(3);
    const report = await harvester.snapshots.restore(snapshot.id, {});
    expect((await harvester.signals.count({ statuses: ['inbox'] })).count).toBe(count);
    expect(await harvester.store.check()).toEqual([]);
    expect(
      await harvester.triage.apply({ action: 'status', status: 'escalated' }, { ids: [1] }),
    ).toMatchObject({ changed: [1] });
    expect(await harvester.run({})).toMatchObject({ state: 'done' });
    expect((await harvester.snapshots.get(report.before ?? '')).reason).toBe('before-restore');
    expect(readdirSync(join(folder, 'data/signals-snapshots'))).toHaveLength(2);
  }, 60_000);

  test('plans retention without changing anything, and applies it', async () => {
    const { harvester } = await open(connect);
    await harvester.run({});
    for (let made = 0; made < 3; made += 1) await harvester.snapshots.create({});
    const policy = {
      ...(await harvester.retention.policy()),
      keepLast: 1,
      keepDaily: 0,
      keepWeekly: 0,
      keepMonthly: 0,
    };
    const plan = await harvester.retention.plan(policy);
    expect(plan).toMatchObject({ removing: 2, refusal: null });
    expect(plan.bytesAfter).toBeLessThan(plan.bytesBefore);
    expect(await harvester.snapshots.list()).toHaveLength(3);
    expect((await harvester.retention.apply(policy)).removed).toHaveLength(2);
    expect(await harvester.retention.planSignals()).toMatchObject({ signals: 0 });
    await expect(harvester.snapshots.remove('newest')).rejects.toMatchObject({ code: 'newest-verified' });
    await expect(harvester.retention.apply({ ...policy, keepLast: 0 })).rejects.toMatchObject({
      code: 'policy-removes-all',
    });
    const checks = await harvester.doctor();
    expect(checks.find(({ name }) => name === 'snapshots')).toMatchObject({ state: 'ok' });
    expect(checks.find(({ name }) => name === 'log')).toMatchObject({ state: 'ok' });
  }, 60_000);
});
