import { keepEverything } from '../domain/retention.ts';
import { UserError } from '../errors.ts';
import { defineCommand } from './command.ts';
import { followPolicy, planJson } from './retention-plan.ts';

export const pruneCommand = defineCommand({
  name: 'prune',
  summary: 'Keep the newest snapshots and remove the others',
  usage: 'prune N [--force]',
  details:
    'The plan is always shown; only --force removes, after verifying everything that stays. Tagged snapshots and the newest verified one stay.',
  json: planJson,
  examples: [
    { command: 'signal-harvester prune 5', meaning: 'what would go' },
    { command: 'signal-harvester prune 5 --force', meaning: 'keep five' },
  ],
  flags: { force: { type: 'boolean', summary: 'Do what is planned' } },
  words: { min: 1, max: 1 },
  async run(context, { words, flags }) {
    const keepLast = /^\d{1,6}$/.test(words[0] ?? '') ? Number(words[0]) : Number.NaN;
    if (!(keepLast >= 1)) {
      throw new UserError('usage', `"prune" does not take "${words[0]}": it would keep nothing.`, {
        fix: 'Say how many to keep: "signal-harvester prune 5".',
      });
    }
    return followPolicy(context, { ...keepEverything, keepLast, keepTagged: true }, flags.force);
  },
});
