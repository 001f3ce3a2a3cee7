import type { RenderOptions } from 'ink';
import type { Size } from './layout.ts';
import { createMouseFilter, type MouseEvent, mouseOff, mouseOn } from './mouse.ts';
import { guardPastes } from './paste-guard.ts';

interface TerminalParts {
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  /** Asks the terminal for clicks and the wheel, and gets them. */
  readonly onMouse?: (event: MouseEvent) => void;
  /** Lines instead of a screen: what was printed stays where it is. */
  readonly linesOnly?: boolean;
}

export interface OpenTerminal {
  size(): Size;
  /** Past what is drawn: for what the terminal itself is told. */
  write(text: string): void;
  onResize(listener: (size: Size) => void): void;
  readonly renderOptions: RenderOptions;
  /** While the shell has the terminal, and afterwards. */
  pause(): void;
  resume(): void;
  /** Takes the listeners off again. */
  close(): void;
}

/** The terminal as this program uses it. */
export function openTerminal({
  stdin = process.stdin,
  stdout = process.stdout,
  onMouse,
  linesOnly = false,
}: TerminalParts): OpenTerminal {
  const size = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const listeners: (() => void)[] = [];
  const askMouse = (wanted: boolean) => {
    if (onMouse !== undefined) stdout.write(wanted ? mouseOn : mouseOff);
  };
  // A terminal that goes on reporting the mouse would type into the shell.
  const onExit = () => askMouse(false);
  process.once('exit', onExit);
  askMouse(true);
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
      stdin: guardPastes(stdin, onMouse === undefined ? undefined : createMouseFilter(onMouse)),
      stdout,
      // Ink would guess from CI variables; whoever starts the terminal app has a terminal.
      interactive: true,
      alternateScreen: !linesOnly,
      // A cursor move over SSH is a fifth of the bytes, and a held key is followed at 60 frames a second.
      incrementalRendering: true,
      maxFps: 60,
      // The key map decides what ctrl-c means; logs go to a file, so nothing prints beside the screen.
      exitOnCtrlC: false,
      patchConsole: false,
    },
    pause: () => askMouse(false),
    resume: () => askMouse(true),
    close() {
      process.off('exit', onExit);
      askMouse(false);
      for (const listener of listeners) stdout.off('resize', listener);
    },
  };
}
