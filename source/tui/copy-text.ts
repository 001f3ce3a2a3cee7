import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';

export interface CopyParts {
  /** The terminal. */
  readonly write: (text: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
  /** Where the text is kept as well, for a terminal that takes no clipboard; null keeps none. */
  readonly file: string | null;
}

/** Terminals ignore what is longer. */
const longest = 70_000;

/**
 * Hands a text to the clipboard: to tmux where it runs (which passes it on),
 * else to the terminal (OSC 52), over SSH too. No terminal says whether it
 * took it, so the text is written to a file as well. Resolves with where it
 * went, in words; never throws.
 */
export async function copyText(text: string, parts: CopyParts): Promise<string> {
  const { write, environment = process.env, file } = parts;
  const cut = text.slice(0, longest);
  const inTmux = (environment.TMUX ?? '') !== '' && (await handToTmux(cut));
  if (!inTmux) write(`\x1b]52;c;${Buffer.from(cut).toString('base64')}\x07`);
  if (file === null) return 'to the clipboard';
  try {
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    return inTmux ? 'to the clipboard, through tmux' : `to the clipboard; if this terminal has none: ${file}`;
  } catch {
    return 'to the clipboard, if this terminal allows it';
  }
}

/** tmux keeps programs in it from writing to the clipboard, but takes it from its own command. */
function handToTmux(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('tmux', ['load-buffer', '-w', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}
