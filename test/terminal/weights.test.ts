import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Home, program, runProgram } from './program.ts';

const config = 'store: { path: signals.sqlite }\nscore:\n  likes: 1 # what we start with\n';
const texts = [
  'Acme is down, nobody can log in and payments fail',
  'The new Acme editor is wonderful, I love it',
  'How do I export my pages from Acme to PDF?',
  'Acme crashes whenever I paste a table, such a bug',
  'We are cancelling Acme and moving to something else',
];

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home[Symbol.dispose]());

function run(args: readonly string[], input = ''): string {
  const env = { PATH: process.env.PATH ?? '', ...home.env };
  const { stdout, status } = spawnSync(process.execPath, [program, ...args], { cwd: home.path, env, input });
  expect(status).toBe(0);
  return stdout.toString();
}

test('weights are tried, saved and scored behind the screen, and both threads go by them', async () => {
  writeFileSync(join(home.path, 'config.yaml'), config);
  const posts = texts.map((text, index) => JSON.stringify({ id: `${index}`, text, likes: 10 * index + 3 }));
  run(['import', '-', '--name', 'posts'], `${posts.join('\n')}\n`);

  await using terminal = runProgram(home, [], { columns: 120, rows: 36 });
  await terminal.until('1-5 screens');
  terminal.type('2');
  const before = await terminal.until('1 of 5 by score');
  expect(before).toMatch(/> · .*We are cancelling/);
  terminal.type('w');
  await terminal.until('of the whole inbox, 5 signals');
  // The harvest of the start, which finds nothing, has ended.
  await terminal.until(/^(?![^\n]*harvesting)/);
  // To the category praise, which nobody would put first.
  terminal.type(`${'j'.repeat(15)}9`);
  await terminal.until('categories.praise: 9');
  terminal.type('9');
  await terminal.until('categories.praise: 99');
  terminal.press('enter');
  await terminal.until(/1 ▲\d +\d+\.\d +was .* The new Acme editor/);
  terminal.type('w');
  await terminal.until('save and score everything again? categories.praise 1 → 99');
  terminal.type('y');
  await terminal.until('saved; 5 signals scored again · it was categories.praise 1');
  await terminal.until(/2 of 5 by score[\s\S]*100\.0 praise/);
  expect(readFileSync(join(home.path, 'config.yaml'), 'utf8')).toBe(
    `${config}  categories:\n    praise: 99\n`,
  );

  // Back again: the pane shows what is saved now.
  terminal.type(`w`);
  await terminal.until('of the whole inbox');
  terminal.type(`${'j'.repeat(15)}1`);
  await terminal.until('categories.praise: 1');
  terminal.press('enter');
  await terminal.until('99 → 1');
  terminal.press('esc');
  await terminal.until('nothing was saved');
  terminal.type('q');
  expect(await terminal.exited()).toBe(0);
  expect(JSON.parse(run(['top', '--limit', '1', '--json']))).toMatchObject({
    signals: [{ category: 'praise', salience: expect.closeTo(100, 0) }],
  });
});
