import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { ended } from '../cli/program.ts';
import type { Terminal } from './driver.ts';
import { Home, program, runProgram } from './program.ts';

/** Keys as a terminal sends them; those that come up more often stand more often. */
const keys = [
  // A prompt takes nearly every key as text: without many of these the rest would rarely mean anything.
  ...Array.from({ length: 12 }, () => '\x1b'),
  ...'jjjjkkkggGG',
  ...'deridss!ctaNmMVxx  *.uuu[]fSRvnyYE:?/12yyn05hblo+-=,"(',
  ...['\r', '\r', '\r', '\x1b', '\x1b', '\t', '\x7f', '\x12', '\x04', '\x15', '\x06', '\x02', '\x17'],
  ...[
    '\x1b[A',
    '\x1b[B',
    '\x1b[C',
    '\x1b[D',
    '\x1b[5~',
    '\x1b[6~',
    '\x1b[H',
    '\x1b[F',
    '\x1bx',
    '\x1b[200~dd\r\x1b[201~',
  ],
  ...['é', '決', '🎉', '\u202e'],
];

const sizes = [
  [80, 24],
  [120, 36],
  [40, 16],
  [200, 60],
  [30, 7],
] as const;

const chunk = 40;

export interface FuzzReport {
  readonly keys: number;
  /** Times that a key, or a line of the palette, left the program. */
  readonly left: number;
  /** Entries of the journal. */
  readonly decided: number;
  readonly check: { readonly code: number | null; readonly stdout: string };
}

/**
 * Types random keys into the real program, resizes it and starts it again when
 * a key has left it; then leaves it and has the store checked. Throws when the
 * program ends with anything but 0 or 130, or does not give the terminal back.
 */
export async function typeRandomKeys(count: number, seed: number): Promise<FuzzReport> {
  using home = new Home();
  writeFileSync(
    join(home.path, 'config.yaml'),
    'store: { path: fuzz.db }\nlog: { path: fuzz.log }\nsources: [{ name: sample, kind: demo }]\n',
  );
  const random = generator(seed);
  const start = async () => {
    const opened = runProgram(home, [], { env: { TMUX: '' } });
    await opened.until(/2 to read them|nothing new in/, 60_000);
    opened.type('2');
    return opened;
  };
  let left = 0;
  let terminal = await start();
  try {
    for (let typed = 0; typed < count; typed += chunk) {
      if (!terminal.running) {
        await checkEnd(terminal);
        left += 1;
        terminal = await start();
      }
      terminal.type(Array.from({ length: chunk }, () => keys[random(keys.length)] ?? '').join(''));
      if (random(12) === 0) {
        const [columns, rows] = sizes[random(sizes.length)] ?? sizes[0];
        terminal.resize(columns, rows);
      }
      await sleep(15);
    }
    terminal.resize(80, 24);
    await leave(terminal);
  } finally {
    await terminal[Symbol.asyncDispose]();
  }
  const env = { ...process.env, ...home.env, CI: '' };
  const run = (...args: string[]) =>
    ended(spawn(process.execPath, [program, ...args], { cwd: home.path, env }));
  const { code, stdout } = await run('db', 'check');
  // Taken back or not, every decision has an entry.
  const store = new Database(join(home.path, 'fuzz.db'), { readonly: true });
  const decided = store.prepare('SELECT count(*) FROM journal').pluck().get() as number;
  store.close();
  return { keys: count, left, decided, check: { code, stdout } };
}

/** Out of whatever stands open, and out of the program. */
async function leave(terminal: Terminal): Promise<void> {
  for (let tries = 0; terminal.running && tries < 200; tries += 1) {
    terminal.press('esc');
    await sleep(60);
    if (tries % 4 === 3) terminal.type('qy');
    await sleep(60);
  }
  await checkEnd(terminal);
}

async function checkEnd(terminal: Terminal): Promise<void> {
  const code = await terminal.exited(30_000);
  const text = await terminal.text();
  if (code !== 0 && code !== 130) throw new Error(`the program ended with ${code}:\n${text}`);
  if (terminal.alternate) throw new Error(`the terminal was not given back:\n${text}`);
}

/** A small generator with a seed (mulberry32), so that a failure can be had again. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
