import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Home, program, runProgram } from './program.ts';

const texts = [
  'Acme is down, nobody can log in and payments fail',
  'The new Acme editor is wonderful, I love it',
  'How do I export my pages from Acme to PDF?',
  'Acme crashes whenever I paste a table, such a bug',
  'We are cancelling Acme and moving to something else',
];

test('the dashboard counts what is stored, and opens the signals behind a figure', async () => {
  using home = new Home();
  writeFileSync(join(home.path, 'config.yaml'), 'store: { path: signals.sqlite }\n');
  const posts = texts.map((text, index) => JSON.stringify({ id: `${index}`, text, author: '東京 🦊' }));
  const env = { PATH: process.env.PATH ?? '', ...home.env };
  const args = [program, 'import', '-', '--name', 'posts'];
  const input = `${posts.join('\n')}\n`;
  expect(spawnSync(process.execPath, args, { cwd: home.path, env, input }).status).toBe(0);

  await using terminal = runProgram(home, [], { columns: 80, rows: 24, env: { NO_COLOR: '1' } });
  await terminal.until('1-5 screens');
  terminal.type('3');
  const shown = await terminal.until('> volume');
  expect(shown).toMatch(/all signals +5 signals new/);
  expect(shown).toContain('東京');
  terminal.type('\t\tjjj');
  await terminal.until('bug: 1 signal, before 0');
  terminal.type('\r');
  await terminal.until(/Acme crashes/);
  // The harvest of the start, which finds nothing, has ended.
  await terminal.until(/^(?![^\n]*harvesting)/);
  terminal.type('q');
  expect(await terminal.exited()).toBe(0);
});
