import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../config/folder.ts';

const program = fileURLToPath(new URL('../../bin/signal-harvester.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  /** The working folder of everything that is started here. */
  readonly folder: string;
  /** Starts the built program, with nothing of this machine's configuration in reach. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams;
  /** Runs it to its end; `input` is its standard input. */
  run(
    args: readonly string[],
    options?: { input?: string; env?: Readonly<Record<string, string>> },
  ): Promise<Ended>;
}

/** A folder with files in it, in which the real program can be run; gone after the test. */
export function makeWorkplace(files: Readonly<Record<string, string>> = {}): Workplace {
  const folder = makeFolder(files);
  const home = makeFolder();
  const start: Workplace['start'] = (args, env = {}) =>
    spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TMPDIR: makeFolder(),
        ...env,
      },
    });
  return {
    folder,
    start,
    run: async (args, { input = '', env = {} } = {}) => {
      const child = start(args, env);
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      return ended(child);
    },
  };
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
