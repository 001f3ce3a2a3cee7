import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  readonly file: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Beside the environment of a bare login. */
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly inverse: boolean;
  readonly bold: boolean;
  /** Whether a colour other than the terminal's own is set. */
  readonly coloured: boolean;
}

const keys = {
  enter: '\r',
  esc: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
  backspace: '\x7f',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
  'ctrl-u': '\x15',
  'ctrl-z': '\x1a',
} as const;

/** What CI or the person running the tests has set must not change what is drawn. */
const unset = [
  'CI',
  'CONTINUOUS_INTEGRATION',
  'NO_COLOR',
  'FORCE_COLOR',
  'SSH_CONNECTION',
  'SSH_TTY',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'NODE_OPTIONS',
  'VITEST',
];

/** How long a program that was asked to end may take before it is killed. */
const politeMs = 5000;

/**
 * A program in a real pseudo-terminal whose output goes into a terminal
 * emulator: tests read cells, never bytes. `await using` kills the program
 * when the test is over, however it ends.
 */
export class Terminal implements AsyncDisposable {
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  readonly #exit: Promise<number>;
  #ended = false;

  constructor({ file, args = [], cwd, env = {}, columns = 80, rows = 24 }: TerminalOptions) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.#screen.loadAddon(new Unicode11Addon());
    this.#screen.unicode.activeVersion = '11';
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !unset.includes(name)),
    );
    this.#pty = spawn(file, [...args], {
      cols: columns,
      rows,
      name: 'xterm-256color',
      cwd: cwd ?? process.cwd(),
      env: { ...inherited, TERM: 'xterm-256color', ...env },
    });
    this.#pty.onData((text) => this.#screen.write(text));
    // The program may ask the terminal something; it answers as a real one does.
    this.#screen.onData((text) => this.#pty.write(text));
    this.#exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#ended = true;
        resolve(exitCode);
      });
    });
  }

  /** Types text as one chunk. */
  type(text: string): void {
    this.#pty.write(text);
  }

  press(...names: (keyof typeof keys)[]): void {
    for (const name of names) this.#pty.write(keys[name]);
  }

  signal(name: 'SIGTERM' | 'SIGHUP'): void {
    this.#pty.kill(name);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#screen.write('', resolve));
    const { active } = this.#screen.buffer;
    return Array.from(
      { length: this.#screen.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  }

  async text(): Promise<string> {
    return (await this.lines()).join('\n');
  }

  /** The cells of one row, with how they are drawn. */
  async cells(row: number): Promise<Cell[]> {
    await this.text();
    const { active } = this.#screen.buffer;
    const line = active.getLine(active.viewportY + row);
    return Array.from({ length: this.#screen.cols }, (_, column) => {
      const cell = line?.getCell(column);
      return {
        text: cell?.getChars() ?? '',
        width: cell?.getWidth() ?? 1,
        inverse: cell !== undefined && cell.isInverse() !== 0,
        bold: cell !== undefined && cell.isBold() !== 0,
        coloured: cell !== undefined && !cell.isFgDefault(),
      };
    });
  }

  /** Whether the program has taken the alternate screen. */
  get alternate(): boolean {
    return this.#screen.buffer.active.type === 'alternate';
  }

  /** Whether the program wants pastes to be marked. */
  get bracketedPaste(): boolean {
    return this.#screen.modes.bracketedPasteMode;
  }

  /** Whether the program gets what the mouse does. */
  get mouse(): boolean {
    return this.#screen.modes.mouseTrackingMode !== 'none';
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get running(): boolean {
    return !this.#ended;
  }

  /** Waits until the screen shows `wanted`, and returns it; fails with the screen when it does not. */
  async until(wanted: string | RegExp, timeoutMs = 15_000): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const text = await this.text();
      if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return text;
      if (Date.now() > deadline || (this.#ended && timeoutMs > 1000)) {
        const again = await this.text();
        if (typeof wanted === 'string' ? again.includes(wanted) : wanted.test(again)) return again;
        throw new Error(
          `the screen never showed ${wanted}; ${this.#ended ? 'the program has ended' : 'it still runs'}:\n${again}`,
        );
      }
      await sleep(15);
    }
  }

  /** Milliseconds from the key until the screen shows `wanted`. */
  async latency(key: string, wanted: string | RegExp): Promise<number> {
    const started = performance.now();
    this.type(key);
    for (;;) {
      const text = await this.text();
      if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text))
        return performance.now() - started;
      if (performance.now() - started > 10_000)
        throw new Error(`no ${wanted} within 10 s of ${JSON.stringify(key)}:\n${text}`);
      await sleep(1);
    }
  }

  /** Resolves with the exit code; fails when the program does not end in time. */
  async exited(timeoutMs = 10_000): Promise<number> {
    const late = sleep(timeoutMs, 'late' as const, { ref: false });
    const code = await Promise.race([this.#exit, late]);
    if (code === 'late') throw new Error(`still running after ${timeoutMs} ms:\n${await this.text()}`);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Asked first, since a process that is killed cannot say what it has run (docs/testing.md).
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      if (this.#ended) break;
      this.#pty.kill(signal);
      await Promise.race([this.#exit, sleep(politeMs, null, { ref: false })]);
    }
    await this.#exit;
    this.#screen.dispose();
  }
}
