import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Terminal } from './driver.ts';
import { Home, runProgram } from './program.ts';

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home[Symbol.dispose]());

async function signals(terminal: Terminal): Promise<string> {
  await terminal.until('2 to read them');
  terminal.type('2');
  return terminal.until(/1 of \d+ by score/);
}

test('marks are decided together after a question, and taken back whole and done again', async () => {
  await using terminal = runProgram(home, ['--demo']);
  await signals(terminal);
  terminal.type('  j ');
  await terminal.until('3 marked');
  terminal.type('e');
  await terminal.until('3 signals are marked: escalate them?');
  terminal.press('enter');
  await terminal.until('3 marked');
  terminal.type('ey');
  await terminal.until('escalated: 3 signals');
  expect((await terminal.lines()).filter((line) => /▲ .* escalated · /.test(line))).toHaveLength(3);
  terminal.type('u');
  await terminal.until('undone: 3 signals are no longer escalated');
  terminal.type('\x12');
  await terminal.until('done again: 3 signals are again escalated');
  terminal.type('*');
  await terminal.until(/all \d+ marked/);
  terminal.press('esc');
  await terminal.until('no signal is marked any more');
});

test('the palette and the list of keys do what they show', async () => {
  await using terminal = runProgram(home, ['--demo']);
  await signals(terminal);
  terminal.type(':dism');
  await terminal.until('dismiss the signal');
  terminal.press('enter');
  await terminal.until(/dismissed: .* u undo/);
  terminal.type('?order newest');
  await terminal.until('newest first');
  terminal.press('enter');
  await terminal.until(/1 of \d+ newest first/);
});

test('merging and splitting need a question, and both are taken back', async () => {
  await using terminal = runProgram(home, ['--demo'], { columns: 120, rows: 36 });
  const count = async () => Number(/1 of (\d+) by score/.exec(await terminal.text())?.[1]);
  await signals(terminal);
  const before = await count();
  terminal.type(' ');
  await terminal.until('1 marked');
  terminal.type('m');
  await terminal.until(/1 signal will join ".*": merge\?/);
  terminal.type('y');
  await terminal.until(new RegExp(`of ${before - 1} by score`));
  terminal.type('u');
  await terminal.until(new RegExp(`of ${before} by score`));
  terminal.type('f');
  await terminal.until('No signal is escalated');
});

test('what is shown is exported to a file', async () => {
  await using terminal = runProgram(home, ['--demo']);
  await signals(terminal);
  terminal.type('E');
  await terminal.until('export what is shown to: signals-inbox.csv');
  terminal.type('\x15shown.ndjson\r');
  await terminal.until(/wrote \d+ signals to/);
  const lines = readFileSync(join(home.path, 'shown.ndjson'), 'utf8').trim().split('\n');
  expect(lines.length).toBeGreaterThan(200);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 'inbox' });
});

test('what is copied is in a file as well, and is sent to the terminal', async () => {
  await using terminal = runProgram(home, ['--demo']);
  await signals(terminal);
  terminal.type('Y');
  await terminal.until('copied the text to the clipboard');
  expect(existsSync(join(home.path, 'copied.txt'))).toBe(false);
});

test('keys, theme and questions are as the configuration wants them', async () => {
  const config = join(home.path, 'own.yaml');
  writeFileSync(
    config,
    'store: { path: own.db }\nlog: { path: own.log }\nkeys: { dismiss: [Z] }\ntui: { askFrom: 4, keepDecided: false }\nsources: [{ name: sample, kind: demo }]\n',
  );
  await using terminal = runProgram(home, ['--config', config]);
  const before = await signals(terminal);
  terminal.type('d');
  terminal.type('Z');
  await terminal.until(/dismissed: .* u undo/);
  await terminal.until(/1 of \d+ by score/);
  terminal.type('  Z');
  await terminal.until('dismissed: 2 signals');
  // Three left the list, and nothing that was decided stands in it.
  const left = Number(/1 of (\d+) by score/.exec(before)?.[1]) - 3;
  expect(await terminal.until(`1 of ${left} by score`)).not.toContain(' dismissed · ');
});

test('a clash of keys is refused with both actions before anything is drawn', async () => {
  const config = join(home.path, 'clash.yaml');
  writeFileSync(config, 'keys:\n  dismiss: [x]\n  escalat: [z]\n');
  await using terminal = runProgram(home, ['--config', config], { columns: 160 });
  expect(await terminal.exited()).toBe(2);
  expect(await terminal.text()).toContain('there is no action escalat; did you mean escalate?');
  writeFileSync(config, 'keys:\n  dismiss: [x]\n');
  await using again = runProgram(home, ['--config', config], { columns: 160 });
  expect(await again.exited()).toBe(2);
  expect(await again.text()).toMatch(/clash\.yaml:2:\d+: .*x is both mark and dismiss/);
});

test('a screen reader gets lines on the ordinary screen', async () => {
  await using terminal = runProgram(home, ['--demo', '--screen-reader'], { columns: 120, rows: 40 });
  await terminal.until('Harvest screen.');
  await terminal.until(/new posts became/);
  terminal.type('2');
  await terminal.until(/1, inbox, score .*, outage/);
  expect(terminal.alternate).toBe(false);
  terminal.type('q');
  expect(await terminal.exited()).toBe(0);
});

test('the mouse is given back to the shell, also when the program is killed politely', async () => {
  const config = join(home.path, 'mouse.yaml');
  writeFileSync(
    config,
    'store: { path: mouse.db }\nlog: { path: mouse.log }\ntui: { mouse: true }\nsources: [{ name: sample, kind: demo }]\n',
  );
  await using terminal = runProgram(home, ['--config', config]);
  await signals(terminal);
  expect(terminal.mouse).toBe(true);
  terminal.type('\x1b[<65;10;10M');
  await terminal.until(/4 of \d+ by score/);
  terminal.signal('SIGTERM');
  await terminal.exited();
  expect(terminal.mouse).toBe(false);
});

test('a search is live, is kept as a view, and what it finds is decided at once', async () => {
  const config = join(home.path, 'search.yaml');
  writeFileSync(
    config,
    'store: { path: search.db }\nlog: { path: search.log }\nsources: [{ name: sample, kind: demo }]\n',
  );
  await using terminal = runProgram(home, ['--config', config], { columns: 120 });
  await signals(terminal);
  terminal.type('/category:praise');
  await terminal.until(/ category:praise {2}1 of \d+ by score/);
  terminal.type(' -is:ech\t');
  await terminal.until('-is:echo');
  terminal.press('enter');
  await terminal.until('j/k move');
  terminal.type('vsThanks\r');
  await terminal.until('saved the view Thanks');
  const kept = await terminal.until(/ Thanks {2}1 of \d+ by score/);
  const found = Number(/1 of (\d+) by score/.exec(kept)?.[1]);
  terminal.type('*r');
  await terminal.until(`${found} signals match: resolve them?`);
  terminal.type('y');
  await terminal.until(`resolved: ${found} signals`);
  terminal.type('u');
  await terminal.until(`undone: ${found} signals`);
  terminal.type('/outage ca');
  await terminal.until(/outage ca/);
  terminal.type('\x7f\x7ftegory:x\r');
  await terminal.until('^');
  terminal.press('esc');
  await terminal.until(/^ Thanks/m);
  terminal.type('G');
  await terminal.until(/^> /m);
  terminal.type('q');
  expect(await terminal.exited()).toBe(0);
});
