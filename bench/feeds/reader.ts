import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';

/** What the server of bench/feeds.ts saw. */
export interface Served {
  readonly requests: number;
  /** Of them answered by 304. */
  readonly unchanged: number;
  /** Of bodies, as sent. */
  readonly bytes: number;
  readonly connections: number;
}

/** A program that reads feeds, made ready in a folder of its own. */
export interface Reader {
  readonly name: string;
  /** Forgets all it has read. */
  reset(): void;
  readonly command: readonly [string, ...string[]];
  /** Items in its store; null for one that keeps none. */
  items(): number | null;
  readonly folder: string;
}

const program = fileURLToPath(new URL('../../bin/signal-harvester.js', import.meta.url));
const floorChild = fileURLToPath(new URL('../feeds-floor-child.ts', import.meta.url));

/** The built program; `fetch` only reads and stores, `run` does all that it does to posts. */
export function harvester(
  command: 'fetch' | 'run',
  place: string,
  urls: readonly string[],
  atOnce: number,
): Reader {
  const folder = join(place, `${command}-${atOnce}`);
  const store = join(folder, 'store.sqlite');
  const sources = urls.map((url, number) => `  - { name: site-${number}, kind: rss, url: "${url}" }\n`);
  const settings = `store: { path: store.sqlite }\nlog: { path: log }\nhttp: { allowPrivate: true }\nrun: { concurrency: ${atOnce} }\n`;
  const reset = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.yaml'), `${settings}sources:\n${sources.join('')}`);
  };
  reset();
  return {
    name: `signal-harvester ${command}, ${atOnce} at once`,
    folder,
    reset,
    command: [process.execPath, program, command],
    items: () => countRows(store, 'posts'),
  };
}

/** Null when it is not installed. */
export function newsboat(place: string, urls: readonly string[], threads: number): Reader | null {
  if (spawnSync('newsboat', ['--version']).error !== undefined) return null;
  const folder = join(place, `newsboat-${threads}`);
  const cache = join(folder, 'cache.db');
  const reset = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'urls'), `${urls.join('\n')}\n`);
    writeFileSync(join(folder, 'config'), `reload-threads ${threads}\n`);
  };
  reset();
  return {
    name: `newsboat, ${threads} at once`,
    folder,
    reset,
    command: ['newsboat', '-q', '-u', 'urls', '-c', 'cache.db', '-C', 'config', '-x', 'reload'],
    items: () => countRows(cache, 'rss_item'),
  };
}

/** Asks for the feeds, reads them to the end, and keeps nothing. */
export function bareRequests(place: string, urls: readonly string[], atOnce: number): Reader {
  const folder = join(place, `bare-${atOnce}`);
  const reset = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'urls'), `${urls.join('\n')}\n`);
  };
  reset();
  return {
    name: `bare undici, ${atOnce} at once`,
    folder,
    reset,
    command: [process.execPath, floorChild, 'urls', String(atOnce)],
    items: () => null,
  };
}

export interface Taken {
  readonly wallMs: number;
  /** Of all threads, the start of the program included. */
  readonly processorMs: number;
}

/** Runs it once to its end; what it printed is in the error when it fails. */
export function time({ command, folder, name }: Reader): Taken {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  const started = performance.now();
  // "times" of the shell counts the processor time of what it has waited for.
  const { stdout, status, stderr } = spawnSync(
    'sh',
    ['-c', '"$@" >output 2>&1; code=$?; times; exit $code', 'sh', ...command],
    {
      cwd: folder,
      env,
      encoding: 'utf8',
    },
  );
  const wallMs = performance.now() - started;
  if (status !== 0) throw new Error(`${name} ended with ${status}; see ${folder}/output ${stderr}`);
  const [, children = ''] = stdout.trim().split('\n');
  const seconds = [...children.matchAll(/(\d+)m([\d.,]+)s/g)].map(
    ([, minutes, rest = '']) => Number(minutes) * 60 + Number(rest.replace(',', '.')),
  );
  return { wallMs, processorMs: seconds.reduce((sum, each) => sum + each, 0) * 1000 };
}

function countRows(path: string, table: string): number {
  const db = new Database(path, { readonly: true });
  try {
    return Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  } finally {
    db.close();
  }
}
