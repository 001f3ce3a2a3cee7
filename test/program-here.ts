import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { CommandContext } from '../source/cli/command.ts';
import { commandHelp, overviewHelp } from '../source/cli/help.ts';
import { parseArguments } from '../source/cli/parse.ts';
import { reportError } from '../source/cli/report-error.ts';
import { runCommandOnce } from '../source/cli/session.ts';
import { demoConfig, describeConfig, readConfig } from '../source/compose/config.ts';
import { composeFeedList, composeSetup } from '../source/compose/setup.ts';
import { composeSnapshotKeeper, composeStoreAdmin } from '../source/compose/snapshots.ts';
import { composeHarvester } from '../source/compose.ts';
import { maskConfig, showConfig } from '../source/config/show.ts';

export interface EndedHere {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** How a call is made, where that is not from a pipe in the folder of this process. */
export type Look = Partial<Pick<CommandContext, 'isTerminal' | 'isErrorTerminal' | 'columns' | 'cwd'>>;

/**
 * One call of a command in this process, as main.ts makes it, for tests that
 * make a hundred of them: the working folder is that of the process, and what
 * opens a terminal or runs on (no command, --headless) is refused.
 */
export async function runHere(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  look: Look = {},
): Promise<EndedHere> {
  const stdout = new Kept();
  const stderr = new Kept();
  const code = await serve(argv, { ...process.env, ...env }, stdout, stderr, look).catch((error: unknown) =>
    reportError(error, { stderr, json: argv.includes('--json') }),
  );
  return { code, stdout: stdout.text, stderr: stderr.text };
}

async function serve(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  stdout: Writable,
  stderr: Writable,
  look: Look,
): Promise<number> {
  const cwd = look.cwd ?? process.cwd();
  const request = await parseArguments(argv);
  if (request.want === 'help') {
    stdout.write(request.command === null ? await overviewHelp() : commandHelp(request.command));
    return 0;
  }
  if (request.want === 'version') {
    stdout.write('0.0.0\n');
    return 0;
  }
  if (request.want !== 'command') throw new Error(`"${argv.join(' ')}" is no command`);
  const { command, invocation, global } = request;
  const loaded = async () =>
    global.demo
      ? demoConfig()
      : readConfig({
          cwd,
          env,
          ...(global.config === undefined ? {} : { explicitPath: global.config }),
          ...(global.profile === undefined ? {} : { profile: global.profile }),
        });
  const surroundings = {
    stdout,
    stderr,
    isTerminal: false,
    isErrorTerminal: false,
    columns: 120,
    color: false,
    json: global.json,
    cwd,
    demo: global.demo,
    version: '0.0.0',
    signal: new AbortController().signal,
    now: () => Date.now(),
    ...look,
  };
  return runCommandOnce(command, invocation, surroundings, {
    loaded,
    shownConfig: async () => {
      const config = await loaded();
      return { shown: maskConfig(config), yaml: showConfig(config) };
    },
    configSchema: describeConfig,
    open: async (config) => composeHarvester(config, { stdout: global.json ? null : stdout }),
    admin: async (config) => composeStoreAdmin(config),
    keeper: async (config) => composeSnapshotKeeper(config),
    feeds: async (config) => composeFeedList(config),
    setup: async () => composeSetup(cwd),
  });
}

/** Nothing of this machine's configuration, stores or keys is in reach of the calls that follow. */
export function moveHome(home: string): void {
  for (const name of ['CONFIG', 'DATA', 'STATE', 'CACHE']) {
    const folder = join(home, name.toLowerCase());
    mkdirSync(folder, { recursive: true });
    process.env[`XDG_${name}_HOME`] = folder;
  }
  process.env.HOME = home;
}
