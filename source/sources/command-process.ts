import { type ChildProcess, spawn } from 'node:child_process';
import { exitCodes, UserError } from '../errors.ts';
import { quoteMessage } from './answer-fields.ts';

export interface CommandCall {
  /** Program and arguments, as they are: no shell reads them. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly timeoutMs: number;
  /** Largest output that is read, in bytes. */
  readonly maxBytes: number;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** From the request to end until the end by force. */
const graceMs = 2_000;
const keptErrorBytes = 8_192;

/**
 * Runs a program and gives what it writes on standard output, piece by piece.
 * The program leads a process group, and all of the group is ended when the
 * consumer stops, on an abort, after `timeoutMs` and beyond `maxBytes`.
 *
 * After the last piece throws `UserError` `no-command`, `command-failed` (with
 * the last line of standard error), `timeout` or `too-large`, or the signal's
 * reason.
 */
export async function* runCommand(call: CommandCall): AsyncIterable<string> {
  const { command, signal } = call;
  const [file = '', ...parameters] = command;
  signal.throwIfAborted();
  const child = spawn(file, parameters, {
    cwd: call.folder,
    env: call.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const ended = endOf(child);
  const group = new ProcessGroup(child);
  let failure: unknown;
  const stop = (reason: unknown) => {
    failure ??= reason;
    group.end();
  };
  const onAbort = () => stop(signal.reason);
  const timer = setTimeout(() => stop(timeoutError(file, call.timeoutMs)), call.timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  let lastWords = '';
  child.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('utf8')).slice(-keptErrorBytes);
  });
  let isWhole = false;
  try {
    const decoder = new TextDecoder();
    let bytes = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      if (failure !== undefined) break;
      bytes += chunk.length;
      if (bytes > call.maxBytes) {
        stop(tooMuchError(file, call.maxBytes));
        break;
      }
      yield decoder.decode(chunk, { stream: true });
    }
    if (failure === undefined) yield decoder.decode();
    const outcome = await ended;
    isWhole = true;
    if (failure !== undefined) throw failure;
    if (outcome !== null) throw failedError(file, outcome, lastWords);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (!isWhole) group.end();
    await ended;
    group.finish();
  }
}

/** Why a program ended: an error of starting it, its exit code, or the signal that ended it; null when all went well. */
type Outcome = NodeJS.ErrnoException | number | NodeJS.Signals | null;

function endOf(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, killedBy) => resolve(code === 0 ? null : (code ?? killedBy)));
  });
}

/** A program and whatever it started. */
class ProcessGroup {
  readonly #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Asks all of it to end, and makes it end soon after. */
  end(): void {
    if (this.#timer !== undefined) return;
    this.#send('SIGTERM');
    this.#timer = setTimeout(() => this.#send('SIGKILL'), graceMs);
  }

  /** The program itself has ended: what it left behind after it was told to end goes too. */
  finish(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#send('SIGKILL');
  }

  #send(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }
}

function failedError(file: string, outcome: Exclude<Outcome, null>, lastWords: string): UserError {
  if (outcome instanceof Error) {
    const missing = outcome.code === 'ENOENT';
    return new UserError(
      'no-command',
      `${file} ${missing ? 'is not there' : `cannot be started (${outcome.code})`}`,
      {
        fix: missing
          ? 'Check the first word of command; a program that is not on the PATH needs its path'
          : 'Check that the file may be executed',
        cause: outcome,
      },
    );
  }
  const how = typeof outcome === 'number' ? `ended with code ${outcome}` : `was ended by ${outcome}`;
  const said = quoteMessage(lastWords.trim().split('\n').at(-1));
  return new UserError('command-failed', `${file} ${how}${said === null ? '' : `: ${said}`}`, {
    fix: 'Run the command by hand from the folder of the configuration and correct what it says',
    exitCode: exitCodes.unreachable,
  });
}

function timeoutError(file: string, timeoutMs: number): UserError {
  return new UserError('timeout', `${file} did not end within ${Math.round(timeoutMs / 100) / 10} s`, {
    fix: 'Raise timeoutMs of the source, or let the program write less at a time and print cursors',
    exitCode: exitCodes.unreachable,
  });
}

function tooMuchError(file: string, maxBytes: number): UserError {
  return new UserError('too-large', `${file} wrote more than ${Math.round(maxBytes / 1_048_576)} MiB`, {
    fix: 'Let the program write less at a time and print cursors',
    exitCode: exitCodes.unreachable,
  });
}
