import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { makeWorkplace } from './cli/program.ts';
import { makeFolder } from './config/folder.ts';

const program = fileURLToPath(new URL('../bin/signal-harvester.js', import.meta.url));

/** Runs the program on a real terminal; `type` is sent when `until` is on the screen. */
async function onTerminal(
  args: readonly string[],
  steps: readonly { until: RegExp; type: string }[],
  cwd = makeFolder(),
) {
  const child = spawn(process.execPath, [program, ...args], {
    cols: 100,
    rows: 30,
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: makeFolder(), TMPDIR: makeFolder(), TERM: 'xterm-256color' },
  });
  let screen = '';
  const left = [...steps];
  child.onData((text) => {
    screen += text;
    const [step] = left;
    if (step === undefined || !step.until.test(screen)) return;
    left.shift();
    screen = '';
    child.write(step.type);
  });
  const code = await new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  return { code, screen, left };
}

describe('on a terminal', () => {
  it.each(['SIGTERM', 'SIGHUP'])(
    '%s ends the app with 130, a restored terminal and no demo store',
    async (signal) => {
      const temporary = makeFolder();
      const child = spawn(process.execPath, [program, '--demo'], {
        cols: 100,
        rows: 30,
        cwd: makeFolder(),
        env: { PATH: process.env.PATH ?? '', HOME: makeFolder(), TMPDIR: temporary, TERM: 'xterm-256color' },
      });
      let screen = '';
      let sent = false;
      child.onData((text) => {
        screen += text;
        if (sent || !screen.includes('new posts became')) return;
        sent = true;
        child.kill(signal);
      });
      const code = await new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
      expect(code).toBe(130);
      expect(screen.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(screen.lastIndexOf('\u001b[?1049h'));
      expect(readdirSync(temporary).filter((name) => name.includes('demo'))).toEqual([]);
    },
  );

  it('the bare program opens the terminal app, and q leaves it with 0', async () => {
    const { code, left } = await onTerminal(['--demo'], [{ until: /new posts became/, type: 'q' }]);
    expect(left).toEqual([]);
    expect(code).toBe(0);
  });

  it('without a configuration the wizard comes first, and Esc leaves it with a line that says how to go on', async () => {
    const cwd = makeFolder();
    const { code, screen } = await onTerminal([], [{ until: /listen|topic|product/i, type: '\u001b' }], cwd);
    expect(code).toBe(0);
    expect(screen).toContain('--demo');
    expect(screen).toContain('init');
    expect(existsSync(`${cwd}/config.yaml`)).toBe(false);
  });

  it('a command prints a table and opens no app', async () => {
    const { code, screen } = await onTerminal(['top', '--demo', '--limit', '3', '--no-color'], []);
    expect(code).toBe(0);
    expect(screen).toMatch(/SAL +ID +AGE/);
    expect(screen).not.toContain('\u001b[?1049h');
  });

  it('an error before the app is drawn is told in words', async () => {
    const cwd = makeFolder({ 'config.yaml': 'topic: 1\n' });
    const { code, screen } = await onTerminal([], [], cwd);
    expect(code).toBe(2);
    expect(screen).toContain('config.yaml:1:8');
    expect(screen).not.toContain('\u001b[?1049h');
  });
});

it('in CI a terminal is not enough to open the app', async () => {
  const child = spawn(process.execPath, [program, '--demo'], {
    cols: 100,
    rows: 30,
    cwd: makeFolder(),
    env: { PATH: process.env.PATH ?? '', HOME: makeFolder(), TMPDIR: makeFolder(), CI: 'true' },
  });
  let screen = '';
  child.onData((text) => {
    screen += text;
  });
  const code = await new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  expect(code).toBe(0);
  expect(screen).toMatch(/SAL +ID +AGE/);
  expect(screen).not.toContain('\u001b[?1049h');
});

it('--demo removes its store however the program ends', async () => {
  const temporary = makeFolder();
  const place = makeWorkplace();
  await place.run(['show', '999999', '--demo'], { env: { TMPDIR: temporary } });
  expect(readdirSync(temporary).filter((name) => name.includes('demo'))).toEqual([]);
});
