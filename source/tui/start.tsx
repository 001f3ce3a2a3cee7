import { dirname, join } from 'node:path';
import type { Harvester } from '../harvester/harvester.ts';
import { AppView } from './app-view.tsx';
import { copyText } from './copy-text.ts';
import { App, type ExitReason } from './model/app.ts';
import { openLink } from './open-link.ts';
import { runInk } from './run-ink.tsx';
import { openTerminal } from './terminal.ts';

export interface TuiOptions {
  readonly harvester: Harvester;
  /** What is listened to; shown in the header. */
  readonly topic: string;
  /** The store is thrown away at the end, and the screen says so. */
  readonly demo: boolean;
  readonly storePath: string;
  readonly logPath: string;
  readonly version: string;
  /** Begins a harvest at once. */
  readonly harvestOnStart: boolean;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  /** Milliseconds since 1970, UTC; tests stop the clock. */
  readonly now?: () => number;
  /** Resolves with null, or with why the address was not opened. */
  readonly openLink?: (url: string) => Promise<string | null>;
  /** Resolves with where the text went, in words. */
  readonly copyText?: (text: string) => Promise<string>;
}

export interface TuiResult {
  /** `interrupted`: ctrl-c twice. */
  readonly reason: ExitReason;
}

/**
 * Runs the terminal app until the person leaves. Needs a terminal on both
 * ends. A harvest that still runs then is told to stop; the caller closes the
 * harvester. When drawing crashes, the terminal is restored first and the
 * promise rejects with the error, so that it can be seen.
 */
export async function startTui(options: TuiOptions): Promise<TuiResult> {
  const { harvester, topic, demo, storePath, logPath, version, harvestOnStart, now = Date.now } = options;
  const terminal = openTerminal(options);
  const app = new App({
    harvester,
    now,
    openLink: options.openLink ?? openLink,
    copyText:
      options.copyText ?? ((text) => copyText(text, { write: terminal.write, file: copyFile(logPath) })),
    size: terminal.size(),
  });
  terminal.onResize((size) => app.resize(size));
  void app.harvest.readSources();
  if (harvestOnStart) void app.harvest.start();
  try {
    const about = [`signal-harvester ${version}`, `store: ${storePath}`, `log: ${logPath}`];
    const view = <AppView app={app} topic={topic} demo={demo} about={about} />;
    const reason = await runInk(view, terminal);
    await app.triage.settled();
    return { reason: reason === 'interrupted' ? 'interrupted' : 'quit' };
  } finally {
    app.harvest.cancel();
  }
}

/** Beside the log, which belongs to the person alone. */
function copyFile(logPath: string): string | null {
  return logPath === '' ? null : join(dirname(logPath), 'copied.txt');
}
