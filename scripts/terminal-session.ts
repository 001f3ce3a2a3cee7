import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

const program = fileURLToPath(new URL('../bin/signal-harvester.js', import.meta.url));
const untilMs = 20_000;
const stillMs = 400;

/** The real program in a pseudo-terminal, with a home of its own, for pictures of it. */
export interface TerminalSession extends AsyncDisposable {
  readonly terminal: xterm.Terminal;
  readonly columns: number;
  readonly rows: number;
  type(keys: string): void;
  /** Waits for the text on the screen; throws with the screen when it does not come. */
  until(text: string): Promise<void>;
  /** What the screen shows, a line a row, without blanks at the ends. */
  lines(): Promise<readonly string[]>;
  /** The same once it has stood still for a moment. */
  settled(): Promise<readonly string[]>;
}

/** The demo unless `args` say something else; its folder is gone afterwards. */
export function openSession(
  columns: number,
  rows: number,
  args: readonly string[] = ['--demo'],
): TerminalSession {
  const home = mkdtempSync(join(tmpdir(), 'signal-harvester-shot-'));
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const kept = ['PATH', 'LANG', 'LC_ALL'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const child = pty.spawn(process.execPath, [program, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: home,
    env: {
      ...Object.fromEntries(kept),
      TERM: 'xterm-256color',
      TZ: 'UTC',
      HOME: home,
      // The demo keeps its store there, and is killed before it can remove it.
      TMPDIR: home,
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      XDG_STATE_HOME: home,
      XDG_CACHE_HOME: home,
    },
  });
  child.onData((text) => terminal.write(text));
  const ended = new Promise<void>((resolve) => child.onExit(() => resolve()));
  const lines = async () => {
    await new Promise<void>((resolve) => terminal.write('', resolve));
    const { active } = terminal.buffer;
    return Array.from({ length: rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  };
  return {
    terminal,
    columns,
    rows,
    type: (keys) => child.write(keys),
    lines,
    settled: async () => {
      let before = await lines();
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, stillMs));
        const now = await lines();
        if (now.join('\n') === before.join('\n')) return now;
        before = now;
      }
    },
    until: async (text) => {
      const deadline = Date.now() + untilMs;
      for (;;) {
        const shown = await lines();
        if (shown.some((line) => line.includes(text))) return;
        if (Date.now() > deadline) throw new Error(`the screen never showed "${text}":\n${shown.join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
      terminal.dispose();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
