import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../source/config/load.ts';
import { maskConfig, showConfig } from '../../source/config/show.ts';
import { makeFolder } from './folder.ts';
import { twoKinds } from './sources.ts';

const file = `
topic: acme
sources:
  - { name: a, kind: rss, url: "https://user:hunter2@a.example/feed?page=2&access_token=s3cret" }
profiles: { production: { http: { retries: 9 } } }
`;

function load(env: Record<string, string> = {}) {
  return loadConfig({
    sourceSchema: twoKinds,
    cwd: makeFolder({ 'config.yaml': file }),
    env,
    profile: 'production',
  });
}

it('shows what is in force, as YAML that could be the file', () => {
  const text = showConfig(load({ SIGNAL_HARVESTER_LOG__LEVEL: 'debug' }));
  const folder = makeFolder({ 'config.yaml': text });
  const { config } = loadConfig({ sourceSchema: twoKinds, cwd: folder, env: {} });
  expect(config).toMatchObject({
    topic: 'acme',
    http: { retries: 9, timeoutMs: 20_000 },
    log: { level: 'debug' },
  });
});

it('says which secrets are set, and never what they are', () => {
  const text = showConfig(load({ OPENAI_API_KEY: 'sk-very-secret' }));
  expect(text).toContain('# OPENAI_API_KEY: set\n');
  expect(text).toContain('# ANTHROPIC_API_KEY: not set\n');
  expect(text).not.toContain('sk-very-secret');
  expect(JSON.stringify(maskConfig(load({ OPENAI_API_KEY: 'sk-very-secret' })))).not.toContain(
    'sk-very-secret',
  );
});

it('masks passwords and tokens inside addresses', () => {
  const text = showConfig(load());
  expect(text).not.toMatch(/hunter2|s3cret/);
  expect((parse(text) as { sources: { url: string }[] }).sources[0]?.url).toBe(
    'https://***:***@a.example/feed?page=2&access_token=***',
  );
});
