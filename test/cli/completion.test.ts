import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { expect, it } from 'vitest';
import { bashCompletion } from '../../source/cli/completion-bash.ts';
import { fishCompletion } from '../../source/cli/completion-fish.ts';
import { completionTable, readUsage } from '../../source/cli/completion-table.ts';
import { zshCompletion } from '../../source/cli/completion-zsh.ts';
import { listedCommands } from '../../source/cli/help.ts';
import { makeFolder } from '../config/folder.ts';
import { makeWorkplace } from './program.ts';

const program = fileURLToPath(new URL('../../bin/signal-harvester.js', import.meta.url));

/** A folder with a configuration, files and the program in its path. */
function makeDesk() {
  const folder = makeFolder({
    'config.yaml':
      'store: { path: signals.sqlite }\nsources:\n  - { name: hn, kind: hackernews, query: acme }\n  - { name: blog, kind: rss, url: "https://acme.example/feed" }\nviews:\n  - { name: Log ins, query: login }\n',
    'posts.csv': '',
  });
  writeFileSync(
    join(folder, 'signal-harvester'),
    `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
  );
  chmodSync(join(folder, 'signal-harvester'), 0o700);
  const env = {
    PATH: [folder, process.env.PATH ?? ''].join(delimiter),
    HOME: folder,
    TMPDIR: makeFolder(),
    TERM: 'xterm',
  };
  return { folder, env };
}

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What each shell must offer for a line that ends where the cursor is. */
const expected: readonly { line: string; offered: readonly string[]; not?: string }[] = [
  { line: 'lis', offered: ['list'] },
  { line: '--json snap', offered: ['snapshot'] },
  { line: 'views ', offered: ['list', 'save', 'rename', 'remove', 'export'] },
  { line: 'list --sta', offered: ['--status'] },
  { line: 'list --status esc', offered: ['escalated'] },
  { line: 'export --format ', offered: ['ndjson', 'csv', 'opml'] },
  { line: 'import pos', offered: ['posts.csv'] },
  { line: '--config conf', offered: ['config.yaml'] },
  { line: 'help exp', offered: ['export'] },
  { line: '--config config.yaml sources te', offered: ['test'] },
  { line: '--config config.yaml sources test h', offered: ['hn'] },
  { line: 'list --category out', offered: ['outage'] },
  { line: 'complet', offered: ['completion'], not: 'complete' },
];

/** The lines with which a test goes on, each with what the shell offered for it. */
function expectOffers(offersOf: (line: string) => readonly string[]): void {
  for (const { line, offered, not } of expected) {
    const found = offersOf(line);
    expect([line, ...found]).toEqual(expect.arrayContaining([...offered]));
    if (not !== undefined) expect(found).not.toContain(not);
  }
}

it.skipIf(!has('bash'))('bash completes them (skipped where there is no bash)', async () => {
  const { folder, env } = makeDesk();
  const script = join(folder, 'completion.bash');
  writeFileSync(script, bashCompletion(await completionTable()));
  const offers = (line: string) => {
    const words = ['signal-harvester', ...line.split(' ')];
    const call = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _signal_harvester; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const shell = ['--norc', '--noprofile', '-c', call, script, ...words];
    return execFileSync('bash', shell, { cwd: folder, env, encoding: 'utf8' }).trimEnd().split('\n');
  };
  expectOffers(offers);
  // bash cuts --flag=value in three.
  expect(offers('list --status = snoo')).toEqual(['snoozed']);
  expect(offers('list --status = snoozed --ord')).toEqual(['--order']);
  expect(offers('--config config.yaml views rename Log')).toEqual(['Log\\ ins']);
});

it.skipIf(!has('fish'))('fish completes them (skipped where there is no fish)', async () => {
  const { folder, env } = makeDesk();
  const script = join(folder, 'completion.fish');
  writeFileSync(script, fishCompletion(await completionTable()));
  const lines = expected.map(({ line }) => line);
  const call = `source $argv[1]; for line in $argv[2..]; echo "== $line"; complete --do-complete "signal-harvester $line"; end`;
  const shell = ['--no-config', '-c', call, script, ...lines];
  const said = execFileSync('fish', shell, { cwd: folder, env, encoding: 'utf8' });
  const parts = said.split('== ').map((part) => part.split('\n').map((row) => row.split('\t')[0] ?? ''));
  expectOffers((line) => parts.find(([first]) => first === line)?.slice(1) ?? []);
});

it.skipIf(!has('zsh'))('zsh completes them on a real terminal (skipped where there is no zsh)', async () => {
  const { folder, env } = makeDesk();
  const script = join(folder, 'completion.zsh');
  writeFileSync(script, zshCompletion(await completionTable()));
  const child = spawn('zsh', ['-f'], { cols: 200, rows: 50, cwd: folder, env });
  let screen = '';
  let wake = () => {};
  child.onData((text) => {
    screen += text;
    wake();
  });
  const until = async (wanted: readonly string[]) => {
    while (!wanted.every((text) => screen.includes(text)))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  try {
    child.write(`PROMPT='> '; autoload -U compinit; compinit -D -u; source ${script}; echo rea''dy\r`);
    await until(['ready']);
    for (const { line, offered } of expected) {
      screen = '';
      // The first tab inserts what all have in common, the second lists what is left.
      child.write(`signal-harvester ${line}\t\t`);
      await until(offered);
      // Takes the line away; unlike ctrl-c it loses nothing that is typed behind it.
      child.write('\u0015');
    }
  } finally {
    child.kill();
  }
});

it('asks a broken configuration in vain and in silence', async () => {
  const place = makeWorkplace({ 'config.yaml': 'topic: [1' });
  expect(await place.run(['complete', 'sources'])).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await place.run(['complete', 'nonsense'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('names views without making a store, or changing one', async () => {
  const place = makeWorkplace({
    'config.yaml': 'store: { path: own.sqlite }\nviews: [{ name: Log ins, query: login }]\n',
  });
  expect((await place.run(['complete', 'views'])).stdout).toBe('Log ins\n');
  expect(readdirSync(place.folder)).toEqual(['config.yaml']);
  await place.run(['views', 'save', 'Mine too', 'login']);
  expect((await place.run(['complete', 'views'])).stdout.split('\n')).toEqual(
    expect.arrayContaining(['Log ins', 'Mine too', 'Inbox']),
  );
});

it('prints the script of a shell, and offers the nearest for one that is none', async () => {
  const place = makeWorkplace();
  expect((await place.run(['completion', 'bash'])).stdout).toBe(bashCompletion(await completionTable()));
  expect((await place.run(['completion', 'bsh'])).stderr).toContain('did you mean "bash"?');
});

it('knows each command, each flag and each action that a usage line names', async () => {
  const { commands } = await completionTable();
  expect(commands.map(({ name }) => name)).toEqual((await listedCommands()).map(({ name }) => name));
  expect(commands.find(({ name }) => name === 'snapshot')?.actions.map(({ name }) => name)).toContain(
    'restore',
  );
  expect(readUsage('views list | save NAME QUERY | export', 'views')).toEqual([
    { action: 'list', operands: '' },
    { action: 'save', operands: 'NAME QUERY' },
    { action: 'export', operands: '' },
  ]);
  expect(readUsage('list [FILTERS] [--limit N | --all]', 'list')).toEqual([
    { action: null, operands: '[FILTERS] [--limit N | --all]' },
  ]);
});
