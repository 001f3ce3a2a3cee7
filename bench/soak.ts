/**
 * Runs the built program for a time behind a network that fails, kills it at
 * random moments, and then holds its store against one that was harvested from
 * the same services in peace. Ends with 1 on any difference.
 *
 * Usage: node scripts/build.mjs && node bench/soak.ts [MINUTES=10] [SEED=1] [--rate POSTS_A_MINUTE=12] [--share FAULTS=0.2] [--pause SECONDS=3]
 *
 * A rate above 20 comes to the limit of messages that a rule may send in an hour.
 * The first half goes to runs, one after the other, half of them killed, and to
 * headless processes that live for half a minute; the second half to one
 * headless process whose memory and descriptors are measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomFrom } from '../test/faults/random.ts';
import { compareMessages, compareStores, compareWithWritten } from './soak/compare.ts';
import { type Ended, makeWorkplace, measure, run, startHeadless, type Workplace } from './soak/program.ts';
import { openWorld, type World } from './soak/world.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rate: { type: 'string', default: '12' },
    share: { type: 'string', default: '0.2' },
    pause: { type: 'string', default: '3' },
  },
});
const minutes = Number(positionals[0] ?? 10);
const seed = Number(positionals[1] ?? 1);
const pauseMs = Number(values.pause) * 1_000;
const random = randomFrom(seed + 1_000);
const problems: string[] = [];
const tally = { runs: 0, kills: 0, headless: 0, stops: 0 };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Done, in part, nothing reached, another run is at it; anything else is no answer to a bad network. */
const fair = new Set([0, 3, 4, 5]);

function judge(what: string, { code, signal, stderr }: Ended, isKilled: boolean): void {
  if (isKilled && signal === 'SIGKILL') tally.kills += 1;
  else if (code === null || !fair.has(code))
    problems.push(`${what} ended with ${code ?? signal}: ${stderr.slice(-600)}`);
}

/** Runs and short lives of headless mode, until `end`. */
async function harass(place: Workplace, end: number): Promise<void> {
  while (Date.now() < end) {
    if (random() < 0.75) {
      const killAfterMs = random() < 0.5 ? 300 + random() * 6_000 : null;
      tally.runs += 1;
      judge('run', await run(place, ['run', '--json'], killAfterMs), killAfterMs !== null);
    } else {
      tally.headless += 1;
      const { child, ended } = startHeadless(place);
      await Promise.race([wait(Math.min(5_000 + random() * 30_000, Math.max(0, end - Date.now()))), ended]);
      const isKilled = random() < 0.7;
      child.kill(isKilled ? 'SIGKILL' : 'SIGTERM');
      if (!isKilled) tally.stops += 1;
      judge('headless', await ended, isKilled);
    }
    await wait(pauseMs);
  }
}

/** One long life, measured. */
async function watch(place: Workplace, end: number): Promise<string> {
  const { child, ended } = startHeadless(place);
  const samples: { mb: number; descriptors: number }[] = [];
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  while (Date.now() < end && !isOver) {
    await wait(2_000);
    const sample = measure(child.pid);
    if (sample !== null) samples.push(sample);
  }
  const isDead = isOver;
  child.kill('SIGTERM');
  const { code, signal, stderr } = await ended;
  if (isDead || code !== 0) problems.push(`headless ended with ${code ?? signal}: ${stderr.slice(-600)}`);
  // The first quarter is left out: what is loaded and compiled by need comes in then.
  const [early, late] = [
    samples.slice(samples.length / 4, samples.length / 2),
    samples.slice(-samples.length / 4),
  ];
  const mean = (key: 'mb' | 'descriptors', of: typeof samples) =>
    of.reduce((sum, each) => sum + each[key], 0) / Math.max(1, of.length);
  const [mbBefore, mbAfter] = [mean('mb', early), mean('mb', late)];
  const most = (of: typeof samples) => Math.max(0, ...of.map(({ descriptors }) => descriptors));
  const ratio = mbAfter / mbBefore;
  if (ratio > 1.2) problems.push(`memory grows: ${mbBefore.toFixed(0)} to ${mbAfter.toFixed(0)} MB`);
  if (most(late) > most(early) + 8) problems.push(`descriptors grow: ${most(early)} to ${most(late)}`);
  return `memory ${mbBefore.toFixed(0)} -> ${mbAfter.toFixed(0)} MB (${ratio.toFixed(2)}, at most 1.2), descriptors at most ${most(early)} -> ${most(late)}, ${samples.length} samples`;
}

/** In peace, until nothing is left to do. */
async function finish(place: Workplace, isNotified: boolean): Promise<void> {
  let last = '';
  for (let turn = 0; turn < 40; turn += 1) {
    const ended = await run(place, ['run', '--json']);
    if (ended.code !== 0 && ended.code !== 3) judge('last run', ended, false);
    const done = isNotified ? await run(place, ['notify', '--retry', '--json']) : null;
    const { waiting = 0 } = done === null ? {} : (JSON.parse(done.stdout || '{}') as { waiting?: number });
    last = `${ended.code}, ${waiting} waiting, ${JSON.stringify(JSON.parse(ended.stdout || '{}').run?.sources?.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`))}`;
    if (ended.code === 0 && waiting === 0 && turn > 0) return;
    // Whatever was killed while it sent holds its message for a minute and four time limits.
    await wait(waiting > 0 ? 10_000 : 1_000);
  }
  problems.push(`it does not come to an end in peace: ${last}`);
}

async function soak(folder: string, world: World): Promise<string[]> {
  const place = makeWorkplace(join(folder, 'soaked'), world, world.faulty, {
    analyzers: ['openai', 'offline'],
    notified: true,
  });
  const startedAt = Date.now();
  const publishing = setInterval(world.publish, 60_000 / Number(values.rate));
  const telling = setInterval(() => {
    const spent = ((Date.now() - startedAt) / 60_000).toFixed(0);
    console.error(
      `${spent} of ${minutes} min: ${world.written.size} posts, ${world.requests()} requests, ${tally.kills} kills, ${problems.length} problems`,
    );
  }, 300_000);
  let watched: string;
  try {
    await harass(place, startedAt + minutes * 30_000);
    watched = await watch(place, startedAt + minutes * 60_000);
  } finally {
    clearInterval(publishing);
    clearInterval(telling);
  }
  world.quiet();
  await finish(place, true);
  const model = makeWorkplace(join(folder, 'model'), world, world.direct, {
    analyzers: ['openai'],
    notified: false,
  });
  const offline = makeWorkplace(join(folder, 'offline'), world, world.direct, {
    analyzers: ['offline'],
    notified: false,
  });
  await finish(model, false);
  await finish(offline, false);
  const check = await run(place, ['db', 'check', '--json']);
  if (check.code !== 0) problems.push(`db check: ${check.stdout} ${check.stderr}`);
  problems.push(...compareWithWritten(place.store, world));
  problems.push(...compareStores(place.store, { model: model.store, offline: offline.store }));
  const messages = compareMessages(place.store, world);
  problems.push(...messages.problems);
  const faults = [...world.met()].map(([fault, count]) => `${fault} ${count}`).sort();
  return [
    `${world.written.size} posts, ${world.requests()} requests, faults: ${faults.join(', ')}`,
    `${tally.runs} runs and ${tally.headless} headless processes, ${tally.kills} killed, ${tally.stops} stopped`,
    watched,
    `${world.slack.messages.length} messages in Slack, ${world.taken.length} at the webhook (${messages.again} again, with the key that they had)`,
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-soak-'));
const world = await openWorld(seed, Number(values.share));
try {
  for (const line of await soak(folder, world)) console.log(line);
} finally {
  await world.close();
  if (problems.length === 0) rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(`DIFFERENCE: ${problem}`);
console.log(problems.length === 0 ? 'the store equals the reference' : `kept for a look: ${folder}`);
process.exitCode = problems.length === 0 ? 0 : 1;
