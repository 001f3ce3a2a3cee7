import { exitCodes, UserError } from '../errors.ts';
import { chooseAction } from './actions.ts';
import { defineCommand } from './command.ts';
import { chooseSources } from './pipeline.ts';
import { printSources } from './source-list.ts';
import { printTrial } from './source-trial.ts';

export const sourcesCommand = defineCommand({
  name: 'sources',
  summary: 'Show how every source is doing, or try one without writing anything',
  usage: 'sources list | sources test NAME',
  details: `list  state, posts, last success, new posts on a usual day, quota left, cost of
      this month; silence and the last error in words
test  fetches one page and says of each post whether a run would keep it, or
      which exclude drops it; ends with 3 when the source failed

State is well, silent (answers, but yields less than it used to), failing, limited (asked for a pause), new (never asked) or off.
In a pipe, "list" is one line a source with tabs between: name, kind, state, posts, last success, usual a day, silence, quota left, limited until, cost of the month, time and words of the last error, target. "test" is one line a post: verdict, reason, time written, author, text, link.`,
  json: 'list { "sources": [{ "name", "kind", "enabled", "target", "state", "posts", "lastSuccessAt", "lastErrorAt", "lastError", "lastPostAt", "usualPerDay", "silence", "quota", "limitedUntil", "monthUsd" }] }; test { "name", "kept": [post, ...], "dropped": [{ "post", "reason" }], "warnings", "quota", "error" }',
  examples: [
    { command: 'signal-harvester sources list', meaning: 'is anything silent, failing or limited?' },
    { command: 'signal-harvester sources test blog', meaning: 'what would be kept, what dropped and why' },
    {
      command: 'signal-harvester sources list --json | jq ".sources[] | select(.silence)"',
      meaning: 'the silent ones, for an alert',
    },
  ],
  flags: {},
  words: { min: 1, max: 2 },
  reads: true,
  async run(context, { words }) {
    const [action, name] = words;
    switch (chooseAction('sources', action, ['list', 'test'])) {
      case 'list':
        if (name !== undefined) throw usage(`"sources list" does not know what to do with "${name}".`);
        await printSources(context);
        return exitCodes.done;
      case 'test':
        if (name === undefined) throw usage('"sources test" needs the name of a source.');
        await chooseSources(context, [name]);
        return printTrial(context, name);
    }
  },
});

function usage(problem: string): UserError {
  return new UserError('usage', problem, { fix: 'Run "signal-harvester help sources" for examples.' });
}
