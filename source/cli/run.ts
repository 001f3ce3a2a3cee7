import { defineCommand } from './command.ts';
import { tellEstimate } from './estimate.ts';
import { chooseSources, exitCodeOf, runPipeline, sinceFlag, sinceOf } from './pipeline.ts';
import { printJson, printNote, printTable } from './print.ts';
import { tableColumns } from './signal-columns.ts';

const defaultLimit = 10;

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Harvest once: fetch, group, analyze, score and notify, then print the top signals',
  usage: 'run [--source NAME]... [--since WHEN] [--limit N] [--estimate]',
  details:
    'Made for cron: a killed run loses nothing, and the next one goes on where it ended. --since reads again from a time on, as far back as each source reaches; what is stored already is not stored twice. Ends with 3 when some sources failed and with 4 when none could be reached; one that asked for a pause has not failed.',
  json: '{ "run": { "id", "state", "sources": [...], "stages": [...], "signals", "warnings" }, "top": [signal, ...] }; with --estimate { "estimate": { "sources": [{ "name", "kind", "reads", "usd", "basis" }], "totalUsd", "leftUsd" } }, leftUsd null without a cap',
  examples: [
    { command: 'signal-harvester run', meaning: 'all enabled sources' },
    { command: 'signal-harvester run --source hn --limit 5', meaning: 'one source, the five top signals' },
    { command: 'signal-harvester run --since 7d', meaning: 'the last week once more, gaps filled' },
    { command: 'signal-harvester run --estimate', meaning: 'what it would cost; nothing is asked' },
    { command: 'signal-harvester run --json > run.json', meaning: 'the whole result for a script' },
  ],
  flags: {
    source: { type: 'list', value: 'NAME', summary: 'Fetch this source only' },
    since: sinceFlag,
    limit: {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 500,
      summary: `Signals to print at the end (default ${defaultLimit})`,
    },
    estimate: { type: 'boolean', summary: 'Say what the run would cost, and make none' },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const sources = await chooseSources(context, flags.source);
    const request = { ...(sources === undefined ? {} : { sources }), ...sinceOf(context, flags.since) };
    if (flags.estimate) return tellEstimate(context, request);
    const run = await runPipeline(context, request);
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
