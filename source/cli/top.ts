import { exitCodes } from '../errors.ts';
import { defineCommand } from './command.ts';
import { printJson, printNote, printRows } from './print.ts';
import { lineColumns, tableColumns } from './signal-columns.ts';

const defaultLimit = 20;

export const topCommand = defineCommand({
  name: 'top',
  summary: 'Print the inbox, most salient signals first',
  usage: 'top [--limit N]',
  json: '{ "signals": [signal, ...], "hasMore" }; times are milliseconds since 1970, UTC',
  examples: [
    { command: 'signal-harvester top', meaning: `the first ${defaultLimit}` },
    {
      command: 'signal-harvester top --limit 100 | cut -f 1,4,10',
      meaning: 'id, category and text, for a script',
    },
  ],
  flags: {
    limit: { type: 'integer', value: 'N', min: 1, max: 500, summary: `How many (default ${defaultLimit})` },
  },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    const harvester = await context.open();
    const page = await harvester.signals.page({
      statuses: ['inbox'],
      order: 'rank',
      limit: flags.limit ?? defaultLimit,
    });
    if (context.json) await printJson(context, { signals: page.rows, hasMore: page.hasMore });
    else if (page.rows.length === 0)
      await printNote(context, 'The inbox is empty; "signal-harvester run" harvests.');
    else
      await printRows(
        context,
        context.isTerminal ? tableColumns(context.now(), context.columns) : lineColumns,
        page.rows,
      );
    return exitCodes.done;
  },
});
