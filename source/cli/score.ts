import { defineCommand } from './command.ts';
import { exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson } from './print.ts';

export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'Only score the signals that need it',
  usage: 'score [--all]',
  details: 'After a change of the weights in the configuration, --all scores everything again.',
  json: '{ "run": { "id", "state", "stages": [...], ... } }',
  examples: [
    { command: 'signal-harvester score', meaning: 'new and changed signals' },
    { command: 'signal-harvester score --all', meaning: 'every signal, with the present weights' },
  ],
  flags: { all: { type: 'boolean', summary: 'Score every signal again' } },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const run = await runPipeline(context, { stages: ['score'], rescore: flags.all });
    if (context.json) await printJson(context, { run });
    return exitCodeOf(run);
  },
});
