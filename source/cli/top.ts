import type { SignalRow } from '../domain/signal.ts';
import { exitCodes } from '../errors.ts';
import type { SignalQuery } from '../harvester/harvester.ts';
import { readPages } from '../harvester/signal-pages.ts';
import { defineCommand } from './command.ts';
import { filterFlags, searchOf } from './filters.ts';
import { printJson, printNote, printRows } from './print.ts';
import { lineColumns, tableColumns } from './signal-columns.ts';

const defaultLimit = 20;

export const topCommand = defineCommand({
  name: 'top',
  summary: 'Print the inbox, most salient signals first',
  usage: 'top [SEARCH] [--limit N]',
  json: '{ "signals": [signal, ...], "hasMore" }; times are milliseconds since 1970, UTC',
  examples: [
    { command: 'signal-harvester top', meaning: `the first ${defaultLimit}` },
    {
      command: 'signal-harvester top --limit 100 | cut -f 1,4,10',
      meaning: 'id, category and text, for a script',
    },
  ],
  flags: {
    search: filterFlags.search,
    limit: { type: 'integer', value: 'N', min: 1, max: 500, summary: `How many (default ${defaultLimit})` },
  },
  words: { min: 0, max: 100 },
  reads: true,
  async run(context, { words, flags }) {
    const harvester = await context.open();
    const search = searchOf(flags.search, words);
    const limit = flags.limit ?? defaultLimit;
    const query: SignalQuery = {
      statuses: ['inbox'],
      order: 'rank',
      ...(search !== undefined && { search }),
    };
    const found: SignalRow[] = [];
    for await (const page of readPages({ harvester, query, limit: limit + 1, signal: context.signal }))
      found.push(...page);
    const rows = found.slice(0, limit);
    if (context.json) await printJson(context, { signals: rows, hasMore: found.length > limit });
    else if (rows.length === 0)
      await printNote(
        context,
        search === undefined
          ? 'The inbox is empty; "signal-harvester run" harvests.'
          : 'No signal of the inbox matches.',
      );
    else
      await printRows(
        context,
        context.isTerminal ? tableColumns(context.now(), context.columns) : lineColumns,
        rows,
      );
    return exitCodes.done;
  },
});
