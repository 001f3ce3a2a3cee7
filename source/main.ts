import { rmSync } from 'node:fs';
import type { GlobalFlags, Output } from './cli/command.ts';
import { loadCommand, parseArguments, type Request, withoutFlags } from './cli/parse.ts';
import { printNote, printText } from './cli/print.ts';
import { reportError } from './cli/report-error.ts';
import { runCommandOnce } from './cli/session.ts';
import type { LoadedConfig } from './config/load.ts';
import { recorder, recordUncaught } from './error-recorder.ts';
import { type ExitCode, exitCodes, UserError } from './errors.ts';
import { programVersion } from './version.ts';

const widthWithoutTerminal = 120;
const closeWithinMs = 5000;

/**
 * The program: arguments, then configuration, then composition, then one
 * surface. Never rejects. The only place that decides how the process ends.
 *
 * @param argv what stands behind the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (| head) is no failure.
  process.stdout.on('error', (error) => endQuietly(error));
  process.stderr.on('error', () => {});
  // Judged before parsing, so that a mistake in the arguments is told in the form that was asked for.
  const json = argv.includes('--json');
  recordUncaught();
  try {
    process.exitCode = await serve(await parseArguments(argv));
  } catch (error) {
    await record(error);
    process.exitCode = reportError(error, { stderr: process.stderr, json });
  }
}

/** A bug is written down before it is told; whatever is wrong with that must not hide it. */
async function record(error: unknown): Promise<void> {
  if (error instanceof UserError) return;
  try {
    if (!recorder.aimed) await (await import('./compose/recorder.ts')).aimRecorderAtDefaults();
  } catch {
    return;
  }
  recorder.capture(error, 'command');
}

function endQuietly(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(exitCodes.done);
  process.exit(reportError(error, { stderr: process.stderr, json: false }));
}

async function serve(request: Request): Promise<ExitCode> {
  switch (request.want) {
    case 'version':
      await printText(outputFor(null), programVersion());
      return exitCodes.done;
    case 'help': {
      const output = outputFor(null);
      const { commandHelp, overviewHelp } = await import('./cli/help.ts');
      await printText(output, request.command === null ? await overviewHelp() : commandHelp(request.command));
      return exitCodes.done;
    }
    case 'command':
      return serveCommand(request);
    case 'default':
      recorder.crumb('start', request.global.headless ? 'headless' : 'terminal');
      if (request.global.headless) return serveHeadless(request.global);
      return isInteractive(request.global) ? serveTerminal(request.global) : serveUnattended(request.global);
  }
}

function isInteractive({ json }: GlobalFlags): boolean {
  const inCi = process.env.CI !== undefined && !['', 'false', '0'].includes(process.env.CI);
  return process.stdin.isTTY === true && process.stdout.isTTY === true && !inCi && !json;
}

/** The terminal app, after the wizard where there is no configuration. */
async function serveTerminal(global: GlobalFlags): Promise<ExitCode> {
  if (!global.color) process.env.NO_COLOR = '1';
  const { composeForScreen } = await import('./compose/threads.ts');
  let loaded = await readLoaded(global);
  if (loaded.path === null && !global.demo && loaded.config.sources.length === 0) {
    const { startWizard } = await import('./tui/start-wizard.tsx');
    const written = await startWizard({
      setup: await (await import('./compose/setup.ts')).composeSetup(process.cwd()),
      version: programVersion(),
    });
    if (written === null) {
      const advice =
        'Nothing was written. "signal-harvester --demo" shows sample posts; "signal-harvester init --topic NAME" writes a configuration.';
      await printNote(outputFor(global), advice);
      return exitCodes.done;
    }
    loaded = await readLoaded({ ...global, config: written.path });
  }
  const { resolveLogPath, resolveStorePath } = await import('./config/paths.ts');
  // A thread opens the store while this one loads the screen and draws its frame.
  const { harvester, opened } = composeForScreen(loaded);
  opened.catch(() => undefined);
  const { startTui } = await import('./tui/start.tsx');
  // An exit of our own, unlike death by a signal, restores the terminal and removes the demo's store.
  const release = onEndSignals(() => process.exit(exitCodes.interrupted));
  try {
    const { reason } = await startTui({
      harvester,
      opened,
      topic: loaded.config.topic,
      demo: global.demo,
      storePath: resolveStorePath(loaded),
      logPath: resolveLogPath(loaded),
      version: programVersion(),
      harvestOnStart: true,
      onScreen: (screen) => recorder.crumb('screen', screen),
      settings: {
        ...loaded.config.tui,
        keys: loaded.config.keys,
        categories: loaded.config.taxonomy.map(({ id }) => id),
        screenReader: wantsScreenReader(global, loaded.config.tui.screenReader),
      },
    });
    return reason === 'interrupted' ? exitCodes.interrupted : exitCodes.done;
  } catch (error) {
    recorder.capture(error, 'screen');
    throw error;
  } finally {
    release();
    await harvester.close();
  }
}

/** The flag, the variable that Ink's programs share, or the setting. */
function wantsScreenReader({ screenReader }: GlobalFlags, setting: boolean): boolean {
  const { INK_SCREEN_READER: shared = '' } = process.env;
  return screenReader || setting || !['', '0', 'false'].includes(shared);
}

/** The schedule and the HTTP API, until the first SIGTERM or SIGINT. */
async function serveHeadless(global: GlobalFlags): Promise<ExitCode> {
  const { signal, release } = catchSignals();
  try {
    const loaded = await readLoaded(global);
    const { composeLogger, composeScrubber } = await import('./compose/logger.ts');
    const { composeServed, systemClock } = await import('./compose/served.ts');
    const { startHeadless } = await import('./headless/start.ts');
    const form = process.stdout.isTTY === true ? 'pretty' : 'json';
    const log = await composeLogger(loaded, form);
    const harvester = await composeServed(loaded, form);
    try {
      const headless = await startHeadless({
        harvester,
        server: loaded.config.server,
        schedule: loaded.config.schedule,
        clock: systemClock,
        logger: log.logger,
        recorder,
        version: programVersion(),
        topic: loaded.config.topic,
        categories: loaded.config.taxonomy.map(({ id }) => id),
        scrub: composeScrubber(loaded),
        random: Math.random,
      });
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await headless.close();
    } finally {
      // Threads that do not answer in time are ended with the process; what they had not stored comes again.
      await Promise.race([harvester.close(), systemClock.sleep(closeWithinMs)]);
      await log.close();
    }
    // Nothing is left to do: whatever still holds the process up must not.
    process.exit(exitCodes.done);
  } finally {
    release();
  }
}

/** Without a terminal: `run`, or the sample for somebody who has configured nothing yet. */
async function serveUnattended(global: GlobalFlags): Promise<ExitCode> {
  const loaded = await readLoaded(global);
  const bare = loaded.path === null && loaded.config.sources.length === 0 && !global.demo;
  if (bare) {
    const advice =
      'There is no configuration yet, so the bundled sample is harvested; "signal-harvester init --topic NAME" writes one.';
    await printNote(outputFor(global), advice);
  }
  const command = await loadCommand('run');
  const invocation = withoutFlags(command);
  return serveCommand({ command, invocation, global: { ...global, demo: global.demo || bare } });
}

async function serveCommand({
  command,
  invocation,
  global,
}: Omit<Extract<Request, { want: 'command' }>, 'want'>): Promise<ExitCode> {
  recorder.crumb('command', command.name);
  const { signal, release } = catchSignals();
  const surroundings = {
    ...outputFor(global),
    cwd: process.cwd(),
    demo: global.demo,
    version: programVersion(),
    signal,
    now: () => Date.now(),
  };
  const loaded = () => readLoaded(global);
  try {
    const code = await runCommandOnce(command, invocation, surroundings, {
      loaded,
      shownConfig: async () => {
        const { maskConfig, showConfig } = await import('./config/show.ts');
        const config = await loaded();
        return { shown: maskConfig(config), yaml: showConfig(config) };
      },
      configSchema: async () => (await import('./compose/config.ts')).describeConfig(),
      open: async (config) =>
        (await import('./compose.ts')).composeHarvester(config, {
          stdout: global.json ? null : process.stdout,
        }),
      admin: async (config) => (await import('./compose/snapshots.ts')).composeStoreAdmin(config),
      keeper: async (config) => (await import('./compose/snapshots.ts')).composeSnapshotKeeper(config),
      feeds: async (config) => (await import('./compose/setup.ts')).composeFeedList(config),
      setup: async () => (await import('./compose/setup.ts')).composeSetup(process.cwd()),
    });
    return signal.aborted ? exitCodes.interrupted : code;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return exitCodes.interrupted;
    throw error;
  } finally {
    release();
  }
}

async function readLoaded({ demo, config, profile }: GlobalFlags): Promise<LoadedConfig> {
  const { demoConfig, readConfig } = await import('./compose/config.ts');
  if (!demo) {
    return readConfig({
      cwd: process.cwd(),
      env: process.env,
      ...(config === undefined ? {} : { explicitPath: config }),
      ...(profile === undefined ? {} : { profile }),
    });
  }
  const loaded = await demoConfig();
  // A thread may be writing its first line of the log there at this moment.
  process.once('exit', () =>
    rmSync(loaded.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 10 }),
  );
  return loaded;
}

/** The first signal asks for an end, which may take a moment; the second one ends at once. */
function catchSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const release = onEndSignals(() => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  });
  return { signal: controller.signal, release };
}

function onEndSignals(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, listener);
  return () => {
    for (const name of signals) process.off(name, listener);
  };
}

function outputFor(global: Pick<GlobalFlags, 'json' | 'color'> | null): Output {
  const { stdout, stderr } = process;
  const isTerminal = stdout.isTTY === true;
  return {
    stdout,
    stderr,
    isTerminal,
    isErrorTerminal: stderr.isTTY === true,
    columns: stdout.columns || stderr.columns || widthWithoutTerminal,
    color: isTerminal && (global?.color ?? true) && !process.env.NO_COLOR,
    json: global?.json ?? false,
  };
}
