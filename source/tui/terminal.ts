import type { RenderOptions } from 'ink';
import type { Size } from './layout.ts';
import { guardPastes } from './paste-guard.ts';

interface Streams {
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
}

export interface OpenTerminal {
  size(): Size;
  /** Past what is drawn: for what the terminal itself is told. */
  write(text: string): void;
  onResize(listener: (size: Size) => void): void;
  readonly renderOptions: RenderOptions;
  /** Takes the listeners off again. */
  close(): void;
}

/** The terminal as this program uses it. */
export function openTerminal({ stdin = process.stdin, stdout = process.stdout }: Streams): OpenTerminal {
  const size = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const listeners: (() => void)[] = [];
  return {
    size,
    write: (text) => void stdout.write(text),
    onResize(listener) {
      const onResize = () => listener(size());
      listeners.push(onResize);
      // Before Ink's own: the frame that it draws then already has the new size.
      stdout.prependListener('resize', onResize);
    },
    renderOptions: {
      stdin: guardPastes(stdin),
      stdout,
      // Ink would guess from CI variables; whoever starts the terminal app has a terminal.
      interactive: true,
      alternateScreen: true,
      // A cursor move over SSH is a fifth of the bytes, and a held key is followed at 60 frames a second.
      incrementalRendering: true,
      maxFps: 60,
      // The key map decides what ctrl-c means; logs go to a file, so nothing prints beside the screen.
      exitOnCtrlC: false,
      patchConsole: false,
    },
    close() {
      for (const listener of listeners) stdout.off('resize', listener);
    },
  };
}
