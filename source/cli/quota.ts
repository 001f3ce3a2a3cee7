import { keepEverything } from '../domain/retention.ts';
import { UserError } from '../errors.ts';
import { defineCommand } from './command.ts';
import { followPolicy, planJson } from './retention-plan.ts';

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

export const quotaCommand = defineCommand({
  name: 'quota',
  summary: 'Remove the oldest snapshots until the rest fits',
  usage: 'quota [--max-bytes SIZE] [--max-files N] [--keep-min N] [--force]',
  details:
    'Sizes may end in K, M, G or T (powers of 1024). The plan is always shown; only --force removes, after verifying everything that stays. Tagged snapshots and the newest verified one stay, even when they do not fit.',
  json: planJson,
  examples: [
    { command: 'signal-harvester quota --max-bytes 2G', meaning: 'what would go to fit into 2 GiB' },
    {
      command: 'signal-harvester quota --max-bytes 2G --keep-min 3 --force',
      meaning: 'but never fewer than three',
    },
  ],
  flags: {
    maxBytes: { type: 'text', value: 'SIZE', summary: 'Most bytes of all snapshots together' },
    maxFiles: {
      type: 'integer',
      value: 'N',
      min: 1,
      summary: 'Most files of all snapshots together; each has seven',
    },
    keepMin: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 100_000,
      summary: 'Newest snapshots that stay, however large (default 1)',
    },
    force: { type: 'boolean', summary: 'Do what is planned' },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const maxBytes = flags.maxBytes === undefined ? null : readSize(flags.maxBytes);
    if (maxBytes === null && flags.maxFiles === undefined) {
      throw new UserError('usage', '"quota" needs --max-bytes or --max-files.', {
        fix: 'Run "signal-harvester help quota" for examples.',
      });
    }
    // To keep everything that has a tag is a rule, and with a rule the rest goes: the quota is a limit, no rule.
    const policy = {
      ...keepEverything,
      keepLast: 100_000,
      keepTagged: true,
      maxBytes,
      maxFiles: flags.maxFiles ?? null,
    };
    return followPolicy(context, { ...policy, keepMin: flags.keepMin ?? 1 }, flags.force);
  },
});

function readSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (unitBytes[unit.toLowerCase()] ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes >= 1) return Math.floor(bytes);
  throw new UserError('invalid-flag', `--max-bytes does not take "${text}".`, {
    fix: 'Give it a size, such as 500M or 2G.',
  });
}
