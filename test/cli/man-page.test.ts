import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { flagName } from '../../source/cli/flag-value.ts';
import { listedCommands, overviewHelp } from '../../source/cli/help.ts';
import { manPage } from '../../source/cli/man-page.ts';
import { makeFolder } from '../config/folder.ts';
import { makeWorkplace } from './program.ts';

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

async function writePage(): Promise<string> {
  const path = join(makeFolder(), 'signal-harvester.1');
  writeFileSync(path, await manPage('1.2.3'));
  return path;
}

it.skipIf(!has('man'))('man reads the page without a warning (skipped where there is no man)', async () => {
  const options = ['--warnings', '--encoding=UTF-8', '-l', await writePage()];
  const read = spawnSync('man', options, {
    env: { ...process.env, MANWIDTH: '80', MAN_KEEP_FORMATTING: '' },
  });
  expect(String(read.stderr)).toBe('');
  const text = String(read.stdout);
  expect(text).toContain('signal-harvester 1.2.3');
  for (const { name, flags } of await listedCommands()) {
    expect(text).toMatch(new RegExp(`^ {3}${name}\\b`, 'm'));
    for (const [key, { on }] of Object.entries(flags)) if (!on) expect(text).toContain(flagName(key));
  }
});

it.skipIf(spawnSync('mandoc', ['-h']).error !== undefined)(
  'mandoc finds nothing to warn of (skipped where there is no mandoc)',
  async () => {
    // The date is left out, so that one version makes one page.
    const lint = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', await writePage()], {
      encoding: 'utf8',
    });
    const found = lint.stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'));
    expect(found).toEqual([]);
  },
);

it('the build has written it, and the help page, as the program would', async () => {
  const root = new URL('../../', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  expect(readFileSync(new URL('man/signal-harvester.1', root), 'utf8')).toBe(await manPage(version));
  expect(readFileSync(new URL('dist/help.txt', root), 'utf8')).toBe(await overviewHelp());
  const place = makeWorkplace();
  expect((await place.run(['--help'])).stdout).toBe(await overviewHelp());
  expect((await place.run(['--help', '--no-color'])).stdout).toBe(await overviewHelp());
});
