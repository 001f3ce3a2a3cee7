/**
 * Mixed load while a harvest runs: lists, single signals, decisions, pushed
 * posts, figures. No request may fail, and memory must stay flat.
 *
 * Usage: node scripts/build.mjs && node bench/api-soak.ts [minutes=10]
 */
import { rmSync } from 'node:fs';
import { makeBench, makeKey, residentMb, startProgram } from './api-program.ts';

const [minutes = 10] = process.argv.slice(2).map(Number);
const bench = await makeBench(20_000, 'sources:\n  - { name: desk, kind: webhook }\n');
const token = makeKey(bench, 'admin');
const { child, url } = await startProgram(bench);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
let sent = 0;
const failures = new Map<string, number>();

async function ask(method: string, path: string, body?: unknown): Promise<void> {
  sent += 1;
  const options = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const outcome = await fetch(`${url}${path}`, options).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status < 400 ? 'ok' : `${method} ${path.split('?')[0]} ${response.status}`;
    },
    (error: unknown) => String(error),
  );
  if (outcome !== 'ok') failures.set(outcome, (failures.get(outcome) ?? 0) + 1);
}

/** Some posts are echoes of others, so there are somewhat fewer signals than posts. */
const known = 19_500;
const any = (most: number) => 1 + Math.floor(Math.random() * most);
const acts = [
  () => ask('GET', `/v1/signals?limit=${any(100)}`),
  () => ask('GET', '/v1/signals?search=word&limit=20'),
  () => ask('GET', `/v1/signals/${any(known)}`),
  () => ask('PATCH', `/v1/signals/${any(known)}`, { assignee: `a${any(9)}` }),
  () =>
    ask('POST', '/v1/posts', {
      source: 'desk',
      posts: Array.from({ length: 20 }, () => ({
        id: String(Math.random()),
        text: `soak ${any(1e9)} ${any(1e9)}`,
      })),
    }),
  () => ask('GET', '/metrics'),
  () => ask('GET', '/v1/top'),
];
const samples: number[] = [];
const end = Date.now() + minutes * 60_000;
const sampling = setInterval(() => samples.push(residentMb(child.pid)), 5000);
try {
  const lane = async () => {
    while (Date.now() < end) await (acts[any(acts.length) - 1] ?? acts[0])?.();
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  const half = Math.floor(samples.length / 2);
  const mean = (numbers: readonly number[]) =>
    numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
  const [early, late] = [
    mean(samples.slice(Math.floor(half / 2), half)),
    mean(samples.slice(-Math.ceil(half / 2))),
  ];
  console.log(
    `${sent} requests in ${minutes} min; failed: ${JSON.stringify([...failures])}; memory ${early.toFixed(0)} -> ${late.toFixed(0)} MB, ratio ${(late / early).toFixed(2)} (at most 1.3)`,
  );
  process.exitCode = failures.size === 0 && late <= early * 1.3 ? 0 : 1;
} finally {
  clearInterval(sampling);
  child.kill('SIGTERM');
  rmSync(bench.folder, { recursive: true, force: true });
}
