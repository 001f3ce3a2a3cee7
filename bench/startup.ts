/**
 * How long small commands and the terminal app take to start, against floors
 * of the same run: bare `node -e 0` for commands, an Ink app that draws one
 * word (bundled and cached as the program is) for the first frame, and for the
 * first frame with signals in it, which are asked for (key 2) as soon as there
 * is a frame. All are started in turn, so that what else the machine does falls
 * on all of them. Beside the clock, the processor time of commands is told: on
 * a machine with other work it is the steadier of the two.
 *
 * Usage: node scripts/build.mjs && node bench/startup.ts [rounds] [signals]
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { bigStore } from './browse/big-store.ts';
import { buildEmptyApp, emptyAppFolder } from './empty-app.ts';
import { tellFigure } from './figure.ts';

const rounds = Number(process.argv[2] ?? 15);
const signals = Number(process.argv[3] ?? 100_000);
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin/signal-harvester.js');
const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-startup-'));
const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder, TERM: 'xterm-256color' };

interface Taken {
  readonly ms: number;
  /** Of the processor, with the kernel's; NaN where it is not measured. */
  readonly cpuMs: number;
}

function time(args: readonly string[]): Taken {
  const started = performance.now();
  // The shell knows what its children took; it is started for all alike.
  const measured = ['-c', 'TIMEFORMAT="%U %S"; time "$@" > /dev/null', 'bash', process.execPath, ...args];
  const { status, stderr } = spawnSync('bash', measured, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { ms: performance.now() - started, cpuMs: (user + system) * 1000 };
}

/** From the start of the process until a terminal of 120x36 shows the words; `key` is typed at the first frame. */
async function timeFrame(args: readonly string[], drawn: RegExp, key?: string): Promise<Taken> {
  const started = performance.now();
  const child = spawn(process.execPath, [...args], { cols: 120, rows: 36, cwd: folder, env });
  const exited = new Promise((resolve) => child.onExit(resolve));
  let screen = '';
  let typed = key === undefined;
  const ms = await new Promise<number>((resolve, reject) => {
    setTimeout(() => reject(new Error('nothing was drawn')), 30_000).unref();
    child.onData((text) => {
      screen += text;
      if (!typed && frame.test(screen)) {
        typed = true;
        child.write(key ?? '');
      }
      if (drawn.test(screen)) resolve(performance.now() - started);
    });
  });
  child.kill('SIGKILL');
  await exited;
  return { ms, cpuMs: Number.NaN };
}

const frame = /SIGNAL HARVESTER/;
/** The place in the list, which stands there once there are rows. */
const rows = /1 of \S+ by score/;

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

try {
  copyFileSync(await bigStore(signals), join(folder, 'bench.db'));
  writeFileSync(
    join(folder, 'config.yaml'),
    'topic: bench\nstore: { path: bench.db }\nlog: { path: bench.log }\nsources:\n  - { name: none, kind: file, path: none.ndjson }\n',
  );
  writeFileSync(join(folder, 'none.ndjson'), '');
  // A run scores all of them, so that those that are measured have nothing to do.
  time([program, 'run']);
  const empty = await buildEmptyApp();
  const cases: Readonly<Record<string, () => Taken | Promise<Taken>>> = {
    'node -e 0': () => time(['-e', '0']),
    '--version': () => time([program, '--version']),
    '--help': () => time([program, '--help']),
    list: () => time([program, 'list']),
    'empty Ink app': () => timeFrame([empty], /drawn/),
    'first frame': () => timeFrame([program], frame),
    'first signals': () => timeFrame([program], rows, '2'),
  };
  const times: Record<string, Taken[]> = {};
  // The first round fills the compile caches and is not counted.
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, measure] of Object.entries(cases)) {
      const taken = await measure();
      if (round > 0) times[name] = [...(times[name] ?? []), taken];
    }
  const aims: readonly (readonly [string, string, number | null])[] = [
    ['--version', 'node -e 0', 1.3],
    ['--help', 'node -e 0', 1.6],
    ['list', 'node -e 0', 3],
    ['first frame', 'empty Ink app', 1.5],
    ['first signals', 'empty Ink app', null],
  ];
  for (const [name, floor, aim] of aims) {
    const of = (which: keyof Taken, case_: string) =>
      median((times[case_] ?? []).map((taken) => taken[which]));
    const isCommand = name.startsWith('-') || name === 'list';
    const sized = name.startsWith('-') ? '' : `, ${signals.toLocaleString('en-US')} signals`;
    const what = isCommand ? `start of \`${name}\`${sized}` : `${name} of the terminal app${sized}`;
    tellFigure({
      what,
      value: of('ms', name),
      unit: 'ms',
      floor: { what: floor, value: of('ms', floor) },
      ...(aim !== null && { aim: { of: 'ratio', most: aim } }),
    });
    const [cpu, bareCpu] = [of('cpuMs', name), of('cpuMs', floor)];
    if (!Number.isNaN(cpu))
      process.stdout.write(
        `  of the processor ${cpu.toFixed(0)} and ${bareCpu.toFixed(0)} ms: ${(cpu / bareCpu).toFixed(2)}\n`,
      );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(emptyAppFolder, { recursive: true, force: true });
}
