import { chmodSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoadOptions, loadConfig } from '../../source/config/load.ts';
import { resolveLogPath, resolveSnapshotsPath, resolveStorePath } from '../../source/config/paths.ts';
import { UserError } from '../../source/errors.ts';
import { makeFolder } from './folder.ts';
import { twoKinds } from './sources.ts';

function load(files: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}) {
  return loadConfig({ sourceSchema: twoKinds, cwd: makeFolder(files), env: {}, ...options });
}

function errorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected a UserError');
}

// The platform's folder of whoever runs these tests must not be found.
let home = '';
beforeEach(() => {
  home = makeFolder();
  vi.stubEnv('XDG_CONFIG_HOME', home);
  vi.stubEnv('XDG_DATA_HOME', join(home, 'data'));
  vi.stubEnv('XDG_STATE_HOME', join(home, 'state'));
});
afterEach(() => vi.unstubAllEnvs());

describe('where the configuration is searched', () => {
  it('takes the file that was asked for before the one in the working folder', () => {
    const folder = makeFolder({ 'config.yaml': 'topic: here', 'other/mine.yaml': 'topic: mine' });
    const loaded = loadConfig({
      sourceSchema: twoKinds,
      cwd: folder,
      env: {},
      explicitPath: 'other/mine.yaml',
    });
    expect(loaded.config.topic).toBe('mine');
    expect(loaded.path).toBe(join(folder, 'other/mine.yaml'));
    expect(loaded.folder).toBe(join(folder, 'other'));
  });

  it('finds config.yml where there is no config.yaml', () => {
    expect(load({ 'config.yml': 'topic: short' }).config.topic).toBe('short');
  });

  it.runIf(process.platform === 'linux')("looks into the platform's folder last", () => {
    const platform = makeFolder({ 'signal-harvester/config.yaml': 'topic: platform' });
    vi.stubEnv('XDG_CONFIG_HOME', platform);
    expect(load({}).config.topic).toBe('platform');
    expect(load({ 'config.yaml': 'topic: working' }).config.topic).toBe('working');
  });

  it('goes on with defaults where there is no file', () => {
    const folder = makeFolder();
    const loaded = loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} });
    expect(loaded).toMatchObject({ path: null, folder, profile: null, secrets: {} });
    expect(loaded.config.http.timeoutMs).toBe(20_000);
    expect(loaded.config.taxonomy[0]).toMatchObject({ id: 'outage', boost: 2 });
  });

  it('reads no file when none is wanted', () => {
    expect(load({ 'config.yaml': 'topic: here' }, { explicitPath: null })).toMatchObject({
      path: null,
      config: { topic: '' },
    });
  });

  it('says which file is missing when one was asked for', () => {
    const error = errorOf(() => load({}, { explicitPath: 'nowhere.yaml' }));
    expect(error).toMatchObject({ code: 'config-not-found', exitCode: 2 });
    expect(error.message).toContain('nowhere.yaml');
  });

  it('says why a file cannot be read', () => {
    const folder = makeFolder({ 'config.yaml/file': '' });
    expect(errorOf(() => loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} })).code).toBe(
      'config-unreadable',
    );
  });

  it.skipIf(process.getuid?.() === 0)('says so when it may not read the file', () => {
    const folder = makeFolder({ 'config.yaml': 'topic: a' });
    chmodSync(join(folder, 'config.yaml'), 0o000);
    expect(errorOf(() => loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} })).message).toContain(
      'EACCES',
    );
  });
});

describe('profiles', () => {
  const file = `
topic: base
http: { retries: 5, timeoutMs: 1000 }
sources:
  - { name: a, kind: rss, url: https://a.example/feed }
  - { name: b, kind: file, path: b.ndjson }
profiles:
  development:
    http: { retries: 0 }
    sources:
      - { name: dev, kind: file, path: dev.ndjson }
  production:
    log: { level: warn }
`;

  it('merge mappings key by key and replace lists', () => {
    const { config, profile } = load({ 'config.yaml': file }, { profile: 'development' });
    expect(profile).toBe('development');
    expect(config.http).toMatchObject({ retries: 0, timeoutMs: 1000 });
    expect(config.sources.map(({ name }) => name)).toEqual(['dev']);
  });

  it('change nothing unless one is chosen', () => {
    const { config } = load({ 'config.yaml': file });
    expect(config.http.retries).toBe(5);
    expect(config.log.level).toBe('info');
  });

  it('can be chosen by the environment, and the flag wins over it', () => {
    const env = { SIGNAL_HARVESTER_PROFILE: 'production' };
    expect(load({ 'config.yaml': file }, { env }).config.log.level).toBe('warn');
    expect(load({ 'config.yaml': file }, { env, profile: 'development' }).profile).toBe('development');
  });

  it('that do not exist are answered with the ones that do', () => {
    const error = errorOf(() => load({ 'config.yaml': file }, { profile: 'prodution' }));
    expect(error.code).toBe('unknown-profile');
    expect(error.fix).toContain('development, production');
    expect(error.fix).toContain('did you mean production?');
  });

  it('without a file have a fix that says so', () => {
    expect(errorOf(() => load({}, { profile: 'production' })).fix).toContain('init');
  });
});

describe('environment variables', () => {
  const env = (variables: Record<string, string>) =>
    load({ 'config.yaml': 'http: { retries: 7 }' }, { env: variables });

  it('override the file and its profile, typed by the schema', () => {
    const { config } = env({
      SIGNAL_HARVESTER_HTTP__TIMEOUT_MS: '5000',
      SIGNAL_HARVESTER_HTTP__ALLOW_PRIVATE: 'yes',
      SIGNAL_HARVESTER_STORE__PATH: '12345',
      SIGNAL_HARVESTER_SCORE__HALF_LIFE_HOURS: '0.5',
      SIGNAL_HARVESTER_ANALYZERS: 'offline',
    });
    expect(config.http).toMatchObject({ timeoutMs: 5000, allowPrivate: true, retries: 7 });
    expect(config.store.path).toBe('12345');
    expect(config.score.halfLifeHours).toBe(0.5);
    expect(config.analyzers).toEqual(['offline']);
  });

  it('reach into maps of free names', () => {
    const { config } = env({ SIGNAL_HARVESTER_SCORE__CATEGORIES: '{"outage":3}' });
    expect(config.score.categories).toEqual({ outage: 3 });
    expect(env({ SIGNAL_HARVESTER_SCORE__CATEGORIES__OUTAGE: '3' }).config.score.categories.outage).toBe(3);
  });

  it('give sources as JSON', () => {
    const sources = '[{"name":"a","kind":"rss","url":"https://a.example/"}]';
    expect(env({ SIGNAL_HARVESTER_SOURCES: sources }).config.sources).toMatchObject([
      { name: 'a', kind: 'rss' },
    ]);
  });

  it('that are empty count as not set, but for text', () => {
    const { config } = env({ SIGNAL_HARVESTER_HTTP__RETRIES: '', SIGNAL_HARVESTER_TOPIC: '' });
    expect(config.http.retries).toBe(7);
    expect(config.topic).toBe('');
  });

  it('bring secrets in, and only those that the program knows', () => {
    const { secrets } = env({
      OPENAI_API_KEY: 'sk-test',
      SLACK_BOT_TOKEN: '',
      HOME: '/home/a',
      UNRELATED_TOKEN: 'x',
    });
    expect(secrets).toEqual({ OPENAI_API_KEY: 'sk-test' });
  });
});

describe('paths', () => {
  it("are meant from the configuration's folder", () => {
    const named = load({ 'config.yaml': 'store: { name: acme-cloud }' });
    expect(basename(resolveStorePath(named))).toBe('acme-cloud.sqlite');
    expect(basename(resolveSnapshotsPath(named))).toBe('acme-cloud-snapshots');
    const loaded = load({ 'config.yaml': 'store: { path: data/s.db }\nlog: { path: /var/log/sh.log }' });
    expect(resolveStorePath(loaded)).toBe(join(loaded.folder, 'data/s.db'));
    expect(resolveLogPath(loaded)).toBe('/var/log/sh.log');
  });

  it.runIf(process.platform === 'linux')("lie in the platform's folders when they are empty", () => {
    const loaded = load({});
    expect(resolveStorePath(loaded)).toBe(join(home, 'data/signal-harvester/signals.sqlite'));
    expect(resolveLogPath(loaded)).toBe(join(home, 'state/signal-harvester/signal-harvester.log'));
  });
});

it('a key without a value means its default', () => {
  const { config } = load({
    'config.yaml': 'http:\nstore:\n  path:\nsources:\n  - { name: a, kind: file, path: a, weight: }\n',
  });
  expect(config.http.retries).toBe(3);
  expect(config.sources[0]?.weight).toBe(1);
});

it('an empty file is a configuration', () => {
  expect(load({ 'config.yaml': '' }).path).not.toBeNull();
  expect(load({ 'config.yaml': '# only a comment\n' }).config.topic).toBe('');
});
