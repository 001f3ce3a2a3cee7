import type { DeliveryState } from '../domain/delivery.ts';
import { describeModelSpend } from '../domain/describe-spend.ts';
import { formatUsd } from '../domain/limits.ts';
import { signalStatuses } from '../domain/signal.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { ModelBooks } from '../harvester/analysis-desk.ts';
import type { CappedCount, Harvester } from '../harvester/harvester.ts';
import { defineCommand } from './command.ts';
import { timeOf } from './flag-value.ts';
import { printJson, printText, visible } from './print.ts';
import { printSources } from './source-list.ts';
import { describeInsight } from './stats-since.ts';
import { printTimings } from './stats-timings.ts';

const usualRuns = 20;

interface Stats {
  readonly posts: number;
  readonly signals: number;
  readonly byStatus: Readonly<Record<string, CappedCount>>;
  /** Of the signals in the inbox. */
  readonly inboxByCategory: Readonly<Record<string, CappedCount>>;
  readonly models: ModelBooks;
  /** Notifications by state. */
  readonly deliveries: Readonly<Record<DeliveryState, number>>;
}

export const statsCommand = defineCommand({
  name: 'stats',
  summary: 'Count what is stored, what was said lately, or show how every source is doing',
  usage: 'stats [--since WHEN [--until WHEN] [--search QUERY] | --sources | --timings [--runs COUNT]]',
  details:
    'Posts, signals by status, the categories of the inbox, and what models were asked and cost today and this month (UTC). A count of signals stops at 10,000, which is then written "10000+".\n\nWith --since: what was said since then, or until --until, beside the same length of time before it. docs/dashboard.md says how it is computed.\n\nWith --timings: how long the batches of each stage took in the newest runs, and the queries of the store that took most of each; docs/operations.md says how to read it.',
  json: '{ "posts", "signals", "byStatus": { STATUS: { "count", "capped" } }, "inboxByCategory": { NAME: { "count", "capped" } }, "models": { "today": [{ "model", "requests", "inputTokens", "cachedTokens", "outputTokens", "costUsd" }], "month": [...], "todayUsd", "monthUsd", "leftTodayUsd", "leftMonthUsd" }, "deliveries": { STATE: count } }; left… is null without a cap; with --sources as "sources list" prints it; with --since as GET /v1/insight answers; with --timings as "runs" of GET /v1/timings',
  examples: [
    { command: 'signal-harvester stats', meaning: 'how much there is, and how much is undecided' },
    { command: 'signal-harvester stats --since 7d', meaning: 'the week in figures, beside the week before' },
    {
      command: 'signal-harvester stats --since 2026-11-01 --until 2026-11-08',
      meaning: 'a week of the past',
    },
    { command: 'signal-harvester stats --timings', meaning: 'where the time of the newest 20 runs went' },
    { command: 'signal-harvester stats --sources', meaning: 'the same as "sources list"' },
  ],
  flags: {
    sources: { type: 'boolean', summary: 'How every source is doing, as "sources list" says it' },
    since: {
      type: 'moment',
      value: 'TIME',
      summary: 'What was said since: 90m, 24h, 7d ago, or a date (2026-11-20)',
    },
    timings: { type: 'boolean', summary: 'How long stages and queries took in the newest runs' },
    runs: {
      type: 'integer',
      value: 'COUNT',
      min: 1,
      max: 200,
      summary: `With --timings: so many runs (default ${usualRuns})`,
    },
    until: {
      type: 'moment',
      value: 'TIME',
      summary: 'With --since: where that ends, not included (default: now)',
    },
    search: { type: 'text', value: 'QUERY', summary: 'With --since: only signals that the search finds' },
  },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    if (flags.sources) {
      await printSources(context);
      return exitCodes.done;
    }
    if (flags.timings) {
      const timings = await (await context.open()).timings.ofRuns(flags.runs ?? usualRuns);
      if (context.json) await printJson(context, timings);
      else await printTimings(context, timings);
      return exitCodes.done;
    }
    if (flags.since !== undefined) {
      const now = context.now();
      const until = flags.until === undefined ? now : timeOf('until', flags.until, now);
      const since = timeOf('since', flags.since, now - 1);
      const { search = '' } = flags;
      const insight = await (await context.open()).insight.read({ since, until, search });
      if (context.json) await printJson(context, insight);
      else await printText(context, describeInsight(insight));
      return exitCodes.done;
    }
    const alone = (['until', 'search'] as const).find((key) => flags[key] !== undefined);
    if (alone !== undefined) {
      throw new UserError('usage', `--${alone} belongs to --since.`, {
        fix: 'Say with --since where the span begins.',
      });
    }
    const { config } = await context.loaded();
    const stats = await countAll(
      await context.open(),
      config.taxonomy.map(({ id }) => id),
    );
    if (context.json) await printJson(context, stats);
    else await printText(context, describeStats(stats));
    return exitCodes.done;
  },
});

async function countAll(harvester: Harvester, categories: readonly string[]): Promise<Stats> {
  const { posts, signals } = await harvester.store.status();
  const byStatus: Record<string, CappedCount> = {};
  for (const status of signalStatuses) {
    byStatus[status] = await harvester.signals.count({ statuses: [status] });
  }
  const inboxByCategory: Record<string, CappedCount> = {};
  for (const category of categories) {
    inboxByCategory[category] = await harvester.signals.count({
      statuses: ['inbox'],
      categories: [category],
    });
  }
  const models = await harvester.analysis.books();
  const deliveries = await harvester.notifications.counts();
  return { posts, signals, byStatus, inboxByCategory, models, deliveries };
}

function describeStats({ posts, signals, byStatus, inboxByCategory, models, deliveries }: Stats): string {
  const widest = Math.max(9, ...Object.keys(inboxByCategory).map(({ length }) => length));
  const line = (name: string, count: string) => `${name.padEnd(widest + 3)}${count}`;
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
    ...describeBooks(models),
    ...describeDeliveries(deliveries),
  ].join('\n');
}

/** What models cost; nothing where none was asked this month. */
function describeBooks(books: ModelBooks): readonly string[] {
  const { today, month, todayUsd, monthUsd, leftTodayUsd, leftMonthUsd } = books;
  if (month.length === 0) return [];
  const total = (usd: number, leftUsd: number | null) =>
    `${formatUsd(usd)}${leftUsd === null ? '' : `; the cap leaves ${formatUsd(leftUsd)}`}`;
  const spends = (each: ModelBooks['today']) =>
    each.map((spend) => `    ${visible(describeModelSpend(spend))}`);
  return [
    'models',
    `  today ${total(todayUsd, leftTodayUsd)}`,
    ...spends(today),
    `  this month ${total(monthUsd, leftMonthUsd)}`,
    ...spends(month),
  ];
}

/** Only where anybody was ever told of anything. */
function describeDeliveries(deliveries: Stats['deliveries']): readonly string[] {
  const present = Object.entries(deliveries).filter(([, count]) => count > 0);
  if (present.length === 0) return [];
  const advice = deliveries.dead === 0 ? [] : ['  see "signal-harvester notify --list --state dead"'];
  return [
    'notifications',
    ...present.map(([state, count]) => `${`  ${state}`.padEnd(12)}${count}`),
    ...advice,
  ];
}
