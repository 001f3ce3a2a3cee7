import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeFolder } from './config/folder.ts';

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/operations.md', root), 'utf8');

function part(heading: string): string {
  const [, after = ''] = page.split(`\n${heading}\n`);
  return after.split(/\n#{2,3} /)[0] ?? '';
}

describe('docs/operations.md', () => {
  test('has a drill that gets a spoiled store back, line by line in a real shell', async () => {
    const folder = makeFolder({
      'config.yaml':
        'sources: [{ name: posts, kind: file, path: posts.ndjson }]\nstore: { path: signals.sqlite }\nlog: { path: harvester.log }\n',
      'posts.ndjson': readFileSync(new URL('demo/sample.ndjson', root)).toString(),
    });
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const program = fileURLToPath(new URL('bin/signal-harvester.js', root));
    writeFileSync(join(bin, 'signal-harvester'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(join(bin, 'signal-harvester'), 0o755);
    const run = async (script: string) =>
      promisify(execFile)('sh', ['-euc', script], {
        cwd: folder,
        env: { PATH: `${bin}:${process.env.PATH ?? ''}`, HOME: makeFolder() },
      });
    await run('signal-harvester run');
    const steps = [...part('### A drill').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, step]) => step ?? '');
    expect(steps).toHaveLength(2);
    const { stdout, stderr } = await run(steps.join('\n'));
    const said = stdout.split('\n');
    expect(said.filter((line) => line === 'The store is sound.')).toHaveLength(2);
    expect(said.filter((line) => line.endsWith(': sound'))).toHaveLength(1);
    expect(said).toContain('ended with 4');
    expect(stderr).toContain('is damaged');
    expect(stdout).toMatch(/The store was damaged and is kept as .*\.damaged\./);
    const left = await run('signal-harvester db check; ls -d drill signals.sqlite* || true');
    expect(left.stdout).toBe('The store is sound.\nsignals.sqlite\nsignals.sqlite.run\n');
  });

  test('says of every alert what to do, in a place that is there', () => {
    const { groups } = parse(readFileSync(new URL('deploy/prometheus/alerts.yaml', root), 'utf8')) as {
      groups: { rules: { alert: string }[] }[];
    };
    const table = part('## Alerting');
    for (const { alert } of groups.flatMap(({ rules }) => rules)) expect(table).toContain(`| \`${alert}\` |`);
    const targets = [...table.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target ?? '');
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(targets.length).toBeGreaterThan(8);
    expect(targets.filter((target) => !anchors.includes(target))).toEqual([]);
  });
});
