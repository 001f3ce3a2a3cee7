import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openStore } from '../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../test/pipeline/scripted.ts';

const program = fileURLToPath(new URL('../bin/signal-harvester.js', import.meta.url));

export interface Bench {
  readonly folder: string;
  readonly store: string;
}

/** A folder with a configuration and a store of so many signals. */
export async function makeBench(signals: number, extra = ''): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
  const store = join(folder, 'signals.sqlite');
  const opened = await openStore(store);
  await harvestScripted(opened, [listSource('bench', syntheticPosts('acme', signals, signals + 1), 500)]);
  await opened.close();
  writeFileSync(
    join(folder, 'config.yaml'),
    `store: { path: signals.sqlite }
server: { port: 0, limits: { requestsPerMinute: 1000000, failedKeysPerMinute: 100000 } }
schedule: { every: never }
${extra}`,
  );
  return { folder, store };
}

export function makeKey({ folder }: Bench, scope: string): string {
  const args = ['keys', 'create', '--name', `bench-${scope}`, '--scope', scope];
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' }).stdout.trim();
}

/** The built program, with log, keys, limits and figures on. */
export async function startProgram({ folder }: Bench): Promise<{ child: ChildProcess; url: string }> {
  // Into a file, as a service's log goes: reading it here would take the time of a processor from both.
  const log = join(folder, 'stdout.log');
  const child = spawn(process.execPath, [program, '--headless'], {
    cwd: folder,
    stdio: ['ignore', openSync(log, 'w'), 'inherit'],
  });
  for (let turn = 0; turn < 200; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const url = /"address":"(http[^"]+)"/.exec(readFileSync(log, 'utf8'))?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error('the program does not listen');
}

export async function firstLine(child: ChildProcess, read: (line: string) => string | null): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  return new Promise((resolve, reject) => {
    // It goes on reading: a pipe that is full would stop the program.
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const found = read(line);
      if (found !== null) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

const ticksPerSecond = 100;

/** Processor time that a process has used, all its threads together, in microseconds; Linux only. */
export function processorUs(pid: number | undefined): number {
  // The name, in brackets, may have anything in it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond;
}

/** Resident memory of a process, in MB; Linux only. */
export function residentMb(pid: number | undefined): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout) / 1024;
}
