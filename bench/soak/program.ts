import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secrets, type World } from './world.ts';

const program = fileURLToPath(new URL('../../bin/signal-harvester.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  readonly folder: string;
  readonly store: string;
}

/** A folder with a configuration that reads all services; `analyzers` and `notified` differ for the references. */
export function makeWorkplace(
  folder: string,
  world: World,
  addresses: ReadonlyMap<string, string>,
  change: { readonly analyzers: readonly string[]; readonly notified: boolean },
): Workplace {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => addresses.get(name) ?? '';
  const never = { perRunUsd: null, perDayUsd: null, perMonthUsd: null };
  const rule = { query: '', maxAgeHours: 24, perRun: 1_000, perHour: 1_000, thread: false };
  const config = {
    store: { path: 'signals.sqlite' },
    http: {
      allowPrivate: true,
      timeoutMs: 1_500,
      retries: 1,
      perHostDelayMs: 0,
      // A reference reads everything at once, and comes to the limits that some services document.
      maxWaitMs: change.notified ? 3_000 : 120_000,
    },
    analyzers: change.analyzers,
    models: {
      timeoutMs: 1_500,
      retries: 1,
      maxWaitMs: 2_000,
      spend: never,
      openai: { baseUrl: `${at('model')}/v1` },
    },
    notify: { maxAttempts: 50 },
    ...(change.notified && {
      notifiers: [
        {
          name: 'team',
          kind: 'slack',
          channel: 'C0ALERTS00',
          baseUrl: `${at('slack')}/api/`,
          pauseMs: 0,
          timeoutMs: 1_500,
        },
        { name: 'pager', kind: 'webhook', url: at('webhook'), timeoutMs: 1_500 },
      ],
      rules: [
        { name: 'to-team', notifier: 'team', ...rule },
        { name: 'to-pager', notifier: 'pager', ...rule },
      ],
    }),
    server: { port: 0 },
    schedule: { every: '10s', jitterSeconds: 0 },
    sources: world.services.map(({ kind, options }) => ({ name: kind, kind, ...options(at(kind)) })),
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config, null, 2));
  return { folder, store: join(folder, 'signals.sqlite') };
}

/** What runs now: it ends with this process, however that ends. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

function remember(child: ChildProcess): void {
  children.add(child);
  child.once('close', () => children.delete(child));
}

const environment = (folder: string) => ({ PATH: process.env.PATH, HOME: folder, ...secrets });

/** Runs a command to its end, or kills it after so long. */
export function run(
  { folder }: Workplace,
  args: readonly string[],
  killAfterMs: number | null = null,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: environment(folder) });
  remember(child);
  const timer = killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const parts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      parts[name] += text;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...parts });
    });
  });
}

export interface Headless {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Headless mode, its log in a file, as a service's log goes. */
export function startHeadless({ folder }: Workplace): Headless {
  const log = join(folder, 'headless.log');
  const file = openSync(log, 'a');
  const child = spawn(process.execPath, [program, '--headless'], {
    cwd: folder,
    env: environment(folder),
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  remember(child);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: '', stderr: readFileSync(log, 'utf8').slice(-2_000) }),
    );
  });
  return { child, ended };
}

/** Resident memory in MB and open descriptors of a process; null when it is gone, or where there is no /proc. */
export function measure(
  pid: number | undefined,
): { readonly mb: number; readonly descriptors: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
    return { mb, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return null;
  }
}
