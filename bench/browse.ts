/**
 * How long the lists, searches and counts of the browser take at a million
 * signals, through the application as the screen calls it, against a floor of
 * the same run: a bare prepared keyset page by rank. The store is built once
 * (some minutes) and kept in the folder for temporary files. "cpu p95" is time
 * of the processor: on a machine with other work it is the one to look at.
 *
 * Usage: node bench/browse.ts [signals]
 */
import { builtInViews } from '../source/domain/view.ts';
import { createSignalLists, type SignalPageRequest } from '../source/harvester/signal-lists.ts';
import { openStoreFile } from '../source/store/database.ts';
import { openStore } from '../source/store/store.ts';
import { bigStore, filledAt, halfLifeHours } from './browse/big-store.ts';
import { tellFigure } from './figure.ts';

const signals = Number(process.argv[2] ?? 1_000_000);
const samples = Number(process.argv[3] ?? 60);
const path = await bigStore(signals);
const store = await openStore(path);
const score = { cap: 100, halfLifeHours };
const lists = createSignalLists({
  store,
  clock: { now: () => filledAt, sleep: async () => undefined },
  scoring: { settings: score as never },
  sources: [],
  categories: [],
  analyst: 'ann',
  timeZone: 'Europe/Berlin',
});

const floor = await measureFloor();
process.stdout.write(`${signals} signals, ${samples} samples each; floor p50 ${floor.p50.toFixed(3)} ms\n\n`);
process.stdout.write(
  `${'p50 ms'.padStart(8)}${'p95 ms'.padStart(9)}${'cpu p95'.padStart(9)}${'ratio'.padStart(8)}  what\n`,
);

/** The slowest of a class of questions, by the 95th percentile. */
interface Slowest {
  readonly what: string;
  readonly p50: number;
  readonly p95: number;
  readonly workedP95: number;
}
const slowest = new Map<Class, Slowest>();
type Class = 'a list, filter, view or count' | 'a search for words';

const limit = 100;
const orders = ['rank', 'newest', 'oldest', 'echoes', 'urgent'] as const;
for (const order of orders) {
  await page(`${order}: first page`, { order, limit });
  await page(`${order}: last page`, { order, limit, from: 'end' });
  const deep = await lists.around(Math.floor(signals / 2), { order }, 2);
  if (deep?.last) {
    await page(`${order}: deep page`, { order, limit, after: deep.last });
    await page(`${order}: deep page backward`, { order, limit, before: deep.last });
  }
}
for (const status of ['inbox', 'escalated', 'resolved', 'dismissed', 'snoozed'] as const) {
  for (const order of ['rank', 'newest', 'urgent'] as const) {
    await page(`status ${status}, ${order}`, { statuses: [status], order, limit });
  }
  await page(`status ${status}, last page`, { statuses: [status], limit, from: 'end' });
  await count(`status:${status}`);
}
const searches = [
  'category:bug',
  'category:outage,security -is:echo',
  'category:security urgency:5 lang:de',
  'category:security urgency:5 lang:de sort:newest',
  'category:churn status:escalated sort:echoes',
  'source:press',
  'source:forum sort:rank',
  'source:hackernews category:outage urgency:>=4',
  'author:user77777',
  'author:user3',
  'assignee:me',
  'assignee:none is:escalated',
  'tag:tag7',
  'tag:tag390',
  'lang:de',
  'lang:de status:escalated',
  'link:press.example',
  'score:>70',
  'score:<1',
  'urgency:5',
  'echoes:>20',
  'since:24h',
  'since:24h category:outage',
  'since:30d category:outage urgency:5',
  'before:2026-01-01',
  'is:corrected',
  'is:regressed',
  'has:note',
  'is:answered category:praise',
  'sentiment:positive urgency:5 category:outage is:escalated',
  'category:bug OR assignee:ann',
  'id:123456',
];
for (const search of searches) {
  await page(search, { search, limit });
  await count(search);
}
const texts = [
  'acme',
  'zirconium',
  'quokka',
  'nothingofthekind',
  'acme zirconium',
  'acme lokamika',
  '"lo ka"',
  '"acme zirconium"',
  'zirc*',
  'ka*',
  'ac*',
  'ログイン',
  '障',
  'acme category:security urgency:5',
  'acme -zirconium',
  '-acme',
  'acme status:escalated',
  '(zirconium OR quokka) category:bug',
  'quokka OR category:outage',
];
for (const search of texts) {
  await page(search, { search, limit }, 'a search for words');
  await count(search, `count ${search}`, 'a search for words');
}
for (const { name, query } of builtInViews) await count(query, `view ${name}`);
await measure('complete "tag:"', () => lists.complete('tag:', 4));
await measure('new since', () => lists.newSince(signals - 40, { search: 'is:undecided' }));
await measure('around', () => lists.around(Math.floor(signals * 0.7), { statuses: ['inbox'] }, limit));
await store.close();
for (const [name, { what, p50, p95, workedP95 }] of slowest) {
  const most = name === 'a search for words' ? 50 : 10;
  const size = `${signals.toLocaleString('en-US')} signals`;
  const bare = { what: 'a bare page', value: floor.p95 };
  const aim = { of: 'value', most } as const;
  const named = `p95 of ${name}, the slowest of all (\`${what}\`), ${size}`;
  tellFigure({ what: named, value: p95, unit: 'ms', floor: bare, aim });
  console.log(`  its median ${p50.toFixed(2)} ms, its p95 of processor time ${workedP95.toFixed(2)} ms`);
}

async function page(what: string, request: SignalPageRequest, of?: Class): Promise<void> {
  const first = await lists.page(request);
  const state = first.searching ? ', searching' : first.capped ? ', capped' : '';
  await measure(`${what} (${first.rows.length}${state})`, () => lists.page(request), of);
}

async function count(search: string, what = `count ${search}`, of?: Class): Promise<void> {
  const first = await lists.count({ search });
  await measure(`${what} (${first.count}${first.capped ? '+' : ''})`, () => lists.count({ search }), of);
}

async function measure(
  what: string,
  act: () => Promise<unknown>,
  of: Class = 'a list, filter, view or count',
): Promise<void> {
  for (let warm = 0; warm < 3; warm += 1) await act();
  const taken: number[] = [];
  const worked: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const started = performance.now();
    const before = process.cpuUsage();
    await act();
    taken.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    worked.push((user + system) / 1000);
  }
  const { p50, p95 } = quantiles(taken);
  const workedP95 = quantiles(worked).p95;
  if (p95 > (slowest.get(of)?.p95 ?? 0)) slowest.set(of, { what, p50, p95, workedP95 });
  const mark = p95 > 50 ? ' !!' : p95 > 10 ? ' !' : '';
  process.stdout.write(
    `${p50.toFixed(2).padStart(8)}${p95.toFixed(2).padStart(9)}${workedP95.toFixed(2).padStart(9)}${(p50 / floor.p50).toFixed(1).padStart(8)}  ${what}${mark}\n`,
  );
}

function quantiles(taken: readonly number[]): { p50: number; p95: number } {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

async function measureFloor(): Promise<{ p50: number; p95: number }> {
  const file = openStoreFile(path);
  const statement =
    file.connection.prepare(`SELECT signals.*, posts.* FROM signals JOIN posts ON posts.id = leadPostId
    WHERE mergedInto IS NULL AND rank IS NOT NULL AND (rank, signals.id) < (?, ?) ORDER BY rank DESC, signals.id DESC LIMIT 100`);
  const place = file.connection
    .prepare('SELECT rank, id FROM signals WHERE id = ?')
    .get(Math.floor(signals / 2)) as {
    rank: number;
    id: number;
  };
  const taken: number[] = [];
  for (let sample = 0; sample < samples + 3; sample += 1) {
    const started = performance.now();
    statement.all(place.rank, place.id);
    taken.push(performance.now() - started);
  }
  await file.db.destroy();
  return quantiles(taken.slice(3));
}
