/**
 * How long a key takes to show its effect, through a real pseudo-terminal:
 * while posts are being harvested, against the same program idle in the same
 * run. `j` moves within rows that are loaded; `d` also writes to the store
 * beside the harvest and reads the list again.
 *
 * Usage: node scripts/build.mjs && node bench/key-latency.ts [posts] [signals]
 *
 * With `signals`, the harvest goes into a store that has so many already (that
 * of bench/browse.ts); its first run also scores all of them, which is the
 * heaviest work that a run can have.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../test/terminal/driver.ts';
import { Home, runProgram } from '../test/terminal/program.ts';
import { bigStore } from './browse/big-store.ts';
import { tellFigure } from './figure.ts';

const posts = Number(process.argv[2] ?? 60_000);
const signals = Number(process.argv[3] ?? 0);
const samples = 40;
const between = 60;

using home = new Home();
writePosts('first.ndjson', 0, 2_000);
writePosts('many.ndjson', 2_000, posts);
const source = (name: string) => `  - { name: ${name}, kind: file, path: ${name}.ndjson }\n`;
const settings = `topic: bench\nstore: { path: bench.db }\nlog: { path: bench.log }\nrun: { maxPostsPerSource: ${posts * 2} }\nsources:\n`;

// A first run fills the list, so that the second has something to move in from its first moment.
writeFileSync(join(home.path, 'config.yaml'), settings + source('first'));
if (signals > 0) copyFileSync(await bigStore(signals), join(home.path, 'bench.db'));
else {
  await using terminal = runProgram(home, ['run']);
  await terminal.exited(120_000);
}
writeFileSync(join(home.path, 'config.yaml'), settings + source('many'));
await using terminal = runProgram(home, [], { columns: 120, rows: 36 });
await terminal.until(/ctrl-c|c cancel|fetching|harvesting/i);
terminal.type('2');
await terminal.until(/^> /m);
const busy = await measure(terminal);
const stillBusy = /harvest(?:ing| runs)/i.test(await terminal.text());
terminal.type('1');
await terminal.until('new posts became', 900_000);
terminal.type('2');
await terminal.until(/^> /m);
const idle = await measure(terminal);
terminal.type('q');

process.stdout.write(
  `${posts} posts being harvested${signals > 0 ? ` into a store of ${signals} signals` : ''} (${stillBusy ? 'to the last key' : 'not to the last key: ask for more posts'})\n`,
);
for (const key of ['j', 'd'] as const) {
  const ratio = (part: number) => (quantile(busy[key], part) / quantile(idle[key], part)).toFixed(2);
  process.stdout.write(
    `${key}  harvesting p50 ${ms(busy[key], 0.5)} p95 ${ms(busy[key], 0.95)} max ${ms(busy[key], 1)}` +
      ` · idle p50 ${ms(idle[key], 0.5)} p95 ${ms(idle[key], 0.95)}` +
      ` · ratio p50 ${ratio(0.5)} p95 ${ratio(0.95)}\n`,
  );
}
const size = signals > 0 ? `, ${signals.toLocaleString('en-US')} signals` : '';
const aim = { of: 'value', most: 50 } as const;
for (const key of ['j', 'd'] as const) {
  const atRest = quantile(idle[key], 0.95);
  tellFigure({ what: `p95 of \`${key}\` to its frame, idle${size}`, value: atRest, unit: 'ms', aim });
  tellFigure({
    what: `p95 of \`${key}\` to its frame while posts are harvested${size}`,
    value: quantile(busy[key], 0.95),
    unit: 'ms',
    floor: { what: 'the same idle', value: atRest },
    aim,
  });
}

async function measure(screen: Terminal): Promise<Record<'j' | 'd', number[]>> {
  const taken: Record<'j' | 'd', number[]> = { j: [], d: [] };
  for (let index = 0; index < samples; index += 1) {
    const key = index % 4 === 3 ? 'd' : 'j';
    // Both keys end with the cursor on the next signal.
    const before = await rowAtCursor(screen);
    const started = performance.now();
    screen.type(key);
    while ((await rowAtCursor(screen)) === before) {
      if (performance.now() - started > 10_000)
        throw new Error(`${key} showed nothing:\n${await screen.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    taken[key].push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, between));
  }
  return taken;
}

async function rowAtCursor(screen: Terminal): Promise<string | undefined> {
  return (await screen.lines()).find((line) => line.startsWith('> '))?.slice(0, 66);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function ms(values: readonly number[], part: number): string {
  return `${quantile(values, part).toFixed(0)} ms`;
}

function writePosts(name: string, from: number, count: number): void {
  const lines = Array.from({ length: count }, (_, step) => {
    const index = from + step;
    const words = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
      (each) => `word${(index * 7919 + each * 104_729) % 99_991}`,
    );
    const text = `${index}: the sync of my ${words.join(' ')} does not work since this morning`;
    return JSON.stringify({ id: String(index), text, author: `user${index % 900}`, likes: index % 40 });
  });
  writeFileSync(join(home.path, name), `${lines.join('\n')}\n`);
}
