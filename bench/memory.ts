/**
 * The memory of the terminal app with a million signals: idle, after a walk
 * through its screens, while it harvests and afterwards; against an Ink app
 * that draws one word, in the same run. The app is one process: its threads
 * are in the figures.
 *
 * Usage: node scripts/build.mjs && node bench/memory.ts [signals] [posts]
 *
 * "RSS" is what the process has in memory, "Pss" the same with each page that
 * other processes have too divided by their number, "peak" the most RSS so far.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Terminal } from '../test/terminal/driver.ts';
import { Home, runProgram } from '../test/terminal/program.ts';
import { bigStore } from './browse/big-store.ts';
import { buildEmptyApp, emptyAppFolder } from './empty-app.ts';
import { tellFigure } from './figure.ts';

const signals = Number(process.argv[2] ?? 1_000_000);
const posts = Number(process.argv[3] ?? 20_000);
const aimMb = 300;
/** A thread that rests is ended after half a minute. */
const restMs = 45_000;
const patienceMs = 1_800_000;

using home = new Home();
copyFileSync(await bigStore(signals), join(home.path, 'bench.db'));
writeFileSync(
  join(home.path, 'config.yaml'),
  `topic: bench\nstore: { path: bench.db }\nlog: { path: bench.log }\nrun: { maxPostsPerSource: ${posts} }\nsources:\n  - { name: posts, kind: file, path: posts.ndjson }\n`,
);
writeFileSync(join(home.path, 'posts.ndjson'), '');
{
  // The store was filled with scores of no configuration: a run makes those of this one.
  await using terminal = runProgram(home, ['run']);
  await terminal.exited(patienceMs);
}

process.stdout.write(`${signals} signals, ${posts} posts harvested; MB\n`);
process.stdout.write(
  `${'RSS'.padStart(6)}${'Pss'.padStart(7)}${'peak'.padStart(7)}${'ratio'.padStart(7)}${'threads'.padStart(9)}\n`,
);
const floorMb = await measureFloor();
await using terminal = runProgram(home, [], { columns: 120, rows: 36 });
// It harvests when it starts, and there is nothing to harvest.
await terminal.until(/new posts? became|nothing new/i, 120_000);
await sleep(2_000);
report('started, and looked for posts');
await sleep(restMs);
const idleMb = report('idle');
await walk();
const walkedMb = report('after the walk');
await sleep(restMs);
const restedMb = report('after the walk, rested');
writePosts();
terminal.type('1h');
await terminal.until(new RegExp(`${posts.toLocaleString('en')} new`), patienceMs);
const harvestedMb = report('harvested');
await sleep(restMs);
const afterMb = report('harvested, rested');
const figures: readonly (readonly [string, number])[] = [
  ['idle', idleMb],
  ['after a walk through its screens', walkedMb],
  ['half a minute later', restedMb],
  [`right after a harvest of ${posts.toLocaleString('en-US')} posts`, harvestedMb],
  ['half a minute after that harvest', afterMb],
];
for (const [when, value] of figures)
  tellFigure({
    what: `memory of the terminal app with ${signals.toLocaleString('en-US')} signals, ${when}`,
    value,
    unit: 'MB',
    floor: { what: 'an Ink app that draws one word', value: floorMb },
    aim: { of: 'value', most: aimMb },
  });
terminal.type('q');

async function measureFloor(): Promise<number> {
  try {
    await using app = new Terminal({ file: process.execPath, args: [await buildEmptyApp()] });
    await app.until('drawn');
    await sleep(1_000);
    const { rssMb } = memoryOf(app.pid);
    line(memoryOf(app.pid), 1, 'an Ink app that draws one word');
    return rssMb;
  } finally {
    rmSync(emptyAppFolder, { recursive: true, force: true });
  }
}

/** Each screen, a search, the far end of the list, some decisions, one taken back. */
async function walk(): Promise<void> {
  terminal.type('2');
  await terminal.until(/^> /m);
  for (let step = 0; step < 20; step += 1) {
    terminal.press('pagedown');
    await sleep(100);
  }
  terminal.press('end');
  await sleep(2_000);
  terminal.press('home');
  await sleep(1_000);
  for (const key of ['d', 'd', 'e', 'r', 'd', 'u']) {
    terminal.type(key);
    await sleep(300);
  }
  terminal.type('/category:bug sync');
  await sleep(2_000);
  terminal.press('enter');
  await sleep(1_000);
  terminal.press('enter');
  await sleep(1_000);
  terminal.press('esc');
  terminal.press('esc');
  for (const screen of ['3', '4', '5', '1', '2']) {
    terminal.type(screen);
    await sleep(screen === '3' ? 10_000 : 3_000);
  }
}

interface Memory {
  readonly rssMb: number;
  readonly pssMb: number;
  readonly peakMb: number;
  /** Of the system: the engine's helpers are among them. */
  readonly threads: number;
}

function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (text: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024;
  return {
    rssMb: megabytes(rollup, 'Rss'),
    pssMb: megabytes(rollup, 'Pss'),
    peakMb: megabytes(status, 'VmHWM'),
    threads: Number(/^Threads:\s+(\d+)/m.exec(status)?.[1]),
  };
}

function report(what: string): number {
  const memory = memoryOf(terminal.pid);
  line(memory, memory.rssMb / floorMb, what);
  return memory.rssMb;
}

function line({ rssMb, pssMb, peakMb, threads }: Memory, ratio: number, what: string): void {
  const [rss, pss, peak] = [rssMb, pssMb, peakMb].map((each) => each.toFixed(0));
  process.stdout.write(
    `${rss?.padStart(6)}${pss?.padStart(7)}${peak?.padStart(7)}${ratio.toFixed(2).padStart(7)}${String(threads).padStart(9)}  ${what}\n`,
  );
}

function writePosts(): void {
  const lines = Array.from({ length: posts }, (_, index) => {
    const words = Array.from({ length: 9 }, (_, word) => `word${(index * 7919 + word * 104_729) % 99_991}`);
    const text = `${index}: the sync of my ${words.join(' ')} does not work since this morning`;
    return JSON.stringify({ id: String(index), text, author: `user${index % 900}`, likes: index % 40 });
  });
  writeFileSync(join(home.path, 'posts.ndjson'), `${lines.join('\n')}\n`);
}
