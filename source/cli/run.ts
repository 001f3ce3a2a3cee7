import { defineCommand } from './command.ts';
import { chooseSources, exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson, printNote, printTable } from './print.ts';
import { tableColumns } from './signal-columns.ts';

const defaultLimit = 10;

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Harvest once: fetch, group, analyze and score, then print the top signals',
  usage: 'run [--source NAME]... [--limit N]',
  details:
    'Made for cron: a killed run loses nothing, and the next one goes on where it ended. Ends with 3 when some sources failed and with 4 when none could be reached.',
  json: '{ "run": { "id", "state", "sources": [...], "stages": [...], "signals", "warnings" }, "top": [signal, ...] }',
  examples: [
    { command: 'signal-harvester run', meaning: 'all enabled sources' },
    { command: 'signal-harvester run --source hn --limit 5', meaning: 'one source, the five top signals' },
    { command: 'signal-harvester run --json > run.json', meaning: 'the whole result for a script' },
  ],
  flags: {
    source: { type: 'list', value: 'NAME', summary: 'Fetch this source only' },
    limit: {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 500,
      summary: `Signals to print at the end (default ${defaultLimit})`,
    },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const sources = await chooseSources(context, flags.source);
    const run = await runPipeline(context, sources === undefined ? {} : { sources });
    const limit = flags.limit ?? defaultLimit;
    const harvester = await context.open();
    const page = limit === 0 ? { rows: [] } : await harvester.signals.page({ statuses: ['inbox'], limit });
    if (context.json) await printJson(context, { run, top: page.rows });
    else if (page.rows.length > 0)
      await printTable(context, tableColumns(context.now(), context.columns), page.rows);
    else if (limit > 0) await printNote(context, 'The inbox is empty.');
    return exitCodeOf(run);
  },
});
