import { signalStatuses } from '../domain/signal.ts';
import { categoryIds } from '../domain/taxonomy.ts';
import { exitCodes } from '../errors.ts';
import type { CappedCount, Harvester } from '../harvester/harvester.ts';
import { defineCommand } from './command.ts';
import { printJson, printText } from './print.ts';
import { printSources } from './source-list.ts';

interface Stats {
  readonly posts: number;
  readonly signals: number;
  readonly byStatus: Readonly<Record<string, CappedCount>>;
  /** Of the signals in the inbox. */
  readonly inboxByCategory: Readonly<Record<string, CappedCount>>;
}

export const statsCommand = defineCommand({
  name: 'stats',
  summary: 'Count what is stored, or show how every source is doing',
  usage: 'stats [--sources]',
  details:
    'Posts, signals by status, and the categories of the inbox. A count of signals stops at 10,000, which is then written "10000+".',
  json: '{ "posts", "signals", "byStatus": { STATUS: { "count", "capped" } }, "inboxByCategory": { NAME: { "count", "capped" } } }; with --sources as "sources list" prints it',
  examples: [
    { command: 'signal-harvester stats', meaning: 'how much there is, and how much is undecided' },
    { command: 'signal-harvester stats --sources', meaning: 'the same as "sources list"' },
  ],
  flags: { sources: { type: 'boolean', summary: 'How every source is doing, as "sources list" says it' } },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    if (flags.sources) {
      await printSources(context);
      return exitCodes.done;
    }
    const stats = await countAll(await context.open());
    if (context.json) await printJson(context, stats);
    else await printText(context, describeStats(stats));
    return exitCodes.done;
  },
});

async function countAll(harvester: Harvester): Promise<Stats> {
  const { posts, signals } = await harvester.store.status();
  const byStatus: Record<string, CappedCount> = {};
  for (const status of signalStatuses) {
    byStatus[status] = await harvester.signals.count({ statuses: [status] });
  }
  const inboxByCategory: Record<string, CappedCount> = {};
  for (const category of categoryIds) {
    inboxByCategory[category] = await harvester.signals.count({
      statuses: ['inbox'],
      categories: [category],
    });
  }
  return { posts, signals, byStatus, inboxByCategory };
}

function describeStats({ posts, signals, byStatus, inboxByCategory }: Stats): string {
  const line = (name: string, count: string) => `${name.padEnd(12)}${count}`;
  const lines = (counts: Stats['byStatus']) =>
    Object.entries(counts).map(([name, { count, capped }]) =>
      line(`  ${name}`, `${count}${capped ? '+' : ''}`),
    );
  return [
    line('posts', String(posts)),
    line('signals', String(signals)),
    ...lines(byStatus),
    'inbox',
    ...lines(inboxByCategory),
  ].join('\n');
}
