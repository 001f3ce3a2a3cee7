import { defineCommand } from './command.ts';
import { chooseSources, exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson } from './print.ts';

export const fetchCommand = defineCommand({
  name: 'fetch',
  summary: 'Only fetch new posts into the store',
  usage: 'fetch [--source NAME]...',
  details: 'The posts wait for "analyze" and "score", or for the next "run".',
  json: '{ "run": { "id", "state", "sources": [...], ... } }',
  examples: [
    { command: 'signal-harvester fetch', meaning: 'all enabled sources' },
    { command: 'signal-harvester fetch --source hn', meaning: 'one source' },
  ],
  flags: { source: { type: 'list', value: 'NAME', summary: 'Fetch this source only' } },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const sources = await chooseSources(context, flags.source);
    const run = await runPipeline(context, {
      stages: ['fetch'],
      ...(sources === undefined ? {} : { sources }),
    });
    if (context.json) await printJson(context, { run });
    return exitCodeOf(run);
  },
});
