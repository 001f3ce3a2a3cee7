import { defineCommand } from './command.ts';
import { chooseSources, exitCodeOf, runPipeline, sinceFlag, sinceOf } from './pipeline.ts';
import { printJson } from './print.ts';

export const fetchCommand = defineCommand({
  name: 'fetch',
  summary: 'Only fetch new posts into the store',
  usage: 'fetch [--source NAME]... [--since WHEN]',
  details: 'The posts wait for "analyze" and "score", or for the next "run".',
  json: '{ "run": { "id", "state", "sources": [...], ... } }',
  examples: [
    { command: 'signal-harvester fetch', meaning: 'all enabled sources' },
    { command: 'signal-harvester fetch --source hn', meaning: 'one source' },
    { command: 'signal-harvester fetch --since 2026-11-01', meaning: 'everything since that day' },
  ],
  flags: {
    source: { type: 'list', value: 'NAME', summary: 'Fetch this source only' },
    since: sinceFlag,
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const sources = await chooseSources(context, flags.source);
    const run = await runPipeline(context, {
      stages: ['fetch'],
      ...(sources === undefined ? {} : { sources }),
      ...sinceOf(context, flags.since),
    });
    if (context.json) await printJson(context, { run });
    return exitCodeOf(run);
  },
});
