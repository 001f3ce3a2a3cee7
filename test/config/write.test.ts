import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../source/config/load.ts';
import { storeNameFor, storeNamePattern } from '../../source/config/store-name.ts';
import { writeStartingConfig } from '../../source/config/write.ts';
import { makeFolder } from './folder.ts';
import { twoKinds } from './sources.ts';

const sources = [
  { name: 'feed', kind: 'rss', url: 'https://acme.example/feed?a=1&b=2' },
  { name: 'posts', kind: 'file', path: 'posts: #1.ndjson' },
];

it('what is written is read back, whatever the topic looks like', async () => {
  for (const topic of [
    'acme',
    '',
    'yes',
    '# not a comment',
    'a: b',
    '"quoted"\nline',
    '007',
    '日本 🚀',
    "it's",
  ]) {
    const folder = makeFolder();
    const path = await writeStartingConfig(folder, { topic, sources });
    const { config } = loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} });
    expect(path).toBe(join(folder, 'config.yaml'));
    expect(config.topic).toBe(topic);
    expect(config.sources).toMatchObject(sources);
    expect(config.store.name).toMatch(/^[\p{L}\p{N}]/u);
  }
});

it('works without any source', async () => {
  const folder = makeFolder();
  await writeStartingConfig(folder, { topic: 'a', sources: [] });
  expect(loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} }).config.sources).toEqual([]);
});

it('carries comments that say how to go on', async () => {
  const folder = makeFolder();
  const text = readFileSync(await writeStartingConfig(folder, { topic: 'a', sources }), 'utf8');
  expect(text.match(/^#/gm)?.length).toBeGreaterThan(5);
});

it.each([
  ['Acme Cloud', 'acme-cloud'],
  ['  "Acme" & sons, 2.0! ', 'acme-sons-2-0'],
  ['日本 🚀', '日本'],
  ['हिन्दी', 'हिन्दी'],
  ['../../etc/passwd', 'etc-passwd'],
  ['', 'a-first'],
  ['🚀', 'a-first'],
])('names the store after the topic: %j becomes %j', async (topic, name) => {
  const folder = makeFolder();
  const first = { name: 'A first', kind: 'feed', url: 'https://acme.example/feed' };
  const text = readFileSync(await writeStartingConfig(folder, { topic, sources: [first] }), 'utf8');
  expect(parse(text).store).toEqual({ name });
});

it('finds a name for the store that the configuration takes, whatever the topic', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (topic) => {
      const name = storeNameFor(topic, '');
      expect(name).toMatch(storeNamePattern);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160);
    }),
  );
});

it('belongs to its owner alone', async () => {
  const folder = makeFolder();
  expect(statSync(await writeStartingConfig(join(folder, 'new'), { topic: 'a', sources })).mode & 0o777).toBe(
    0o600,
  );
});

it.each(['config.yaml', 'config.yml'])(
  'never replaces an existing %s, and leaves nothing behind',
  async (name) => {
    const folder = makeFolder({ [name]: 'topic: mine\n' });
    await expect(writeStartingConfig(folder, { topic: 'a', sources })).rejects.toMatchObject({
      code: 'config-exists',
    });
    expect(readFileSync(join(folder, name), 'utf8')).toBe('topic: mine\n');
    expect(readdirSync(folder)).toEqual([name]);
  },
);

it('of several at once, one writes and the others are refused', async () => {
  const folder = makeFolder();
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      writeStartingConfig(folder, { topic: `topic ${index}`, sources }),
    ),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['config.yaml']);
});

it('says so when the folder cannot be made', async () => {
  const folder = makeFolder({ file: '' });
  await expect(writeStartingConfig(join(folder, 'file'), { topic: 'a', sources })).rejects.toMatchObject({
    code: 'config-not-written',
    exitCode: 2,
  });
  expect(existsSync(join(folder, 'file', 'config.yaml'))).toBe(false);
});
