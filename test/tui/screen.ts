import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

/** A terminal in memory: what Ink writes goes into a real emulator, what a test types comes out of stdin. */
export class Screen {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #input = new FakeInput();
  readonly #output: FakeOutput;
  /** Everything written, for the rare test about bytes. */
  bytes = '';

  constructor(columns: number, rows: number) {
    // The tty driver turns \n into \r\n, in raw mode too.
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
    this.#output = new FakeOutput(columns, rows, (text) => {
      this.bytes += text;
      this.#terminal.write(text);
    });
    this.stdin = this.#input as unknown as NodeJS.ReadStream;
    this.stdout = this.#output as unknown as NodeJS.WriteStream;
  }

  /** One chunk, as a terminal would send it. */
  type(text: string): void {
    this.#input.send(text);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#output.columns = columns;
    this.#output.rows = rows;
    this.#output.emit('resize');
  }

  /** The lines on screen, without blanks at their ends. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
    const { active } = this.#terminal.buffer;
    return Array.from(
      { length: this.#terminal.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
  }

  async text(): Promise<string> {
    return (await this.lines()).join('\n');
  }

  /** Whether the alternate screen is shown. */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** Waits until the screen shows `wanted`; fails with the screen when it never does. */
  async until(wanted: string | RegExp | ((text: string) => boolean), timeoutMs = 5000): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const text = await this.text();
      if (
        typeof wanted === 'string'
          ? text.includes(wanted)
          : wanted instanceof RegExp
            ? wanted.test(text)
            : wanted(text)
      )
        return text;
      if (Date.now() > deadline) throw new Error(`the screen never showed ${wanted}:\n${text}`);
      await sleep(10);
    }
  }

  /** The screen once it has stopped changing. */
  async settled(): Promise<string> {
    let before = '';
    for (let text = await this.text(); text !== before; text = await this.text()) {
      before = text;
      await sleep(60);
    }
    return before;
  }
}

class FakeInput extends EventEmitter {
  readonly isTTY = true;
  #chunks: string[] = [];

  send(text: string): void {
    this.#chunks.push(text);
    this.emit('readable');
  }

  read(): string | null {
    return this.#chunks.shift() ?? null;
  }

  setEncoding(): this {
    return this;
  }

  setRawMode(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

class FakeOutput extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;
  readonly #onWrite: (text: string) => void;

  constructor(columns: number, rows: number, onWrite: (text: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#onWrite = onWrite;
  }

  write(text: string, encoding?: unknown, done?: () => void): boolean {
    this.#onWrite(text);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) queueMicrotask(() => callback());
    return true;
  }
}
