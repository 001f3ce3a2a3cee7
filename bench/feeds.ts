/**
 * A harvest of many feeds from loopback by the built program, against newsboat
 * reloading the same feeds (when it is installed) and against asking for them
 * with undici and keeping nothing. Each feed has a host of its own, so nobody
 * has to wait out of politeness. "cold" starts with nothing; "again" is the
 * third time, when nothing is new (newsboat asks "unless changed" from then
 * on only: it loses the tags of the first). `fetch` reads, cleans, stores and
 * indexes the words; `run` also groups, analyzes and scores, which newsboat
 * does not do.
 *
 * Usage: node scripts/build.mjs && node bench/feeds.ts [feeds=500] [rounds=3] [delays=0,50]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bareRequests,
  harvester,
  newsboat,
  type Reader,
  type Served,
  type Taken,
  time,
} from './feeds/reader.ts';
import { tellFigure } from './figure.ts';

const [feeds = '500', rounds = '3', delays = '0,50'] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), 'signal-harvester-feeds-'));
const server = fork(fileURLToPath(new URL('feeds-server-child.ts', import.meta.url)), [feeds]);

interface Measured extends Taken, Served {
  readonly items: number | null;
}
type State = 'cold' | 'again';
const measured = new Map<string, Measured[]>();
const keyOf = (name: string, delayMs: number, state: State) => `${name}, ${delayMs} ms, ${state}`;

try {
  const [{ urls, items, bytes }] = (await once(server, 'message')) as [
    { urls: string[]; items: number; bytes: number },
  ];
  console.log(
    `${urls.length} feeds, ${items} items, ${(bytes / 1e6).toFixed(1)} MB of XML; ${rounds} rounds in turn`,
  );
  const plan = delays.split(',').flatMap((delay) => {
    return readersAt(urls, Number(delay)).map((reader) => ({ reader, delayMs: Number(delay) }));
  });
  if (newsboat(place, [], 1) === null) {
    console.log(
      'newsboat is not installed (Debian: apt-get install newsboat); the floor is bare undici alone',
    );
  }
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const { reader, delayMs } of plan) await measure(reader, delayMs, items);
  }
  console.log(
    `${'wall s'.padStart(8)}${'cpu s'.padStart(8)}${'asked'.padStart(7)}${'304'.padStart(6)}${'MB'.padStart(6)}${'items'.padStart(8)}  who`,
  );
  for (const { reader, delayMs } of plan)
    for (const state of ['cold', 'again'] as const) print(reader, delayMs, state);
  for (const { reader, delayMs } of plan) tell(reader, delayMs, urls.length);
} finally {
  server.kill();
  rmSync(place, { recursive: true, force: true });
}

/**
 * At once: as many as the program does by itself, and 1, which is what newsboat
 * does by itself. Where each answer is waited for, as many as both gain by.
 */
function readersAt(urls: readonly string[], delayMs: number): readonly Reader[] {
  const readers =
    delayMs === 0
      ? [
          bareRequests(place, urls, 8),
          harvester('fetch', place, urls, 8),
          harvester('run', place, urls, 8),
          newsboat(place, urls, 8),
          newsboat(place, urls, 1),
        ]
      : [bareRequests(place, urls, 32), harvester('fetch', place, urls, 32), newsboat(place, urls, 32)];
  return readers.filter((reader) => reader !== null);
}

async function measure(reader: Reader, delayMs: number, items: number): Promise<void> {
  reader.reset();
  for (const state of ['cold', null, 'again'] as const) {
    await askServer(delayMs);
    const taken = time(reader);
    const served = await askServer('count');
    process.stderr.write(
      `${(taken.wallMs / 1000).toFixed(1).padStart(6)} s  ${reader.name}, ${delayMs} ms\n`,
    );
    if (state === null) continue;
    const kept = reader.items();
    if (kept !== null && kept !== items) throw new Error(`${reader.name} has ${kept} of ${items} items`);
    const key = keyOf(reader.name, delayMs, state);
    measured.set(key, [...(measured.get(key) ?? []), { ...taken, ...served, items: kept }]);
  }
}

async function askServer(message: number | string): Promise<Served> {
  const answered = once(server, 'message');
  server.send(message);
  return ((await answered) as [Served])[0];
}

function median(name: string, delayMs: number, state: State): Measured | null {
  const all = measured.get(keyOf(name, delayMs, state)) ?? [];
  const of = (key: 'wallMs' | 'processorMs') =>
    all.map((each) => each[key]).toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
  return all[0] === undefined ? null : { ...all[0], wallMs: of('wallMs'), processorMs: of('processorMs') };
}

function print({ name }: Reader, delayMs: number, state: State): void {
  const each = median(name, delayMs, state);
  if (each === null) return;
  const cells = [
    (each.wallMs / 1000).toFixed(2).padStart(8),
    (each.processorMs / 1000).toFixed(2).padStart(8),
    String(each.requests).padStart(7),
    String(each.unchanged).padStart(6),
    (each.bytes / 1e6).toFixed(1).padStart(6),
    String(each.items ?? '–').padStart(8),
  ];
  console.log(`${cells.join('')}  ${name}, answers after ${delayMs} ms, ${state}`);
}

/** What the program did, against the same with as many at once by newsboat, else by bare requests. */
function tell({ name }: Reader, delayMs: number, count: number): void {
  const [, command = '', atOnce = ''] = /^signal-harvester (\w+), (\d+) at once$/.exec(name) ?? [];
  if (command === '') return;
  const tellAgainst = (state: State, unit: 'wallMs' | 'processorMs') => {
    const own = median(name, delayMs, state);
    const rival = median(`newsboat, ${atOnce} at once`, delayMs, state);
    const floor = rival ?? median(`bare undici, ${atOnce} at once`, delayMs, state);
    if (own === null || floor === null) return;
    const words = state === 'cold' ? 'all new' : 'nothing new';
    const kind = unit === 'wallMs' ? `answers after ${delayMs} ms: on the clock` : 'processor time';
    tellFigure({
      what: `\`${command}\` of ${count} feeds, ${words}, ${atOnce} at once, ${kind}`,
      value: own[unit] / 1000,
      unit: 's',
      floor: { what: rival === null ? 'bare undici' : 'newsboat', value: floor[unit] / 1000 },
    });
  };
  // Without a delay the processor is what both wait for; with one, the clock.
  for (const state of ['cold', 'again'] as const)
    tellAgainst(state, delayMs === 0 ? 'processorMs' : 'wallMs');
}
