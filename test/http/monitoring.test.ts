import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { serve } from './served.ts';

const deploy = new URL('../../deploy/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, deploy), 'utf8');
const rules = parse(read('prometheus/alerts.yaml')) as {
  groups: {
    rules: { alert: string; expr: string; annotations: { summary: string; description: string } }[];
  }[];
};
const dashboard = JSON.parse(read('grafana/signal-harvester.json')) as {
  panels: { title: string; targets: { expr: string }[] }[];
};
const alerts = rules.groups.flatMap((group) => group.rules);

/** The names of figures in an expression. */
function figuresIn(expression: string): readonly string[] {
  return expression.match(/\b(?:signal_harvester|process|nodejs)_[a-z_]+\b/g) ?? [];
}

function promtool(): string | null {
  const program = process.env.PROMTOOL ?? 'promtool';
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return program;
  } catch {
    return null;
  }
}

describe('the figures', () => {
  test('are there that the alerts and the dashboard ask for', async () => {
    const { ask, runs } = await serve({
      posts: 20,
      sources: [listSource('fresh', syntheticPosts('fresh', 10))],
    });
    const { ended } = await runs.begin({}, 'test');
    await ended;
    await ask('GET', '/v1/signals');
    const { text, headers } = await ask('GET', '/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ''));
    const asked = [
      ...alerts.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ]
      .flatMap(figuresIn)
      .map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
    expect(asked.length).toBeGreaterThan(20);
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
    expect(text).toMatch(
      /signal_harvester_http_request_duration_seconds_count\{method="GET",route="\/v1\/signals",status="200"\} 1/,
    );
    expect(text).toMatch(/signal_harvester_posts\{source="one"\} 20/);
    expect(text).toMatch(/signal_harvester_runs_total\{state="done"\} 1/);
    expect(text).toMatch(/signal_harvester_stage_duration_seconds_count\{stage="fetch"\} 1/);
    expect(text).toMatch(/signal_harvester_source_state\{source="one",state="well"\} 1/);
  });

  test('keep their labels bounded, whatever addresses are asked for', async () => {
    const { ask } = await serve({ posts: 0 });
    const routes = async () =>
      new Set(
        [...(await ask('GET', '/metrics')).text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route),
      );
    const before = await routes();
    for (let turn = 0; turn < 50; turn += 1) await ask('GET', `/v1/nothing/${turn}`);
    const added = [...(await routes())].filter((route) => !before.has(route));
    // The size of the text would tell less: collections of the engine add series of their own.
    expect(added.sort()).toEqual(['/metrics', 'none']);
  });
});

describe('the alert rules', () => {
  test('say what is wrong and what to do', () => {
    expect(alerts.length).toBeGreaterThan(5);
    for (const { annotations } of alerts) {
      expect(annotations.summary.length).toBeGreaterThan(10);
      expect(annotations.description.length).toBeGreaterThan(20);
    }
  });

  test('are valid for promtool, and fire when they should', async (context) => {
    const program = promtool();
    if (program === null)
      return context.skip('promtool is not installed (Debian: prometheus; or PROMTOOL=path)');
    const cwd = fileURLToPath(new URL('prometheus/', deploy));
    const run = (...args: string[]) => promisify(execFile)(program, args, { cwd });
    expect((await run('check', 'rules', 'alerts.yaml')).stdout).toContain('SUCCESS');
    expect((await run('test', 'rules', 'alerts.test.yaml')).stdout).toContain('SUCCESS');
    const { ask } = await serve({ posts: 5 });
    const { text } = await ask('GET', '/metrics');
    const lint = promisify(execFile)('sh', ['-c', `printf '%s' "$METRICS" | ${program} check metrics`], {
      env: { ...process.env, METRICS: text },
    });
    await expect(lint).resolves.toBeDefined();
  });
});
