/**
 * Runs the benches of bench/plan.ts one after the other and prints one table,
 * in Markdown, on stdout; what they say meanwhile goes to stderr.
 *
 * Usage: npm run bench -- [--data DIR] [--quick] [--only NAME[,NAME]] [--write]
 *
 * --data DIR   a folder with the real posts and labelled sets that some need
 * --quick      small sizes: a table in some minutes, good to see what moved
 * --only NAME  these benches
 * --write      put the table (or the rows of --only) into docs/performance.md
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figureTable, type Row, withFigureTable } from './figure-table.ts';
import { type Bench, benches, dataFolder } from './plan.ts';
import { runBench } from './run-bench.ts';

const mostMs = 3_600_000;
const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
  },
});
const only = values.only.flatMap((names) => names.split(','));
const unknown = only.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0)
  fail(`no bench is called ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`);
if (values.write && values.quick) fail('--write puts full sizes into docs/performance.md: leave --quick out');

const measurement = {
  at: new Date(),
  cores: availableParallelism(),
  node: process.version,
  load: loadavg()[0] ?? 0,
  only,
};
if (measurement.load > 1) {
  process.stderr.write(
    `The load average is ${measurement.load.toFixed(1)}: something else is running, and times will be worse for it.\n`,
  );
}
const chosen = benches.filter(({ name }) => only.length === 0 || only.includes(name));
if (values.write) {
  const without = chosen.filter(({ data }) => data !== undefined && folderWith(data) === null);
  if (without.length > 0) {
    fail(`--write needs --data DIR with ${[...new Set(without.map(({ data }) => data))].join(' and ')}`);
  }
}
const rows: Row[] = [];
for (const bench of chosen) rows.push(...(await rowsOf(bench)));
process.stdout.write(`${figureTable(rows, measurement)}\n`);
if (values.write) writeFileSync(page, withFigureTable(readFileSync(page, 'utf8'), rows, measurement));

async function rowsOf(bench: Bench): Promise<readonly Row[]> {
  const { name, subject, data } = bench;
  const missing = (words: string): Row[] => [{ bench: name, figure: { what: subject, missing: words } }];
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  if (!existsSync(file)) return missing(`bench/${name}.ts is not there`);
  const folder = data === undefined ? '' : folderWith(data);
  if (folder === null) return missing(`needs \`--data DIR\` (${data})`);
  const args = (values.quick ? bench.quick : bench.full).map((each) => (each === dataFolder ? folder : each));
  process.stderr.write(`\n== node bench/${name}.ts ${args.join(' ')}\n`);
  const started = performance.now();
  const { figures, ended } = await runBench(file, args, mostMs);
  process.stderr.write(`== ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  const told = figures.map((figure): Row => ({ bench: name, figure }));
  return ended === null ? told : [...told, ...missing(ended)];
}

/** The folder itself, or one in it, that has this file. */
function folderWith(file: string): string | null {
  if (values.data === undefined) return null;
  const root = resolve(values.data);
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const places = [root, ...folders.map(({ name }) => join(root, name))];
  return places.find((place) => existsSync(join(place, file))) ?? null;
}

function fail(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}
