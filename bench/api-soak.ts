/**
 * Mixed load while a harvest runs: lists, single signals, decisions, pushed
 * posts (which start the runs), figures. No request may fail, and memory must stay flat: the last
 * third of the samples is held against the third before it, both behind a
 * warm-up in which every thread is started and every cache filled. The store
 * is large from the beginning, and grows by what is pushed until all posts
 * of the bench are known; from then on pushes change what is there.
 *
 * Usage: node scripts/build.mjs && node bench/api-soak.ts [minutes=10]
 */
import { rmSync } from 'node:fs';
import { makeBench, makeKey, residentMb, startProgram } from './api-program.ts';
import { tellFigure } from './figure.ts';

const signals = 60_000;
const pushable = 5000;
const mostGrowth = 1.1;

const [minutes = 10] = process.argv.slice(2).map(Number);
const bench = await makeBench(signals, 'sources:\n  - { name: desk, kind: webhook }\n');
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

const any = (most: number) => 1 + Math.floor(Math.random() * most);
/** Ids that are there: some posts are echoes of others, so not every number up to the newest is a signal. */
const known: number[] = [];
for (let next: string | null = '/v1/signals?limit=200&fields=id'; next !== null && known.length < 10_000; ) {
  const response: Response = await fetch(`${url}${next}`, { headers });
  const page = (await response.json()) as { signals: { id: number }[] };
  known.push(...page.signals.map(({ id }) => id));
  next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
}
const anyKnown = () => known[any(known.length) - 1] ?? 1;
const pushed = (id: number) => ({
  id: String(id),
  text: `soak ${id * 7919} ${id * 104_729}`,
  likes: any(100),
});
const acts = [
  () => ask('GET', `/v1/signals?limit=${any(100)}`),
  () => ask('GET', '/v1/signals?search=word&limit=20'),
  () => ask('GET', `/v1/signals/${anyKnown()}`),
  () => ask('PATCH', `/v1/signals/${anyKnown()}`, { assignee: `a${any(9)}` }),
  () =>
    ask('POST', '/v1/posts', {
      source: 'desk',
      posts: Array.from({ length: 20 }, () => pushed(any(pushable))),
    }),
  () => ask('GET', '/metrics'),
  () => ask('GET', '/v1/top'),
];
const samples: number[] = [];
let running = 0;
async function look(): Promise<void> {
  samples.push(residentMb(child.pid));
  const response = await fetch(`${url}/v1/runs?limit=1`, { headers });
  const { runs } = (await response.json()) as { runs: { state: string }[] };
  if (runs[0]?.state === 'running') running += 1;
}
const end = Date.now() + minutes * 60_000;
const sampling = setInterval(
  () => void look().catch((error: unknown) => failures.set(String(error), 1)),
  5000,
);
try {
  const lane = async () => {
    while (Date.now() < end) await (acts[any(acts.length) - 1] ?? acts[0])?.();
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  const third = Math.floor(samples.length / 3);
  const mean = (numbers: readonly number[]) =>
    numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
  const [before, after] = [mean(samples.slice(third, 2 * third)), mean(samples.slice(2 * third))];
  const each = Math.max(1, Math.floor(samples.length / 15));
  const shown = samples.filter((_, index) => index % each === 0).map((mb) => mb.toFixed(0));
  console.log(`${sent} requests in ${minutes} min; failed: ${JSON.stringify([...failures])}`);
  console.log(`a run was in progress at ${running} of ${samples.length} looks`);
  console.log(`memory ${shown.join(' ')} MB`);
  tellFigure({
    what: `failed of ${sent.toLocaleString('en-US')} requests in ${minutes} min of mixed load and harvest`,
    value: [...failures.values()].reduce((sum, each) => sum + each, 0),
    unit: '',
    aim: { of: 'value', most: 0 },
  });
  tellFigure({
    what: `memory of the server in the last third of ${minutes} min`,
    value: after,
    unit: 'MB',
    floor: { what: 'in the third before', value: before },
    aim: { of: 'ratio', most: mostGrowth },
  });
  process.exitCode = failures.size === 0 && running > 0 && after <= before * mostGrowth ? 0 : 1;
} finally {
  clearInterval(sampling);
  child.kill('SIGTERM');
  rmSync(bench.folder, { recursive: true, force: true });
}
