import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { secretVariables } from '../source/config/secrets.ts';
import { makeFolder } from './config/folder.ts';
import { moveHome, runHere } from './program-here.ts';

interface Row {
  readonly says: string;
  readonly code: string;
}

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/troubleshooting.md', root), 'utf8');
const rows: readonly Row[] = [...page.matchAll(/^\| `([^`]+)` \| (?:`([\w-]+)`)? ?\|/gm)].map(
  ([, says = '', code = '']) => ({
    says,
    code,
  }),
);
const source = ['bin/signal-harvester.js', ...filesIn('source/')]
  .map((file) => readFileSync(new URL(file, root), 'utf8'))
  .join('\n');

function filesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}${entry.name}/`) : [folder + entry.name],
  );
}

/** A message as it may really be, with anything in the place of each "…". */
function pattern({ says }: Row): RegExp {
  return new RegExp(
    says
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
}

describe('docs/troubleshooting.md', () => {
  test('has a row for each of many messages', () => {
    expect(rows.length).toBeGreaterThan(35);
  });

  test.each(rows.map((row) => [row.says, row] as const))(
    '"%s" is in the program, as it stands there',
    (_says, { says, code }) => {
      for (const part of says
        .split('…')
        .map((each) => each.replaceAll(/^[\s".:,()]+|[\s".:,()]+$/g, ''))
        .filter((each) => each.length > 3))
        expect({ part, found: source.includes(part) }).toEqual({ part, found: true });
      if (code !== '') expect({ code, found: source.includes(`'${code}'`) }).toEqual({ code, found: true });
    },
  );
});

describe('what the program says is what the page has', () => {
  const startedIn = process.cwd();
  const startedWith = { ...process.env };
  beforeEach(() => {
    for (const name of secretVariables) delete process.env[name];
    moveHome(makeFolder());
  });
  afterEach(() => {
    process.chdir(startedIn);
    for (const name of Object.keys(process.env)) if (!(name in startedWith)) delete process.env[name];
    Object.assign(process.env, startedWith);
  });

  const bare = 'store: { path: signals.sqlite }\nlog: { path: harvester.log }\n';
  const sample = `${bare}sources: [{ name: blog, kind: file, path: posts.ndjson }]\n`;
  test.each([
    ['unknown-command', '', ['runn']],
    ['unknown-flag', bare, ['top', '--limt', '3']],
    ['invalid-config', 'topik: acme\n', ['run']],
    ['no-config', '', ['run']],
    ['config-not-found', '', ['run', '--config', 'gone.yaml']],
    ['config-exists', bare, ['init', '--topic', 'acme', '--no-probe']],
    ['no-sources', bare, ['run']],
    ['unknown-profile', sample, ['run', '--profile', 'gone']],
    ['store-missing', sample, ['snapshot', 'create']],
    ['unknown-signal', sample, ['show', '4711']],
    ['unknown-notifier', sample, ['notify', '--test', 'gone']],
    ['unknown-source', sample, ['sources', 'test', 'gone']],
    [
      'unreachable-host',
      `${bare}sources: [{ name: a, kind: rss, url: "http://gone.invalid/" }]\nhttp: { retries: 0 }\n`,
      ['run'],
    ],
  ] as const)('%s', async (code, config, argv) => {
    const folder = makeFolder({ 'posts.ndjson': '{"text": "it is down"}' });
    if (config !== '') writeFileSync(join(folder, 'config.yaml'), config);
    process.chdir(folder);
    const { stdout, stderr } = await runHere([...argv, '--json']);
    const said = stdout + stderr;
    expect(said).toContain(`"${code}"`);
    const known = rows.filter((row) => row.code === code);
    if (code !== 'unknown-source')
      expect(known.some((row) => pattern(row).test(said.replaceAll('\\"', '"')))).toBe(true);
  });

  test('store-corrupt', async () => {
    const folder = makeFolder({ 'config.yaml': sample });
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'signals.sqlite'), 'no database at all, and long enough to be looked at');
    process.chdir(folder);
    const { code, stderr } = await runHere(['top']);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain('is not a SQLite database');
  });

  test('every mistake of a configuration, as docs/configuration.md shows it', async () => {
    const text = readFileSync(new URL('docs/configuration.md', root), 'utf8');
    const [, wanted = ''] = /## When something is wrong[\s\S]*?```\n([\s\S]*?)```/.exec(text) ?? [];
    const config =
      'topic: acme\nhttp:\n  timeoutMs: 5000\n  timout: 5\nrun:\n  concurrency: 4\nsources:\n  - name: hn\n    kind: hackrnews\n';
    process.chdir(makeFolder({ 'config.yaml': config }));
    const { stdout, stderr, code } = await runHere(['run'], { SIGNAL_HARVESTER_HTTP__RETRIES: 'many' });
    expect(code).toBe(2);
    expect(stdout + stderr).toBe(wanted);
  });
});
