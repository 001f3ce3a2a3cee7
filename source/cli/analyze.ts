import { defineCommand } from './command.ts';
import { exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson } from './print.ts';

export const analyzeCommand = defineCommand({
  name: 'analyze',
  summary: 'Only group stored posts into signals and analyze those that have no analysis',
  usage: 'analyze',
  json: '{ "run": { "id", "state", "stages": [...], ... } }',
  examples: [{ command: 'signal-harvester analyze', meaning: 'everything that waits for it' }],
  flags: {},
  words: { min: 0, max: 0 },
  async run(context) {
    const run = await runPipeline(context, { stages: ['group', 'analyze'] });
    if (context.json) await printJson(context, { run });
    return exitCodeOf(run);
  },
});
