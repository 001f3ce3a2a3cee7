/**
 * How long the figures of the dashboard take at a million signals, for each of
 * its windows, as the application answers, against a floor of the same run:
 * reading the times of the same signals from their index, which no count over
 * time can do without.
 *
 * "cpu" is time of the processor: on a machine with other work it is the one to
 * look at, and the ratio is made of it.
 *
 * Usage: node bench/insight.ts [signals] [samples]
 */
import { dashboardWindows, spanOfWindow } from '../source/domain/dashboard-window.ts';
import { categoryIds } from '../source/domain/taxonomy.ts';
import { createInsight } from '../source/harvester/insight.ts';
import { openStoreFile } from '../source/store/database.ts';
import { openStore } from '../source/store/store.ts';
import { bigStore, filledAt, halfLifeHours } from './browse/big-store.ts';
import { type Figure, tellFigure } from './figure.ts';

const signals = Number(process.argv[2] ?? 1_000_000);
const samples = Number(process.argv[3] ?? 3);
const searches = ['', 'status:inbox category:bug', 'source:press', 'zirconium', 'acme'];
const timeZone = 'Europe/Berlin';

const figures: Figure[] = [];
const path = await bigStore(signals);
const file = openStoreFile(path);
const store = await openStore(path);
const insight = createInsight({
  store,
  clock: { now: () => filledAt, sleep: async () => undefined },
  scoring: { settings: { cap: 100, halfLifeHours } as never },
  sources: [],
  analyst: 'ann',
  timeZone,
  categories: categoryIds,
});
const times = file.connection.prepare(
  'SELECT count(*) FROM signals INDEXED BY signals_by_time WHERE mergedInto IS NULL AND createdAt >= ? AND createdAt < ?',
);

process.stdout.write(`${signals} signals; median of ${samples}\n\n`);
process.stdout.write(
  `${'ms'.padStart(8)}${'cpu ms'.padStart(8)}${'floor'.padStart(8)}${'ratio'.padStart(8)}${'signals'.padStart(9)}  what\n`,
);
for (const window of dashboardWindows) {
  const span = spanOfWindow(window, filledAt, timeZone);
  const floor = await median(async () => times.get(2 * span.since - span.until, span.until));
  for (const search of searches) {
    let last = await insight.read({ ...span, bucket: window.bucket, search });
    const took = await median(async () => {
      last = await insight.read({ ...span, bucket: window.bucket, search });
    });
    const marks = `${last.capped ? ' (capped)' : ''}${last.sampled ? ' (sampled)' : ''}`;
    process.stdout.write(
      `${took.ms.toFixed(0).padStart(8)}${took.cpuMs.toFixed(0).padStart(8)}${floor.cpuMs.toFixed(2).padStart(8)}` +
        `${(took.cpuMs / floor.cpuMs).toFixed(0).padStart(8)}` +
        `${String(last.signals.total).padStart(9)}  ${window.name}${search === '' ? '' : `, ${search}`}${marks}\n`,
    );
    if (search !== '') continue;
    figures.push({
      what: `the dashboard of ${window.name}, ${signals.toLocaleString('en-US')} signals, processor time`,
      value: took.cpuMs,
      unit: 'ms',
      floor: { what: 'reading their times', value: floor.cpuMs },
    });
  }
}
for (const figure of figures) tellFigure(figure);
await store.close();
await file.db.destroy();
file.connection.close();

async function median(act: () => Promise<unknown>): Promise<{ readonly ms: number; readonly cpuMs: number }> {
  const took: { ms: number; cpuMs: number }[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const began = performance.now();
    const cpu = process.cpuUsage();
    await act();
    const { user, system } = process.cpuUsage(cpu);
    took.push({ ms: performance.now() - began, cpuMs: (user + system) / 1000 });
  }
  return took.toSorted((a, b) => a.cpuMs - b.cpuMs)[Math.floor(samples / 2)] ?? { ms: 0, cpuMs: 0 };
}
