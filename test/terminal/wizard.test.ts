import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Home, runProgram } from './program.ts';

test('in an empty folder the wizard leads to a harvest of a file, without any network', async () => {
  using home = new Home();
  const posts = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({
      externalId: `${index}`,
      text: `post number ${index} says something of its own about acme`,
      author: 'ana',
    }),
  );
  writeFileSync(join(home.path, 'posts.ndjson'), `${posts.join('\n')}\n`);

  await using terminal = runProgram(home, []);
  await terminal.until('What do you want to listen for?');
  terminal.type('acme');
  terminal.press('enter');
  await terminal.until('WHAT IT FOUND');
  terminal.type('a');
  await terminal.until('e.g.');
  terminal.type('\t');
  await terminal.until('Path of a file');
  terminal.type('./posts.ndjson');
  terminal.press('enter');
  await terminal.until(/✓ File .*40 posts, e\.g\. post number/);
  // What was proposed needs a network; only the file is kept.
  terminal.press('home');
  const kept = async () => (await terminal.text()).split('[x]').length - 1;
  for (let left = (await kept()) - 1; left > 0; left -= 1) {
    terminal.type(' j');
    await expect.poll(kept).toBe(left);
  }
  terminal.press('enter');
  await terminal.until('Written:');
  expect(readFileSync(join(home.path, 'config.yaml'), 'utf8')).toContain('topic: acme');
  terminal.press('enter');
  await terminal.until(/40 new posts became \d+ signals/);
  terminal.type('q');
  expect(await terminal.exited()).toBe(0);
});

test('Esc leaves the wizard with nothing written', async () => {
  using home = new Home();
  await using terminal = runProgram(home, []);
  await terminal.until('What do you want to listen for?');
  terminal.type('acme');
  terminal.press('enter');
  await terminal.until('WHAT IT FOUND');
  terminal.press('esc');
  expect(await terminal.exited()).toBe(0);
  expect(terminal.alternate).toBe(false);
  expect(existsSync(join(home.path, 'config.yaml'))).toBe(false);
});
