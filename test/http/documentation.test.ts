import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { serve } from './served.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```sh example ?(\S*)\n([\s\S]*?)^```$/gm)].map(
  ([, expected = '', script = '']) =>
    [script.trim().split('\n')[0]?.slice(0, 110) ?? '', expected, script] as const,
);

describe('docs/api.md', () => {
  test('has an example of each group of routes', () => {
    expect(examples.length).toBeGreaterThan(15);
  });

  test('is true: every example is answered by a real server as it says', async () => {
    const { url, key } = await serve({ sources: [listSource('sample', syntheticPosts('sample', 5))] });
    const KEY = await key(['admin'], 'example');
    for (const [name, expected, script] of examples) {
      const env = { PATH: process.env.PATH ?? '', KEY, URL: url };
      const { stdout } = await promisify(execFile)('sh', ['-c', script], { env });
      const shown = `${name}\n${stdout.slice(0, 600)}`;
      if (expected === '304') expect(shown).toBe(`${name}\n304`);
      else if (expected === '400') expect(JSON.parse(stdout).status, shown).toBe(400);
      else {
        expect(stdout.length, name).toBeGreaterThan(2);
        expect(shown).not.toContain('urn:signal-harvester:problem:');
      }
    }
  }, 60_000);

  test('names every problem that the program can answer with', () => {
    const sources = [
      'problem',
      'auth',
      'server',
      'query',
      'routes/signals',
      'routes/bulk',
      'routes/runs',
      'routes/events',
      'routes/care',
      'routes/flags',
      'routes/invitations',
    ]
      .map((file) => readFileSync(new URL(`../../source/http/${file}.ts`, import.meta.url), 'utf8'))
      .join('\n');
    const codes = [...sources.matchAll(/new Problem\(\s*\d+,\s*'([a-z-]+)'/g)].map(([, code]) => code ?? '');
    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes.filter((each) => !['too-slow'].includes(each)))
      expect(page).toContain(`\`${code}\``);
  });

  test('shows the problem of its example as it is', async () => {
    const { ask } = await serve({ posts: 0 });
    const { body } = await ask('GET', '/v1/signals?limit=0');
    const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect({ ...body, requestId: '5f0c1d3e-…' }).toEqual(JSON.parse(shown));
  });
});
