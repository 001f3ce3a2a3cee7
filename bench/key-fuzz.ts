/**
 * Types random keys into the built program through a real pseudo-terminal,
 * with resizes, and has the store checked afterwards. What is asked is no
 * speed but that nothing breaks: it ends with a stack when something does.
 *
 * Usage: node scripts/build.mjs && node bench/key-fuzz.ts [keys] [seed]
 */
import { typeRandomKeys } from '../test/terminal/random-keys.ts';

const keys = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const started = performance.now();
const { left, decided, check } = await typeRandomKeys(keys, seed);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${keys} keys (seed ${seed}) in ${seconds.toFixed(0)} s; left and started again ${left} times; ${decided} decisions; db check: exit ${check.code}\n`,
);
if (check.code !== 0) process.exitCode = 1;
