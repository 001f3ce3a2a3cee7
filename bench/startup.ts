/**
 * How long small commands and the terminal app take to start, against floors
 * of the same run: bare `node -e 0` for commands, an Ink app that draws one
 * word (bundled and cached as the program is) for the first frame. All are
 * started in turn, so that what else the machine does falls on all of them.
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

const rounds = Number(process.argv[2] ?? 15);
const signals = Number(process.argv[3] ?? 100_000);
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'bin/signal-harvester.js');
const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-startup-'));
const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder, TERM: 'xterm-256color' };

function time(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - started;
}

/** From the start of the process to the first frame on a terminal of 120x36. */
async function timeFrame(args: readonly string[], drawn: RegExp): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [...args], { cols: 120, rows: 36, cwd: folder, env });
  const exited = new Promise((resolve) => child.onExit(resolve));
  let screen = '';
  const taken = await new Promise<number>((resolve, reject) => {
    setTimeout(() => reject(new Error('nothing was drawn')), 30_000).unref();
    child.onData((text) => {
      screen += text;
      if (drawn.test(screen)) resolve(performance.now() - started);
    });
  });
  child.kill('SIGKILL');
  await exited;
  return taken;
}

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
  const cases: Readonly<Record<string, () => number | Promise<number>>> = {
    'node -e 0': () => time(['-e', '0']),
    '--version': () => time([program, '--version']),
    '--help': () => time([program, '--help']),
    list: () => time([program, 'list']),
    'empty Ink app': () => timeFrame([empty], /drawn/),
    'first frame': () => timeFrame([program], /SIGNAL HARVESTER/),
  };
  const times: Record<string, number[]> = {};
  // The first round fills the compile caches and is not counted.
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, measure] of Object.entries(cases)) {
      const taken = await measure();
      if (round > 0) times[name] = [...(times[name] ?? []), taken];
    }
  const aims: readonly (readonly [string, string, number])[] = [
    ['--version', 'node -e 0', 1.3],
    ['--help', 'node -e 0', 1.6],
    ['list', 'node -e 0', 3],
    ['first frame', 'empty Ink app', 1.5],
  ];
  for (const [name, floor, aim] of aims) {
    const [taken, bare] = [median(times[name] ?? []), median(times[floor] ?? [])];
    process.stdout.write(
      `${name.padEnd(12)} ${taken.toFixed(0)} ms, ${floor} ${bare.toFixed(0)} ms: ratio ${(taken / bare).toFixed(2)} (aim ${aim})\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(emptyAppFolder, { recursive: true, force: true });
}
