import { expect, onTestFinished, test } from 'vitest';
import { composeHarvester } from '../../source/compose.ts';
import { loadConfig } from '../../source/config/load.ts';
import { sourceSchema } from '../../source/sources/open.ts';
import { fakeOpenai, labelPosts } from '../analyzers/fake-models.ts';
import { makeFolder } from '../config/folder.ts';

const by = { actor: 'cli', via: 'cli' } as const;
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) =>
    JSON.stringify({
      id: `p${from + index}`,
      text: `word${(from + index) * 7919} is down since ${from + index}`,
    }),
  ).join('\n');

/** The real application with one model, which a server of the test plays, and no offline analyzer. */
async function open(env: NodeJS.ProcessEnv = {}, flags = '') {
  const model = await fakeOpenai((posts) => ({ results: labelPosts(posts) }));
  const folder = makeFolder({
    'one.ndjson': rows(0, 5),
    'two.ndjson': rows(5, 8),
    'config.yaml': `store: { path: signals.sqlite }
log: { path: program.log, level: silent }
analyzers: [openai]
models: { openai: { baseUrl: "${model.baseUrl}" } }
sources:
  - { name: one, kind: file, path: one.ndjson }
  - { name: two, kind: file, path: two.ndjson }
${flags}`,
  });
  const settings = { sourceSchema, cwd: folder, env: { OPENAI_API_KEY: 'right-key', ...env } };
  const harvester = await composeHarvester(loadConfig(settings));
  onTestFinished(() => harvester.close());
  return { harvester, model };
}

test('model-chain off: no model is asked, and the offline analyzer answers in its place', async () => {
  const { harvester, model } = await open();
  await harvester.flags.set('model-chain', 'off', by);
  const run = await harvester.run({ sources: ['one'] });
  expect([run.state, run.analyzers.map(({ name, analyzed }) => [name, analyzed])]).toEqual([
    'done',
    [['offline', 5]],
  ]);
  expect(model.requests).toEqual([]);
  expect((await harvester.signals.get(1))?.analysis?.analyzer).toBe('offline');
  expect((await harvester.analysis.estimate({})).models).toEqual([]);
  // A model that is asked for by name is refused rather than replaced in silence.
  for (const ask of [
    () => harvester.analysis.reanalyze({ query: {}, analyzer: 'openai', save: false, limit: 0 }),
    () => harvester.analysis.estimate({ analyzer: 'openai' }),
  ])
    await expect(ask()).rejects.toMatchObject({ code: 'flag-off' });

  // On again: what comes is asked about; what was analyzed meanwhile stays, until it is asked for.
  await harvester.flags.unset('model-chain', by);
  const next = await harvester.run({ sources: ['two'] });
  expect(next.analyzers.map(({ name, analyzed }) => [name, analyzed])).toEqual([['openai', 3]]);
  expect((await harvester.signals.get(1))?.analysis?.analyzer).toBe('offline');
  await harvester.analysis.reanalyze({ query: {}, madeBy: 'offline', save: true, limit: 0 });
  expect((await harvester.signals.get(1))?.analysis?.analyzer).toBe('openai');
  // Off once more: what a model has said is not handed to the word lists.
  await harvester.flags.set('model-chain', 'off', by);
  await harvester.analysis.reanalyze({ query: {}, save: true, limit: 0 });
  expect((await harvester.signals.get(1))?.analysis?.analyzer).toBe('openai');
});

test.each([
  [
    'the environment',
    { SIGNAL_HARVESTER_FLAGS__MODEL_CHAIN: 'off' },
    'flags: { model-chain: on }',
    'environment',
  ],
  ['JSON in the environment', { SIGNAL_HARVESTER_FLAGS: '{"model-chain": "off"}' }, '', 'environment'],
  ['the configuration', {}, 'flags: { model-chain: off }', 'config'],
] as const)('%s turns it off, whatever the store says', async (_where, env, flags, from) => {
  const { harvester, model } = await open(env, flags);
  const { flag, ineffective } = await harvester.flags.set('model-chain', 'on', by);
  expect([flag.on, flag.from, ineffective]).toEqual([false, from, expect.stringContaining('no effect')]);
  await harvester.run({ sources: ['one'] });
  expect(model.requests).toEqual([]);
});

test.each([
  ['flags: { near-duplicate: off }', /near-duplicate.*did you mean "near-duplicates"/],
  ['flags: { near-duplicates: 150% }', /on, off, a percentage/],
  ['flags: { near-duplicates: true }', /flags\.near-duplicates/],
])('a configuration that says "%s" is refused with what was meant', async (flags, words) => {
  await expect(open({}, flags)).rejects.toMatchObject({ message: expect.stringMatching(words) });
});
