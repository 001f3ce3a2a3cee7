import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runBench } from '../../bench/run-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function benchOf(code: string): string {
  const file = join(folder, 'bench.mjs');
  writeFileSync(file, code);
  return file;
}

const tell = (what: string) => `process.send({ figure: { what: ${what}, value: 1, unit: 'ms' } });`;

test('a bench is given its arguments and its figures are collected, whatever its exit says of aims', async () => {
  const file = benchOf(`${tell('process.argv[2]')} ${tell("'second'")} process.exitCode = 1;`);
  expect(await runBench(file, ['first'], 30_000)).toEqual({
    figures: [
      { what: 'first', value: 1, unit: 'ms' },
      { what: 'second', value: 1, unit: 'ms' },
    ],
    ended: null,
  });
});

test('a bench that fails, one that tells nothing and one that never ends are said to have', async () => {
  const outcomes = [
    await runBench(benchOf('process.exitCode = 3;'), [], 30_000),
    await runBench(benchOf(''), [], 30_000),
    await runBench(benchOf('setInterval(() => {}, 1000);'), [], 300),
  ];
  expect(outcomes.map(({ ended }) => ended)).toEqual([
    'failed (exit 3)',
    'told no figure',
    'was ended by SIGTERM',
  ]);
});
