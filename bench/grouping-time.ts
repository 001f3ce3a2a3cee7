/**
 * What placing a post costs as the store grows: node bench/grouping-time.ts FOLDER [POSTS] [--at-once]
 *
 * FOLDER holds airline-tweets.ndjson (see post-texts.ts). The posts are spread over a year, or with --at-once over four days: then all of them are
 * within one window of grouping, and nothing is ever too old to be looked at.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGroupPlanner } from '../source/pipeline/group.ts';
import { openStore } from '../source/store/store.ts';
import { tellFigure } from './figure.ts';
import { postPages } from './post-pages.ts';
import { pageOf, perPage } from './raw-inserts.ts';

const [folder, count = '1000000', mode] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/grouping-time.ts FOLDER [POSTS] [--at-once]');
const total = Number(count);
const now = Date.UTC(2026, 10, 22);
const spreadMs = (mode === '--at-once' ? 4 : 365) * 86_400_000;

const place = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
const store = await openStore(join(place, 'store.sqlite'));
const planner = createGroupPlanner({ windowHours: 168, minSimilarity: 0.55, reopenResolved: true });
try {
  let spentUs = 0;
  let echoes = 0;
  const step = Math.max(1000, Math.floor(total / 10));
  let from = 0;
  const perPost: number[] = [];
  for (const posts of postPages(folder, total, { now, spreadMs })) {
    await store.savePage(pageOf(posts));
    // Time on the processor: what else the machine does meanwhile is none of ours.
    const started = process.cpuUsage();
    const placed = await store.group(perPage, planner);
    const { user, system } = process.cpuUsage(started);
    spentUs += user + system;
    echoes += placed.filter(({ opens }) => !opens).length;
    from += posts.length;
    if (from % step === 0) {
      const perPostUs = spentUs / step;
      console.log(
        `${String(from).padStart(8)} posts  ${perPostUs.toFixed(0).padStart(5)} µs a post  ${((100 * echoes) / step).toFixed(1)}% echoes`,
      );
      perPost.push(perPostUs);
      spentUs = 0;
      echoes = 0;
    }
  }
  tellFigure({
    what: `placing a post in a store of ${total.toLocaleString('en-US')} posts, processor time`,
    value: perPost.at(-1) ?? Number.NaN,
    unit: 'µs',
    floor: { what: 'in one of a tenth', value: perPost[0] ?? Number.NaN },
  });
} finally {
  await store.close();
  rmSync(place, { recursive: true });
}
