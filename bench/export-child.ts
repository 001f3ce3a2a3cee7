/** One export in a process of its own: prints rows, seconds, its resident memory at 10,000 and 100,000 rows, and the peak. */

import { exportSignals } from '../source/harvester/export-file.ts';
import type { ExportFormat } from '../source/harvester/export-formats.ts';
import { createSignalLists } from '../source/harvester/signal-lists.ts';
import { createTransfer } from '../source/harvester/transfer.ts';
import { openStore } from '../source/store/store.ts';
import { filledAt, halfLifeHours } from './browse/big-store.ts';

const [path = '', format = 'ndjson', file = ''] = process.argv.slice(2);
const store = await openStore(path);
const clock = { now: () => filledAt, sleep: async () => undefined };
const lists = createSignalLists({
  store,
  clock,
  scoring: { settings: { cap: 100, halfLifeHours } as never },
  sources: [],
  categories: [],
  analyst: 'ann',
  timeZone: 'UTC',
});
const grouping = { windowHours: 72, minSimilarity: 0.8, reopenResolved: false };
const transfer = createTransfer({ store, clock, grouping, lists, actor: 'analyst' });
let seen = 0;
const residentMb: number[] = [];
const counted: typeof transfer = {
  ...transfer,
  page: async (request) => {
    const page = await transfer.page(request);
    const before = seen;
    seen += page.signals.length;
    for (const rows of [10_000, 100_000]) {
      if (before < rows && seen >= rows) residentMb.push(process.memoryUsage.rss() / 1e6);
    }
    return page;
  },
};
const started = performance.now();
const { signals } = await exportSignals(
  {
    harvester: { transfer: counted },
    query: { order: 'rank' },
    limit: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    about: { at: filledAt, topic: '' },
  },
  file,
  format as ExportFormat,
);
const seconds = (performance.now() - started) / 1000;
await store.close();
process.stdout.write(
  JSON.stringify({ rows: signals, seconds, residentMb, peakMb: process.resourceUsage().maxRSS / 1000 }),
);
