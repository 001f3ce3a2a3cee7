import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Terminal } from './driver.ts';
import { Home, program, runProgram } from './program.ts';

let home: Home;
beforeAll(() => {
  home = new Home();
});
afterAll(() => home[Symbol.dispose]());

describe('an analyst tries the demo', () => {
  test('harvests, reads, decides, takes it back, looks for help and leaves', async () => {
    await using terminal = runProgram(home, ['--demo']);
    const harvested = await terminal.until('2 to read them');
    expect(harvested).toContain('DEMO: throw-away store');
    expect(harvested).toMatch(/\d+ new posts became \d+ signals/);
    expect(terminal.alternate).toBe(true);

    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    terminal.type('j');
    await terminal.until(/2 of \d+ by score/);
    const [, , , , second = ''] = await terminal.lines();
    expect(second).toMatch(/^> · /);

    terminal.type('d');
    await terminal.until(/ dismissed: .* u undo/);
    const decided = await terminal.lines();
    expect(decided[4]).toMatch(/^ {2}✕ .* dismissed · /);
    expect(decided[5]).toMatch(/^> /);

    terminal.type('u');
    await terminal.until('undone: 1 signal is no longer dismissed');
    expect((await terminal.lines())[4]).toBe(second);

    terminal.type('?');
    await terminal.until('keys of this screen');
    terminal.press('esc');
    await terminal.until(/2 of \d+ by score/);

    terminal.type('o');
    await terminal.until(/no browser here, open it yourself: https?:/);

    terminal.press('enter');
    const whole = await terminal.until('base');
    expect(whole).toMatch(/engagement .*█/);
    terminal.press('esc');
    await terminal.until(/2 of \d+ by score/);

    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
    expect(terminal.alternate).toBe(false);
    expect(terminal.bracketedPaste).toBe(false);
  });

  test('the window can be made smaller and larger at any time', async () => {
    await using terminal = runProgram(home, ['--demo'], { columns: 120, rows: 36 });
    await terminal.until('2 to read them');
    terminal.type('2');
    await terminal.until(/│ .*inbox/);
    terminal.resize(80, 24);
    await terminal.until('── Enter: whole signal');
    expect(await terminal.lines()).toHaveLength(24);
    expect((await terminal.lines())[0]).toMatch(/^ HARVESTER {2}1 2 Signals 3 4 5/);
    expect((await terminal.lines())[23]).toContain('q quit');
    terminal.resize(120, 36);
    await terminal.until(/│ .*inbox/);
    expect((await terminal.lines())[0]).toMatch(/^ SIGNAL HARVESTER {2}1 2 Signals 3 4 5/);
    expect((await terminal.lines())[35]).toContain('q quit');
    terminal.resize(30, 7);
    await terminal.until('too small');
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  });

  test('keys that arrive together are all carried out', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    terminal.type('jjjjjk\x04');
    await terminal.until(/11 of \d+ by score/);
    terminal.type('gq');
    expect(await terminal.exited()).toBe(0);
  });

  test('what is pasted is not read as keys', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    terminal.type('\x1b[200~ddd\rq\x1b[201~');
    await terminal.until('pasted text is ignored here');
    expect((await terminal.lines())[3]).toMatch(/^> · /);
  });

  test('a paste that never ends does not swallow the keys after it', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.type('\x1b[200~unfinished');
    await terminal.until('pasted text is ignored here');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
  });

  test('NO_COLOR leaves out every colour and nothing else', async () => {
    await using terminal = runProgram(home, ['--demo'], { env: { NO_COLOR: '1' } });
    await terminal.until('2 to read them');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    const rows = await Promise.all(Array.from({ length: 24 }, (_, row) => terminal.cells(row)));
    expect(rows.flat().some((cell) => cell.coloured)).toBe(false);
    expect(rows[3]?.every((cell) => cell.inverse)).toBe(true);
  });

  test('colours are the sixteen of the terminal, on top of words', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    const header = await terminal.cells(0);
    expect(header.some((cell) => cell.coloured)).toBe(true);
  });
});

describe('leaving', () => {
  test('ctrl-c warns once and then interrupts', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.press('ctrl-c');
    await terminal.until('ctrl-c again quits');
    terminal.press('ctrl-c');
    expect(await terminal.exited()).toBe(130);
    expect(terminal.alternate).toBe(false);
  });

  test('esc never quits', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.press('esc');
    terminal.press('esc');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    expect(terminal.running).toBe(true);
  });

  test('ctrl-z gives the shell back and fg brings the screen back', async () => {
    await using shell = new Terminal({
      file: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      cwd: home.path,
      env: { ...home.env, PS1: 'shell> ' },
    });
    await shell.until('shell>');
    shell.type(`'${process.execPath}' '${program}' --demo; echo "code $?"\r`);
    await shell.until('2 to read them');
    shell.press('ctrl-z');
    await shell.until(/Stopped/);
    expect(shell.alternate).toBe(false);
    shell.type('echo still-a-shell\r');
    await shell.until(/^still-a-shell/m);
    shell.type('fg\r');
    await shell.until('2 to read them');
    shell.type('2');
    await shell.until(/1 of \d+ by score/);
    shell.type('q');
    await shell.until(/shell>\s*$/);
    expect(shell.alternate).toBe(false);
  });

  test('ctrl-z without a shell to go back to does not freeze the screen', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.press('ctrl-z');
    await new Promise((resolve) => setTimeout(resolve, 600));
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    expect(terminal.alternate).toBe(true);
  });

  test('closing the terminal ends the program and gives the screen back', async () => {
    await using terminal = runProgram(home, ['--demo']);
    await terminal.until('2 to read them');
    terminal.signal('SIGTERM');
    await terminal.exited();
    expect(terminal.alternate).toBe(false);
  });
});
