import { parseSpan } from '../domain/calendar.ts';
import { keepEverything, type RetentionPolicy } from '../domain/retention.ts';
import { isTimeZone } from '../domain/wall-clock.ts';
import { UserError } from '../errors.ts';
import { defineCommand, type Flags, type FlagValues } from './command.ts';
import { flagName } from './flag-value.ts';
import { retainSignals } from './retain-signals.ts';
import { followPolicy, planJson } from './retention-plan.ts';

const count = (summary: string) => ({ type: 'integer', value: 'N', min: 0, max: 100_000, summary }) as const;
const span = (summary: string) => ({ type: 'text', value: 'SPAN', summary }) as const;

const ruleFlags = {
  keepLast: count('Keep the newest so many'),
  keepHourly: count('Keep the newest of each of the last so many hours that have one'),
  keepDaily: count('The same for days'),
  keepWeekly: count('The same for weeks, which begin on Monday'),
  keepMonthly: count('The same for months'),
  keepYearly: count('The same for years'),
  keepWithin: span('Keep all that are younger than 7d, 2w, 1y6m … seen from the newest'),
  keepWithinHourly: span('Keep the newest of each hour within this'),
  keepWithinDaily: span('The same for days'),
  keepWithinWeekly: span('The same for weeks'),
  keepWithinMonthly: span('The same for months'),
  keepWithinYearly: span('The same for years'),
} as const satisfies Flags;

export const retainCommand = defineCommand({
  name: 'retain',
  summary: 'Keep snapshots by rules and remove the others; --signals does so with old signals',
  usage: 'retain [--keep-… N]... [--no-keep-tagged] [--force]  |  retain --signals [--compact] [--force]',
  details: `Rules are those of restic's "forget": a snapshot that any of them keeps stays. Without a rule on the command line, snapshots.retention of the configuration holds. Whatever has a tag stays, unless --no-keep-tagged. Spans are years, months, weeks, days and hours: 1y6m2w3d12h. The plan is always shown; only --force removes, after verifying everything that stays. The newest verified snapshot is never removed, and a policy that keeps nothing is refused.
--signals removes the signals that retention.signals names, with their posts, in small steps, after a snapshot; posts that were removed do not come back with a later fetch. --compact then rewrites a store that cannot give its space back otherwise.`,
  json: `${planJson}. With --signals { "plan": { "rules", "signals" }, "done": { "signals", "posts", "bytesBefore", "bytesAfter", "bytesReusable", "snapshot", "longestBatchMs", "interrupted" } }; done is null without --force`,
  examples: [
    { command: 'signal-harvester retain', meaning: 'what the configured policy would remove, and why' },
    {
      command: 'signal-harvester retain --keep-daily 7 --keep-weekly 4 --force',
      meaning: 'a week of days, a month of weeks',
    },
    { command: 'signal-harvester retain --signals', meaning: 'how many signals have had their time' },
  ],
  flags: {
    ...ruleFlags,
    keepTagged: { type: 'boolean', on: true, summary: 'Let tags keep nothing' },
    timeZone: {
      type: 'text',
      value: 'ZONE',
      summary: 'Where days begin, such as Europe/Berlin (default: the configured one)',
    },
    signals: { type: 'boolean', summary: 'Remove old signals instead of snapshots' },
    compact: {
      type: 'boolean',
      summary: 'With --signals: rewrite the store afterwards; holds up writers meanwhile',
    },
    force: { type: 'boolean', summary: 'Do what is planned' },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const given = Object.keys(ruleFlags).some((name) => flags[name as keyof typeof ruleFlags] !== undefined);
    if (flags.signals) {
      if (given) throw usage('--signals has rules of its own, in retention.signals of the configuration.');
      return retainSignals(context, flags);
    }
    const { retention } = await context.keeper();
    const configured = await retention.policy();
    const timeZone = flags.timeZone ?? configured.timeZone;
    if (timeZone === '' || !isTimeZone(timeZone)) throw usage(`--time-zone does not know "${timeZone}".`);
    const policy = given
      ? { ...keepEverything, ...rulesOf(flags), keepTagged: flags.keepTagged }
      : configured;
    const keepTagged = policy.keepTagged && flags.keepTagged;
    return followPolicy(context, { ...policy, keepTagged, timeZone }, flags.force);
  },
});

function rulesOf(flags: FlagValues<typeof ruleFlags>): Partial<RetentionPolicy> {
  for (const [name, value] of Object.entries(flags)) {
    if (!Object.hasOwn(ruleFlags, name) || typeof value !== 'string' || parseSpan(value) !== null) continue;
    throw usage(`${flagName(name)} does not take "${value}": it wants a span such as 7d, 2w or 1y6m12h.`);
  }
  const given = Object.keys(ruleFlags).map((name) => [name, flags[name as keyof typeof ruleFlags]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function usage(message: string): UserError {
  return new UserError('invalid-flag', message, { fix: 'Run "signal-harvester help retain" for examples.' });
}
