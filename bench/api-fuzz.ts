/**
 * Requests made from the OpenAPI document, right ones and broken ones, at the
 * built program; every answer is held against the document.
 *
 * Usage: node scripts/build.mjs && node bench/api-fuzz.ts [requests=20000] [seed=1]
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, fuzz } from '../test/http/fuzzing.ts';
import { makeBench, makeKey, residentMb, startProgram } from './api-program.ts';
import { tellFigure } from './figure.ts';

const [requests = 20_000, seed = 1] = process.argv.slice(2).map(Number);
const bench = await makeBench(2000, 'sources:\n  - { name: one, kind: webhook }\n');
const token = makeKey(bench, 'admin');
const { child, url } = await startProgram(bench);
try {
  const headers = { authorization: `Bearer ${token}` };
  const document = (await (await fetch(`${url}/openapi.json`, { headers })).json()) as Document;
  const before = residentMb(child.pid);
  const report = await fuzz({ url, token, document, requests, seed });
  const ready = (await fetch(`${url}/health`)).status;
  console.log(report.requests, 'requests:', JSON.stringify(report.byStatus));
  console.log(`health ${ready}, memory ${before.toFixed(0)} -> ${residentMb(child.pid).toFixed(0)} MB`);
  for (const fault of report.faults) console.log(fault.slice(0, 200));
  const failures = readFileSync(join(bench.folder, 'stdout.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"request failed"'))
    .map((line) =>
      (JSON.parse(line) as { err: { stack: string } }).err.stack.split('\n').slice(0, 3).join(' '),
    );
  for (const failure of new Set(failures)) console.log(failure);
  tellFigure({
    what: `5xx, hangs and answers unlike the document, of ${requests.toLocaleString('en-US')} requests made from it`,
    value: report.faults.length,
    unit: '',
    aim: { of: 'value', most: 0 },
  });
  process.exitCode = report.faults.length === 0 && ready === 200 ? 0 : 1;
} finally {
  child.kill('SIGTERM');
  rmSync(bench.folder, { recursive: true, force: true });
}
