import { expect, onTestFinished, test } from 'vitest';
import { composeHarvester } from '../../source/compose.ts';
import { loadConfig } from '../../source/config/load.ts';
import { withAudit } from '../../source/harvester/audited.ts';
import { sourceSchema } from '../../source/sources/open.ts';
import { makeFolder } from '../config/folder.ts';

async function open(onFailure?: (error: unknown) => void) {
  const folder = makeFolder({
    'config.yaml': 'store: { path: signals.sqlite }\nlog: { path: program.log, level: silent }\n',
  });
  const bare = await composeHarvester(loadConfig({ sourceSchema, cwd: folder, env: {} }));
  onTestFinished(() => bare.close());
  const harvester = withAudit(bare, { actor: 'ann', via: 'program' }, onFailure);
  return { bare, harvester };
}

test('what a person changes on the screens stands in the audit trail, before and after', async () => {
  const { harvester } = await open();
  await harvester.views.save({ name: 'Mine', query: 'status:inbox' });
  await harvester.views.save({ name: 'Mine', query: 'urgency:5' });
  await harvester.views.rename('Mine', 'Hot');
  await harvester.views.remove('Hot');
  await harvester.scoring.save({ halfLifeHours: 12 });
  const [{ snapshot }, other] = [
    await harvester.snapshots.create({ tags: ['kept'] }),
    await harvester.snapshots.create({}),
  ];
  await harvester.snapshots.tag(snapshot.id, ['kept', 'well']);
  await harvester.snapshots.remove(snapshot.id);
  await harvester.retention.applySignals({ compact: false });
  const entries = await harvester.audit.list({ limit: 20 });
  expect(new Set(entries.map(({ actor, via }) => `${actor} ${via}`))).toEqual(new Set(['ann program']));
  expect(entries.map(({ action }) => action).reverse()).toEqual([
    'views.save',
    'views.save',
    'views.rename',
    'views.remove',
    'scoring.save',
    'snapshots.create',
    'snapshots.create',
    'snapshots.tag',
    'snapshots.remove',
    'retention.apply',
  ]);
  const [, second, , removed, scored] = [...entries].reverse();
  expect(second).toMatchObject({ target: 'Mine', before: 'status:inbox', after: 'urgency:5' });
  expect(removed).toMatchObject({ target: 'Hot', before: 'urgency:5', after: null });
  expect(scored).toMatchObject({ before: { halfLifeHours: 24 }, after: { halfLifeHours: 12 } });
  // The store that is there afterwards has it, though it is another one.
  await harvester.snapshots.restore(other.snapshot.id, { signalsOnly: false });
  const [newest] = await harvester.audit.list({ limit: 1 });
  expect(newest).toMatchObject({ action: 'store.restore', target: other.snapshot.id });
});

test('a change that failed is in no trail, and a trail that fails stops no change', async () => {
  const told: unknown[] = [];
  const { bare, harvester } = await open((error) => told.push(error));
  await expect(harvester.views.remove('Nothing')).rejects.toThrow();
  expect(await harvester.audit.list({ limit: 5 })).toEqual([]);
  const broken = withAudit(
    {
      ...bare,
      audit: {
        ...bare.audit,
        add: async () => {
          throw new Error('full');
        },
      },
    },
    { actor: 'ann', via: 'program' },
    (error) => told.push(error),
  );
  await broken.views.save({ name: 'Mine', query: 'urgency:5' });
  expect((await bare.views.list()).map(({ name }) => name)).toContain('Mine');
  expect(told).toEqual([new Error('full')]);
});
