import { resolve } from 'node:path';
import { formatCsvRecord } from '../domain/csv.ts';
import { consentText, type UsageCount, usageDayOf } from '../domain/usage.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { writeFileWhole } from '../harvester/export-file.ts';
import type { Harvester } from '../harvester/harvester.ts';
import type { UsageStatus } from '../harvester/usage.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand, type FlagValues, type Moment } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, printText, visible, writeText } from './print.ts';

const msPerDay = 86_400_000;
const defaultDays = 30;
const actions = ['show', 'export', 'forget', 'consent', 'send'] as const;
type Action = (typeof actions)[number];

const flags = {
  since: {
    type: 'moment',
    value: 'TIME',
    summary: `With show and export: from when on (default: ${defaultDays} days, all for export)`,
  },
  payload: { type: 'boolean', summary: 'With show: the very message that would be sent' },
  format: {
    type: 'text',
    value: 'FORMAT',
    choices: ['json', 'csv'],
    summary: 'With export: the format (default json)',
  },
  output: { type: 'text', value: 'FILE', summary: 'With export: file to write instead of stdout' },
  yes: { type: 'boolean', summary: 'With consent: agree' },
  no: { type: 'boolean', summary: 'With consent: refuse, or take it back' },
  force: { type: 'boolean', summary: 'With forget: do it' },
} as const;

type Flags = FlagValues<typeof flags>;

const flagsOf: Readonly<Record<Action, readonly (keyof Flags)[]>> = {
  show: ['since', 'payload'],
  export: ['since', 'format', 'output'],
  forget: ['force'],
  consent: ['yes', 'no'],
  send: [],
};

export const usageCommand = defineCommand({
  name: 'usage',
  summary: 'What of the program is used: counted here, and sent nowhere unless you agree',
  usage: 'usage show|export|forget|consent|send',
  details: `show     counts of actions, screens, commands, routes and runs, and what may be sent
export   the counts by day, as json or csv
forget   removes them and replaces the random id of this store; acts with --force
consent  shows what you would agree to and your answer; --yes or --no gives it
send     sends now what is due
Nothing leaves this machine unless usage.collectorUrl is set and you agreed.
DO_NOT_TRACK=1 stops counting and sending.`,
  json: 'show { "status", "since", "usage": [{ "kind", "name", "count", "totalMs", "days" }] }, with --payload the message; export [{ "day", "kind", "name", "count", "totalMs" }]; forget { "plan", "removed" }; consent { "text", "status" }; send { "days", "counts", "collector" }',
  examples: [
    { command: 'signal-harvester usage show --since 7d', meaning: 'what was used this week' },
    { command: 'signal-harvester usage show --payload', meaning: 'what a collector would get' },
    { command: 'signal-harvester usage forget --force', meaning: 'a clean slate' },
  ],
  flags,
  words: { min: 1, max: 1 },
  async run(context, { words: [word], flags: given }) {
    const action = chooseAction('usage', word, actions);
    refuseOthers(action, given);
    const { usage } = await context.open();
    switch (action) {
      case 'show':
        return given.payload ? showPayload(context, usage) : show(context, usage, given.since);
      case 'export':
        return exportCounts(context, usage, given);
      case 'forget':
        return forget(context, usage, given.force);
      case 'consent':
        return consent(context, usage, given);
      case 'send': {
        const report = await usage.send();
        if (context.json) await printJson(context, report);
        else
          await printText(
            context,
            report.days === 0
              ? 'There was no day to send.'
              : `Sent ${plural(report.days, 'day')} to ${report.collector}.`,
          );
        return exitCodes.done;
      }
    }
  },
});

/** One name over all days that were asked for. */
interface UsageSum extends Omit<UsageCount, 'day'> {
  readonly days: number;
}

async function show(
  context: CommandContext,
  usage: Harvester['usage'],
  moment: Moment | undefined,
): Promise<ExitCode> {
  const since = sinceOf(context, moment, defaultDays);
  const [status, counts] = [await usage.status(), await usage.list(since)];
  const sums = sumUp(counts);
  if (context.json) {
    await printJson(context, { status, since, usage: sums });
    return exitCodes.done;
  }
  await printNote(context, status.reasons.map(visible).join('\n'));
  if (sums.length === 0) await printNote(context, 'Nothing has been counted since then.');
  else await printRows(context, columns, sums);
  return exitCodes.done;
}

/** By kind, what was used most first. */
function sumUp(counts: readonly UsageCount[]): readonly UsageSum[] {
  return [...Map.groupBy(counts, ({ kind, name }) => `${kind}/${name}`).values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const total = (read: (each: UsageCount) => number) => group.reduce((sum, each) => sum + read(each), 0);
      const { kind, name } = first;
      return [
        {
          kind,
          name,
          count: total((each) => each.count),
          totalMs: total((each) => each.totalMs),
          days: group.length,
        },
      ];
    })
    .toSorted((a, b) => a.kind.localeCompare(b.kind) || b.count - a.count || (a.name < b.name ? -1 : 1));
}

const columns: readonly Column<UsageSum>[] = [
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'NAME', flexible: true, text: ({ name }) => name },
  { title: 'COUNT', align: 'right', text: ({ count }) => String(count) },
  { title: 'TIME', align: 'right', text: ({ totalMs }) => (totalMs === 0 ? '-' : timeOf(totalMs)) },
  {
    title: 'EACH',
    align: 'right',
    text: ({ totalMs, count }) => (totalMs === 0 ? '-' : timeOf(totalMs / count)),
  },
  { title: 'DAYS', align: 'right', text: ({ days }) => String(days) },
];

function timeOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

async function showPayload(context: CommandContext, usage: Harvester['usage']): Promise<ExitCode> {
  const { sending, reasons } = await usage.status();
  if (!context.json) {
    const what = sending ? 'This is sent next:' : 'This would be sent, and is not:';
    await printNote(context, [...reasons, what].map(visible).join('\n'));
  }
  await printJson(context, await usage.payload());
  return exitCodes.done;
}

async function exportCounts(
  context: CommandContext,
  usage: Harvester['usage'],
  { since, format, output }: Flags,
): Promise<ExitCode> {
  const counts = await usage.list(since === undefined ? 0 : sinceOf(context, since, defaultDays));
  if (context.json && output === undefined && format === 'csv') {
    throw new UserError('usage', '--json and --format csv exclude each other on stdout.', {
      fix: 'Leave one of them out.',
    });
  }
  const rows = counts.map(({ day, kind, name, count, totalMs }) => ({
    day: new Date(day).toISOString().slice(0, 10),
    kind,
    name,
    count,
    totalMs,
  }));
  const cells = rows.map(({ day, kind, name, count, totalMs }) => [day, kind, name, count, totalMs]);
  const text =
    format === 'csv'
      ? [['day', 'kind', 'name', 'count', 'totalMs'], ...cells].map(formatCsvRecord).join('')
      : `${JSON.stringify(rows, null, 2)}\n`;
  if (output === undefined) {
    await writeText(context.stdout, text);
    return exitCodes.done;
  }
  const path = resolve(context.cwd, output);
  await writeFileWhole(path, context.signal, async (write) => {
    await write(text);
    return rows.length;
  });
  if (context.json) await printJson(context, { path, format: format ?? 'json', counts: rows.length });
  else await printNote(context, `Wrote ${plural(rows.length, 'count')} to ${path}.`);
  return exitCodes.done;
}

async function forget(context: CommandContext, usage: Harvester['usage'], force: boolean): Promise<ExitCode> {
  const counts = await usage.list(0);
  const plan = `Remove ${plural(counts.length, 'count')} of usage, and replace the random id of this store.`;
  if (!force) {
    if (!context.json) await printText(context, `Plan: ${plan}`);
    throw new UserError('not-forced', 'Counts that are removed do not come back; nothing was done.', {
      fix: 'Repeat the command with --force; "usage export" keeps a copy.',
    });
  }
  const removed = await usage.forget();
  if (context.json) await printJson(context, { plan, removed });
  else await printText(context, `Removed ${plural(removed, 'count')}; the id is a new one.`);
  return exitCodes.done;
}

async function consent(
  context: CommandContext,
  usage: Harvester['usage'],
  { yes, no }: Flags,
): Promise<ExitCode> {
  if (yes && no) {
    throw new UserError('usage', '--yes and --no exclude each other.', { fix: 'Leave one of them out.' });
  }
  const status = yes || no ? await usage.consent(yes) : await usage.status();
  if (context.json) await printJson(context, { text: consentText.join('\n'), status });
  else
    await printText(
      context,
      [...consentText, '', answerOf(status), ...status.reasons].map(visible).join('\n'),
    );
  return exitCodes.done;
}

function answerOf({ consent: given }: UsageStatus): string {
  if (given === null) return 'Nobody has answered yet: --yes agrees, --no refuses.';
  const at = `${new Date(given.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = given.current ? 'this text' : `an earlier text (version ${given.version})`;
  return `${given.given ? 'Agreed to' : 'Refused'} ${text} at ${at}.`;
}

/** Whole days: the day of the moment counts. */
function sinceOf({ now }: CommandContext, moment: Moment | undefined, days: number): number {
  if (moment === undefined) return usageDayOf(now() - days * msPerDay);
  return usageDayOf('at' in moment ? moment.at : now() - moment.agoMs);
}

/** A flag that is silently ignored would look as if it had been obeyed. */
function refuseOthers(action: Action, given: Flags): void {
  const wrong = (Object.keys(flags) as (keyof Flags)[]).find(
    (flag) => given[flag] !== undefined && given[flag] !== false && !flagsOf[action].includes(flag),
  );
  if (wrong === undefined) return;
  throw new UserError('usage', `"usage ${action}" does not take --${wrong}.`, {
    fix: 'Run "signal-harvester help usage" for examples.',
  });
}
