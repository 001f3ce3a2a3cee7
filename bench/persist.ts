/**
 * Storing posts against raw prepared inserts: node bench/persist.ts FOLDER [POSTS]
 *
 * FOLDER holds airline-tweets.ndjson (see post-texts.ts). Both write pages of
 * 500 posts, each in one transaction, into the same tables and indexes with the
 * same driver; the store also looks for posts that it knows, keeps the cursor
 * and counts the day. Three rounds, taken in turns; the best of each.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CleanPost } from '../source/domain/post.ts';
import { openStore } from '../source/store/store.ts';
import { postPages } from './post-pages.ts';
import { pageOf, rawInsertRate } from './raw-inserts.ts';

const [folder, count = '100000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/persist.ts FOLDER [POSTS]');
const pages = [...postPages(folder, Number(count), { now: Date.UTC(2026, 10, 22) })];

const rates = { raw: 0, store: 0 };
for (let round = 0; round < 3; round += 1) {
  rates.raw = Math.max(rates.raw, await inFolder((place) => rawInsertRate(place, pages)));
  rates.store = Math.max(rates.store, await inFolder((place) => storeRate(place, pages)));
}
console.log(`raw prepared inserts  ${rates.raw.toFixed(0)} posts/s`);
console.log(
  `the store             ${rates.store.toFixed(0)} posts/s; ratio ${(rates.store / rates.raw).toFixed(2)}`,
);

async function storeRate(place: string, all: readonly (readonly CleanPost[])[]): Promise<number> {
  const store = await openStore(join(place, 'store.sqlite'));
  let stored = 0;
  const started = performance.now();
  for (const posts of all) stored += (await store.savePage(pageOf(posts))).added;
  const elapsedMs = performance.now() - started;
  await store.close();
  return stored / (elapsedMs / 1000);
}

async function inFolder(measure: (place: string) => Promise<number>): Promise<number> {
  const place = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
  try {
    return await measure(place);
  } finally {
    rmSync(place, { recursive: true });
  }
}
