import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { clientLeft } from '../../source/http/answered-requests.ts';
import { listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { serve, serverDefaults } from './served.ts';

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```sh example ?(\S*)\n([\s\S]*?)^```$/gm)].map(
  ([, expected = '', script = '']) =>
    [script.trim().split('\n')[0]?.slice(0, 110) ?? '', expected, script] as const,
);

/** Lines `curl … # 422 bad-change`, behind lines that set what they use. */
const [, problemScript = ''] = /^```sh problems\n([\s\S]*?)^```$/m.exec(page) ?? [];
const problems = [...problemScript.matchAll(/^((?:head .*)?curl .*?) +# (\d{3}) ([a-z-]+)$/gm)].map(
  ([, command = '', status = '', code = '']) => [command, status, code] as const,
);
const setting = problemScript
  .split('\n')
  .filter((line) => /^[A-Z]+=/.test(line))
  .join('\n');

function runExample(script: string, env: Readonly<Record<string, string>>) {
  return promisify(execFile)('sh', ['-ec', script], { env: { PATH: process.env.PATH ?? '', ...env } });
}

/** What the server answered, by its log. */
function statusesOf(lines: readonly string[]): readonly number[] {
  return lines
    .map((line) => JSON.parse(line) as { msg?: string; status?: number })
    .flatMap(({ msg, status }) => (msg === 'request' && status !== undefined ? [status] : []));
}

describe('docs/api.md', () => {
  test('has an example of each group of routes', () => {
    expect(examples.length).toBeGreaterThan(15);
  });

  test('is true: every request of every example is answered by a real server as it says', async () => {
    const { url, key, log } = await serve({ sources: [listSource('sample', syntheticPosts('sample', 5))] });
    const KEY = await key(['admin'], 'example');
    for (const [name, expected, script] of examples) {
      const before = log.length;
      const { stdout } = await runExample(script, { KEY, URL: url });
      // The log has a request once it is answered, or left, as a stream always is.
      const asked = (script.match(/\bcurl\b/g) ?? []).length;
      // A moment after the client has it.
      const statuses = await vi.waitFor(() => {
        const seen = statusesOf(log.slice(before));
        expect(seen.length, name).toBeGreaterThanOrEqual(asked);
        return seen;
      });
      expect(stdout.length, name).toBeGreaterThan(2);
      if (expected === 'stream') expect(stdout).toContain('event: ready');
      const wanted = /^\d{3}$/.test(expected) ? Number(expected) : null;
      if (wanted !== null) expect(statuses.at(-1), name).toBe(wanted);
      const others = wanted === null ? statuses : statuses.slice(0, -1);
      expect(
        others.filter((status) => status >= 400 && !(expected === 'stream' && status === clientLeft)),
        `${name}\n${stdout.slice(-600)}`,
      ).toEqual([]);
    }
  }, 60_000);

  test('brings about each problem that it shows how to bring about', async () => {
    const settings = { ...serverDefaults, limits: { ...serverDefaults.limits, failedKeysPerMinute: 100 } };
    const { url, key } = await serve({ settings });
    const env = { KEY: await key(['admin'], 'example'), READER: await key(['read'], 'reader'), URL: url };
    expect(problems.length).toBeGreaterThan(20);
    for (const [command, status, code] of problems) {
      const { stdout } = await runExample(`${setting}\n${command}`, env);
      const { type, status: got, fix, requestId } = JSON.parse(stdout);
      expect([command, got, type]).toEqual([command, Number(status), `urn:signal-harvester:problem:${code}`]);
      expect(fix.length, command).toBeGreaterThan(10);
      expect(requestId.length, command).toBeGreaterThan(10);
    }
  }, 60_000);

  test('names every problem that the program can answer with', () => {
    const folder = new URL('../../source/http/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n');
    const codes = [...sources.matchAll(/new Problem\(\s*\d+,\s*'([a-z-]+)'/g)].map(([, code]) => code ?? '');
    expect(codes.length).toBeGreaterThan(20);
    const undocumented = codes.filter((code) => !page.includes(`\`${code}\``));
    expect(undocumented).toEqual([]);
  });

  test('shows the problem of its example as it is', async () => {
    const { ask } = await serve({ posts: 0 });
    const { body } = await ask('GET', '/v1/signals?limit=0');
    const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect({ ...body, requestId: '5f0c1d3e-…' }).toEqual(JSON.parse(shown));
  });
});
