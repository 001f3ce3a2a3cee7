import type { SignalRow } from '../domain/signal.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { readPages } from '../harvester/signal-pages.ts';
import { checkCategories } from './categories.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { filterFlags, queryOf } from './filters.ts';
import { printJson, printNote, printRows, printTable } from './print.ts';
import { lineColumns, tableColumns } from './signal-columns.ts';

const defaultLimit = 50;

export const listCommand = defineCommand({
  name: 'list',
  summary: 'Print the signals that match filters',
  usage: 'list [SEARCH] [FILTERS] [--limit N | --all]',
  details:
    'SEARCH is in the language of docs/search.md and needs quotes in a shell; one that begins with - is given as --search=-refund.\nIn a pipe, one line a signal with tabs between: id, salience, status, category, sentiment, urgency, echoes, source, time written, text, link.',
  json: '{ "signals": [signal, ...], "hasMore" }; times are milliseconds since 1970, UTC',
  examples: [
    {
      command: "signal-harvester list 'category:bug -is:echo login sort:newest'",
      meaning: 'a search, newest first',
    },
    { command: 'signal-harvester list --category outage,security --since 24h', meaning: 'what burns today' },
    {
      command: 'signal-harvester list --status escalated --order newest',
      meaning: 'what was escalated last',
    },
    {
      command: 'signal-harvester list --min-salience 20 --all --json',
      meaning: 'everything above 20, for a script',
    },
  ],
  flags: {
    ...filterFlags,
    limit: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 100_000,
      summary: `How many (default ${defaultLimit})`,
    },
    all: { type: 'boolean', summary: 'All that match, however many' },
  },
  words: { min: 0, max: 100 },
  reads: true,
  async run(context, { words, flags }) {
    const harvester = await context.open();
    const limit = flags.all ? Number.POSITIVE_INFINITY : (flags.limit ?? defaultLimit);
    await checkCategories(context, flags.category);
    const query = queryOf(flags, context.now(), words);
    // One more than asked for tells whether there are more.
    const pages = readPages({ harvester, query, limit: limit + 1, signal: context.signal });
    if (!context.json && !context.isTerminal) return printLines(context, pages, limit);
    const rows: SignalRow[] = [];
    for await (const page of pages) rows.push(...page);
    const hasMore = rows.length > limit;
    const shown = hasMore ? rows.slice(0, limit) : rows;
    if (context.json) await printJson(context, { signals: shown, hasMore });
    else if (shown.length === 0) await printNote(context, 'No signal matches.');
    else await printTable(context, tableColumns(context.now(), context.columns), shown);
    if (hasMore && !context.json)
      await printNote(context, `There are more than ${limit}: use --limit or --all.`);
    return exitCodes.done;
  },
});

/** Page by page, so that a pipe may carry a store of any size. */
async function printLines(
  context: CommandContext,
  pages: AsyncIterable<readonly SignalRow[]>,
  limit: number,
): Promise<ExitCode> {
  let left = limit;
  for await (const page of pages) {
    await printRows(context, lineColumns, left < page.length ? page.slice(0, left) : page);
    left -= page.length;
  }
  if (left === limit) await printNote(context, 'No signal matches.');
  return exitCodes.done;
}
