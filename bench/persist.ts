/**
 * Storing posts against raw prepared inserts: node bench/persist.ts FOLDER [POSTS]
 *
 * FOLDER holds airline-tweets.ndjson (see post-texts.ts). Both write pages of
 * 500 posts, each in one transaction, into the same tables and indexes with the
 * same driver; the store also looks for posts that it knows, keeps the cursor
 * and counts the day; a third time with every statement timed and named, as
 * the program does it. Five rounds, taken in turns; the best of each. What the
 * timing costs lies below the noise of such a comparison, so a statement that
 * does nothing is timed as well, and the share is made of that.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CleanPost } from '../source/domain/post.ts';
import { TimingBook } from '../source/domain/timings.ts';
import type { StoreWatch } from '../source/ports/timings.ts';
import { underName } from '../source/store/query-names.ts';
import { StatementWatch } from '../source/store/statement-watch.ts';
import { openStore } from '../source/store/store.ts';
import { tellFigure } from './figure.ts';
import { postPages } from './post-pages.ts';
import { pageOf, rawInsertRate } from './raw-inserts.ts';

const [folder, count = '100000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/persist.ts FOLDER [POSTS]');
const pages = [...postPages(folder, Number(count), { now: Date.UTC(2026, 10, 22) })];

const rates = { raw: 0, store: 0, timed: 0 };
const cpuMs = { store: Number.POSITIVE_INFINITY, timed: Number.POSITIVE_INFINITY };
const watch: StoreWatch = { timings: new TimingBook(), slow: { fromMs: 250, tell: () => undefined } };
for (let round = 0; round < 5; round += 1) {
  rates.raw = Math.max(rates.raw, await inFolder((place) => rawInsertRate(place, pages)));
  const ways = [['store', undefined] as const, ['timed', watch] as const];
  for (const [name, watched] of round % 2 === 0 ? ways : ways.reverse()) {
    const measured = await inFolder((place) => storeRate(place, pages, watched));
    rates[name] = Math.max(rates[name], measured.rate);
    cpuMs[name] = Math.min(cpuMs[name], measured.cpuMs);
  }
}
const statements = watch.timings.read().queries.reduce((total, { count: times }) => total + times, 0) / 5;
console.log(`processor: ${cpuMs.store.toFixed(0)} ms, timed ${cpuMs.timed.toFixed(0)} ms`);
for (const name of ['store', 'timed'] as const) {
  tellFigure({
    what: `storing ${Number(count).toLocaleString('en-US')} posts${name === 'timed' ? ', every statement timed' : ''}`,
    value: rates[name],
    unit: 'posts/s',
    floor: { what: 'raw prepared inserts', value: rates.raw },
    aim: { of: 'ratio', least: 0.7 },
  });
}
const costNs = timingCostNs();
const share = (costNs * statements) / 1e6 / cpuMs.store;
console.log(
  `${statements.toFixed(0)} statements were timed; one costs ${costNs.toFixed(0)} ns, all of them ${(share * 100).toFixed(2)}%`,
);

/** Processor time of timing one statement, in nanoseconds. */
function timingCostNs(): number {
  const connection = new Database(':memory:');
  const watching = new StatementWatch(connection, watch);
  const times = 1_000_000;
  const before = process.cpuUsage();
  underName('savePage', () => {
    for (let time = 0; time < times; time += 1) {
      watching.time(
        'select 1',
        0,
        () => 1,
        () => 1,
      );
    }
  });
  const { user, system } = process.cpuUsage(before);
  connection.close();
  return ((user + system) * 1000) / times;
}

async function storeRate(
  place: string,
  all: readonly (readonly CleanPost[])[],
  watched: StoreWatch | undefined,
): Promise<{ rate: number; cpuMs: number }> {
  const store = await openStore(join(place, 'store.sqlite'), undefined, undefined, watched);
  let stored = 0;
  const started = performance.now();
  const before = process.cpuUsage();
  for (const posts of all) stored += (await store.savePage(pageOf(posts))).added;
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = performance.now() - started;
  await store.close();
  return { rate: stored / (elapsedMs / 1000), cpuMs: (user + system) / 1000 };
}

async function inFolder<Result>(measure: (place: string) => Promise<Result>): Promise<Result> {
  const place = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
  try {
    return await measure(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}
