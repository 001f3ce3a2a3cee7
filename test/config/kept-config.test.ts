import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findKeptConfig } from '../../source/config/kept-config.ts';
import { loadConfig } from '../../source/config/load.ts';
import { sourceSchema } from '../../source/sources/open.ts';

const text = `topic: acme
views: [{ name: burning, query: 'category:outage' }]
sources:
  - { name: news, kind: rss, url: https://example.com/feed.xml }
# once here: sk-a-secret-that-somebody-left-in-a-comment
profiles:
  quiet: { topic: quiet }
`;

let home: string;
let folder: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signal-harvester-kept-'));
  folder = join(home, 'kept');
  file = join(home, 'config.yaml');
  writeFileSync(file, text);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Start {
  readonly env?: Record<string, string>;
  readonly profile?: string;
  readonly program?: string;
}

/** One start: what is kept is used, or else the file is read and checked, and kept. */
function start({ env = {}, profile, program = '1.0.0' }: Start = {}) {
  const request = { cwd: home, env, ...(profile === undefined ? {} : { profile }) };
  const kept = findKeptConfig(request, { program, folder });
  if (kept.loaded !== null) return { loaded: kept.loaded, wasKept: true };
  const loaded = loadConfig({ ...request, sourceSchema, ...(kept.file && { file: kept.file }) });
  kept.keep(loaded);
  return { loaded, wasKept: false };
}

const keptFiles = () => readdirSync(folder).map((name) => join(folder, name));
const onlyKept = () => {
  const [path = '', ...more] = keptFiles();
  expect(more).toEqual([]);
  return path;
};

describe('a checked configuration is kept', () => {
  test('and the next start gets the very same without the schemas', () => {
    const first = start();
    const second = start();
    expect([first.wasKept, second.wasKept]).toEqual([false, true]);
    expect(second.loaded).toEqual(first.loaded);
  });

  test('for its owner alone', () => {
    start();
    expect(statSync(onlyKept()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('where there is no file, too', () => {
    rmSync(file);
    expect(start().wasKept).toBe(false);
    expect(start().loaded).toMatchObject({ path: null, folder: home });
    expect(start().wasKept).toBe(true);
  });

  test('for each profile on its own', () => {
    start();
    expect(start({ profile: 'quiet' })).toMatchObject({
      wasKept: false,
      loaded: { config: { topic: 'quiet' } },
    });
    expect(start({ profile: 'quiet' })).toMatchObject({ wasKept: true, loaded: { profile: 'quiet' } });
    expect(start({ env: { SIGNAL_HARVESTER_PROFILE: 'quiet' } })).toMatchObject({ wasKept: true });
    expect(start()).toMatchObject({ wasKept: true, loaded: { config: { topic: 'acme' }, profile: null } });
  });

  test('of so many files at most', () => {
    for (let index = 0; index < 25; index += 1) {
      const explicitPath = join(home, `${index}.yaml`);
      writeFileSync(explicitPath, `topic: number ${index}\n`);
      const request = { cwd: home, env: {}, explicitPath };
      const kept = findKeptConfig(request, { program: '1.0.0', folder });
      kept.keep(loadConfig({ ...request, sourceSchema }));
    }
    expect(keptFiles()).toHaveLength(20);
  });
});

describe('what is kept is not used', () => {
  test('once the file has changed, by as little as a letter, and says what is wrong with it as ever', () => {
    start();
    writeFileSync(file, text.replace('acme', 'acne'));
    expect(start()).toMatchObject({ wasKept: false, loaded: { config: { topic: 'acne' } } });
    writeFileSync(file, text.replace('topic:', 'tropic:'));
    expect(() => start()).toThrow(/config\.yaml:1:1.*tropic/s);
    writeFileSync(file, text);
    expect(start()).toMatchObject({ wasKept: false, loaded: { config: { topic: 'acme' } } });
  });

  test('by another version of the program', () => {
    start();
    expect(start({ program: '1.0.1' }).wasKept).toBe(false);
  });

  test('where the environment changes a setting, tries to, or turns it off; nor is anything kept', () => {
    start({ env: { SIGNAL_HARVESTER_TOPIC: 'from outside' } });
    start({ env: { SIGNAL_HARVESTER_CONFIG_CACHE: 'off' } });
    expect(() => keptFiles()).toThrow('ENOENT');
    start();
    expect(start({ env: { SIGNAL_HARVESTER_TOPIC: 'from outside' } })).toMatchObject({
      wasKept: false,
      loaded: { config: { topic: 'from outside' } },
    });
    expect(() => start({ env: { SIGNAL_HARVESTER_TROPIC: 'x' } })).toThrow('SIGNAL_HARVESTER_TROPIC');
    expect(start({ env: { SIGNAL_HARVESTER_CONFIG_CACHE: 'off' } }).wasKept).toBe(false);
  });

  test('when a single byte of it is another', () => {
    start();
    const path = onlyKept();
    const whole = readFileSync(path, 'utf8');
    for (const at of [0, 1, whole.indexOf('acme'), whole.length - 2]) {
      writeFileSync(path, `${whole.slice(0, at)}${whole[at] === 'x' ? 'y' : 'x'}${whole.slice(at + 1)}`);
      expect(start()).toMatchObject({ wasKept: false, loaded: { config: { topic: 'acme' } } });
    }
    for (const damaged of ['', whole.slice(0, -5), `${whole}\n`, '[]', '\0'.repeat(100)]) {
      writeFileSync(path, damaged);
      expect(start().wasKept).toBe(false);
    }
    expect(start().wasKept).toBe(true);
  });

  test('when others may read or write it', () => {
    start();
    chmodSync(onlyKept(), 0o644);
    expect(start().wasKept).toBe(false);
  });
});

test('what cannot be kept is no failure, and leaves nothing behind', () => {
  // A file where the folder should be: as little can be written there as on a read-only disk.
  writeFileSync(folder, '');
  expect(start()).toMatchObject({ wasKept: false, loaded: { config: { topic: 'acme' } } });
  expect(start().wasKept).toBe(false);
  expect(readdirSync(home).sort()).toEqual(['config.yaml', 'kept']);
});

test('secrets are those of the start that asks, and none is ever kept', () => {
  const secrets = { GITHUB_TOKEN: 'ghp_0123456789abcdefghij', OPENAI_API_KEY: 'sk-0123456789abcdefghij' };
  start({ env: secrets });
  const kept = readFileSync(onlyKept(), 'utf8');
  for (const secret of [...Object.values(secrets), 'sk-a-secret-that']) expect(kept).not.toContain(secret);
  expect(start().loaded.secrets).toEqual({});
  expect(start({ env: { GITHUB_TOKEN: 'another' } })).toMatchObject({
    wasKept: true,
    loaded: { secrets: { GITHUB_TOKEN: 'another' } },
  });
});

test('programs that start at once keep a whole configuration each, and one of a kind', () => {
  const request = { cwd: home, env: {} };
  const starts = ['1.0.0', '1.0.0', '1.0.1'].map((program) => findKeptConfig(request, { program, folder }));
  for (const kept of starts) kept.keep(loadConfig({ ...request, sourceSchema }));
  expect(keptFiles()).toHaveLength(2);
  for (const program of ['1.0.0', '1.0.1']) expect(start({ program }).wasKept).toBe(true);
});
