/**
 * Requests a second of `GET /v1/signals` (50 of many signals) with log, keys,
 * limits and figures on, against bare node:http that answers the same rows
 * through the same prepared statements, in turns.
 *
 * Usage: node scripts/build.mjs && node bench/api-load.ts [signals=100000] [seconds=8] [turns=3]
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { firstLine, makeBench, makeKey, startProgram } from './api-program.ts';

const [signals = 100_000, seconds = 8, turns = 3] = process.argv.slice(2).map(Number);
const target = 0.7;
const connections = 10;

const bench = await makeBench(signals);
const token = makeKey(bench, 'read');
const floorFile = fileURLToPath(new URL('api-floor-child.ts', import.meta.url));
const floor = spawn(process.execPath, [floorFile, bench.store], { stdio: ['ignore', 'pipe', 'inherit'] });
const floorUrl = `http://127.0.0.1:${await firstLine(floor, (line) => line)}`;
const { child, url } = await startProgram(bench);

async function measure(base: string, headers: Record<string, string>, duration: number) {
  const result = await autocannon({ url: `${base}/v1/signals`, connections, duration, headers });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const headers = { authorization: `Bearer ${token}` };
const results: { floor: Awaited<ReturnType<typeof measure>>; served: Awaited<ReturnType<typeof measure>> }[] =
  [];
try {
  // Both warm.
  await measure(floorUrl, {}, 2);
  await measure(url, headers, 2);
  for (let turn = 0; turn < turns; turn += 1) {
    results.push({
      floor: await measure(floorUrl, {}, seconds),
      served: await measure(url, headers, seconds),
    });
  }
} finally {
  floor.kill();
  child.kill('SIGTERM');
  rmSync(bench.folder, { recursive: true, force: true });
}
for (const { floor: bare, served } of results) {
  console.log(
    `node:http ${bare.perSecond.toFixed(0)}/s p99 ${bare.p99} ms   /v1/signals ${served.perSecond.toFixed(0)}/s p50 ${served.p50} p99 ${served.p99} ms   ratio ${(served.perSecond / bare.perSecond).toFixed(2)}`,
  );
}
const ratio = median(results.map(({ floor: bare, served }) => served.perSecond / bare.perSecond));
const p99 = median(results.map(({ served }) => served.p99));
console.log(`${signals} signals: ratio ${ratio.toFixed(2)} (at least ${target}), p99 ${p99} ms (at most 50)`);
process.exitCode = ratio >= target && p99 <= 50 ? 0 : 1;
