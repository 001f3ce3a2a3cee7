/**
 * Whether the server stays ready under siege: 10,000 connections that hang,
 * 1,000 that send their headers letter by letter, bodies announced as a
 * gigabyte, headers of a megabyte, junk behind a hundred requests on one
 * connection, all at once. Prints how long the others had to wait for an
 * answer; one in two of them asks whether the server is ready.
 *
 * Usage: node scripts/build.mjs && node bench/api-siege.ts [seconds=30]
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { makeBench, makeKey, residentMb, startProgram } from './api-program.ts';
import { tellFigure } from './figure.ts';

const [seconds = 30] = process.argv.slice(2).map(Number);
const bench = await makeBench(2000);
const token = makeKey(bench, 'run');
const { child, url } = await startProgram(bench);
const { port } = new URL(url);
const besieger = fileURLToPath(new URL('api-siege-child.ts', import.meta.url));
const besiegers = [...Array.from({ length: 5 }, () => ['2000', 'hang']), ['1000', 'drip']].map((args) =>
  spawn(process.execPath, [besieger, port, ...args], { stdio: ['ignore', 'inherit', 'ignore'] }),
);
const attacks = [
  `POST /v1/posts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n${'a'.repeat(65_536)}`,
  `GET /health HTTP/1.1\r\nHost: x\r\n${`X-Bomb: ${'a'.repeat(1000)}\r\n`.repeat(1000)}\r\n`,
  `${'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100)}\u0000\u00ff junk \r\n\r\n GET`,
];
const flood = setInterval(() => {
  for (const attack of attacks) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(attack, 'latin1');
  }
}, 200);
const waits: number[] = [];
let failures = 0;
try {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const from = performance.now();
    try {
      const headers = { authorization: `Bearer ${token}`, connection: 'close' };
      const path = waits.length % 2 === 0 ? '/v1/signals' : '/ready';
      const { status } = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(5000) });
      if (status !== 200) failures += 1;
    } catch {
      failures += 1;
    }
    waits.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  console.log(
    `${waits.length} requests in ${seconds} s, ${failures} failed; median ${at(0.5)} ms, p99 ${at(0.99)} ms; memory ${residentMb(child.pid).toFixed(0)} MB`,
  );
  tellFigure({
    what: `failed of ${waits.length} requests of others, beside 10,000 connections that hang, 1,000 that drip and bodies of 1 GB`,
    value: failures,
    unit: '',
    aim: { of: 'value', most: 0 },
  });
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  clearInterval(flood);
  for (const each of besiegers) each.kill('SIGKILL');
  child.kill('SIGTERM');
  rmSync(bench.folder, { recursive: true, force: true });
}
