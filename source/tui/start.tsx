import { dirname, join } from 'node:path';
import type { KeyChoices } from '../domain/key-choices.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { AppView } from './app-view.tsx';
import { copyText } from './copy-text.ts';
import { KeyMap } from './key-map.ts';
import { App, type ExitReason, type ScreenSettings } from './model/app.ts';
import { followMouse } from './model/mouse-actions.ts';
import type { MouseEvent } from './mouse.ts';
import { openLink } from './open-link.ts';
import { runInk } from './run-ink.tsx';
import { ReaderView } from './screen-reader/reader-view.tsx';
import { openTerminal } from './terminal.ts';
import type { ThemeName } from './theme.ts';

export interface TuiOptions {
  readonly harvester: Harvester;
  /** Resolves when the store is open; when it rejects, so does the app. Open already when absent. */
  readonly opened?: Promise<void>;
  /** What is listened to; shown in the header. */
  readonly topic: string;
  /** The store is thrown away at the end, and the screen says so. */
  readonly demo: boolean;
  readonly storePath: string;
  readonly logPath: string;
  readonly version: string;
  /** Begins a harvest at once. */
  readonly harvestOnStart: boolean;
  /** What the person has set about the screen and the keys. */
  readonly settings?: TuiSettings;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  /** Milliseconds since 1970, UTC; tests stop the clock. */
  readonly now?: () => number;
  /** How often the list asks what another program has stored meanwhile; milliseconds. */
  readonly askEveryMs?: number;
  /** Told of every screen that is gone to, by its id. */
  readonly onScreen?: (screen: string) => void;
  /** Resolves with null, or with why the address was not opened. */
  readonly openLink?: (url: string) => Promise<string | null>;
  /** Resolves with where the text went, in words. */
  readonly copyText?: (text: string) => Promise<string>;
}

/** The settings `tui` and `keys` of the configuration. */
export interface TuiSettings extends ScreenSettings {
  readonly theme: ThemeName;
  readonly mouse: boolean;
  readonly screenReader: boolean;
  readonly keys: KeyChoices;
  /** Ids of the taxonomy; the default one's when absent. */
  readonly categories?: readonly string[];
}

const usual: TuiSettings = {
  theme: 'default',
  mouse: false,
  screenReader: false,
  keepDecided: true,
  askFrom: 2,
  keys: {},
};

const usualAskEveryMs = 10_000;
const followLogMs = 1_000;

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
  const { settings = usual } = options;
  let app: App | null = null;
  const terminal = openTerminal({
    ...options,
    linesOnly: settings.screenReader,
    ...(settings.mouse && { onMouse: (event: MouseEvent) => app !== null && followMouse(app, event) }),
  });
  app = new App({
    harvester,
    now,
    openLink: options.openLink ?? openLink,
    copyText:
      options.copyText ?? ((text) => copyText(text, { write: terminal.write, file: copyFile(logPath) })),
    size: terminal.size(),
    version,
    storeOpen: options.opened === undefined,
    term: process.env.TERM,
    keyMap: new KeyMap(settings.keys),
    ...(settings.categories && { categories: settings.categories }),
    screen: settings,
    ring: terminal.write,
    ...(options.onScreen && { crumb: options.onScreen }),
  });
  const { harvest } = app;
  terminal.onResize((size) => app.resize(size));
  const { opened = Promise.resolve() } = options;
  let left = false;
  const begin = () => {
    if (left) return;
    app?.update({ storeOpen: true });
    // What is on screen comes first: the thread that a harvest starts takes its share of the processor.
    void harvest.readSources(() => {
      if (harvestOnStart && !left) void harvest.start();
    });
  };
  // Until then the frame is drawn and keys are taken; a failure ends the app (runInk).
  opened.then(begin, () => undefined);
  // Our own harvest tells by itself; a run of cron does not.
  const asking = setInterval(() => {
    app.list.noteRun();
    app.dashboard.tick();
  }, options.askEveryMs ?? usualAskEveryMs);
  const { logs } = app;
  const onLogs = () => app?.read().screen === 'logs' && logs.read().pane === 'logs';
  const following = setInterval(() => void (onLogs() && logs.log.poll()), followLogMs);
  try {
    const about = [`signal-harvester ${version}`, `store: ${storePath}`, `log: ${logPath}`];
    const view = settings.screenReader ? (
      <ReaderView app={app} />
    ) : (
      <AppView app={app} topic={topic} demo={demo} about={about} pausing={terminal} />
    );
    const reason = await runInk(view, terminal, { theme: settings.theme, standsOn: opened });
    await app.triage.settled();
    await app.jobs.settled();
    return { reason: reason === 'interrupted' ? 'interrupted' : 'quit' };
  } finally {
    left = true;
    app.learning.close();
    clearInterval(asking);
    clearInterval(following);
    app.weights.cancel();
    await app.countUp();
    harvest.cancel();
  }
}

/** Beside the log, which belongs to the person alone. */
function copyFile(logPath: string): string | null {
  return logPath === '' ? null : join(dirname(logPath), 'copied.txt');
}
