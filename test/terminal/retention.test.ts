import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Home, runProgram } from './program.ts';

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home[Symbol.dispose]());

test('an analyst makes snapshots, verifies one, turns a rule, removes what it lets go, and goes back in time', async () => {
  const config = join(home.path, 'care.yaml');
  writeFileSync(
    config,
    'store: { path: care.db }\nlog: { path: care.log }\nsources: [{ name: sample, kind: demo }]\nretention:\n  signals: [{ statuses: [dismissed], olderThanDays: 90 }]\n',
  );
  await using terminal = runProgram(home, ['--config', config], { columns: 120, rows: 36 });
  await terminal.until('2 to read them');
  terminal.type('4');
  await terminal.until('There is no snapshot yet.');

  const shown = async () => (await terminal.lines()).filter((line) => /✓ verified/.test(line)).length;
  for (let made = 1; made <= 3; made += 1) {
    terminal.type(made === 1 ? 'nfirst\r' : 'n\r');
    await terminal.until(new RegExp(` ${made} snapshots?\\b`), 30_000);
    await terminal.until('made and verified');
  }
  expect(await shown()).toBe(3);
  terminal.type('v');
  await terminal.until(/is sound: every byte is as it was written/, 30_000);

  // Something to go back from.
  terminal.type('2');
  await terminal.until(/1 of \d+ by score/);
  const before = Number(/1 of (\d+) by score/.exec(await terminal.text())?.[1]);
  terminal.type('dd');
  await terminal.until(/dismissed: .* u undo/);
  terminal.type('4');
  await terminal.until('the rules keep them all');

  // Without "last" only the newest of the day and the tagged one stay.
  terminal.type('---');
  await terminal.until('last off*');
  await terminal.until('the rules would remove 1');
  await terminal.until(/✕ remove .* no rule keeps it/);
  terminal.type('X');
  await terminal.until('Remove 1 of 3 snapshots for good?');
  terminal.press('enter');
  await terminal.until('X apply');
  expect(await shown()).toBe(3);
  terminal.type('Xy');
  await terminal.until('removed 1 snapshot', 30_000);
  await terminal.until(' 2 snapshots, ');

  terminal.type('dn');
  await terminal.until('2 changed', 30_000);
  await terminal.until('status: inbox → dismissed');
  terminal.press('esc');
  await terminal.until('rules ·');

  terminal.type('Grw');
  await terminal.until(/Restore .*\?/);
  terminal.type('y');
  await terminal.until(/restored .* u undo/, 60_000);
  terminal.type('2');
  // What was on screen before stays until it is read again.
  await terminal.until(new RegExp(`^(?![^]*dismissed ·)[^]* of ${before} by score`));

  terminal.type('4');
  await terminal.until('u goes back to it');
  terminal.type('uy');
  await terminal.until('restored', 60_000);
  await terminal.until(' 4 snapshots');
  terminal.type('2');
  await terminal.until(new RegExp(`[ ]of ${before - 2} by score`));
  terminal.type('q');
  expect(await terminal.exited()).toBe(0);
}, 180_000);
