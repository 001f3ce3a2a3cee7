import type { Actor } from '../domain/access.ts';
import { type ErrorGroup, errorStates, titleOfError } from '../domain/error-group.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { countUnresolved } from '../harvester/errors.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';

const defaultLimit = 50;
const by: Actor = { actor: 'cli', via: 'cli' };

export const errorsCommand = defineCommand({
  name: 'errors',
  summary: 'Errors of the program itself: list, show, resolve, reopen, send',
  usage: 'errors list|show|resolve|reopen|send [ID…]',
  details: `list     groups of errors that are bugs, last seen first; resolved ones with --all
show     one group: its stack, and what the program did before
resolve  says that it is mended; one that comes again is "regressed"
reopen   takes that back
send     sends new ones to the collector of SENTRY_DSN, if errors.report is true
What can be mended (a wrong key, a source that is down) is no error of this kind:
it is said where it happens. What is kept of an error is in docs/errors.md.`,
  json: 'list { "errors": [{ "id", "fingerprint", "type", "code", "message", "stack", "breadcrumbs", "origin", "count", "state", "firstSeenAt", "lastSeenAt", "firstVersion", "lastVersion", "resolvedAt", "regressedAt", "reportedAt" }], "unresolved" }; show, resolve and reopen one or more of these; send { "sent" }',
  examples: [
    { command: 'signal-harvester errors list', meaning: 'what is not resolved' },
    { command: 'signal-harvester errors show 3', meaning: 'the stack, for a report' },
    { command: 'signal-harvester errors resolve 3 4', meaning: 'both are mended' },
  ],
  flags: {
    all: { type: 'boolean', summary: 'Resolved ones too' },
    state: { type: 'list', value: 'STATE', choices: errorStates, summary: 'Only these states' },
    limit: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 500,
      short: 'n',
      summary: `At most so many (default ${defaultLimit})`,
    },
  },
  words: { min: 1, max: 51 },
  async run(context, { words, flags }) {
    const action = chooseAction('errors', words[0], ['list', 'show', 'resolve', 'reopen', 'send']);
    const { errors } = await context.open();
    switch (action) {
      case 'list': {
        const unresolved = errorStates.filter((state) => flags.all || state !== 'resolved');
        const states =
          flags.state.length > 0 ? errorStates.filter((each) => flags.state.includes(each)) : unresolved;
        const groups = await errors.list({ states, limit: flags.limit ?? defaultLimit });
        return tellList(context, groups, countUnresolved(await errors.counts()));
      }
      case 'show': {
        const groups = await Promise.all(
          idsOf(words).map(async (id) => (await errors.get(id)) ?? unknown(id)),
        );
        if (context.json) await printJson(context, groups.length === 1 ? groups[0] : groups);
        else await printText(context, groups.map((group) => describe(group)).join('\n\n'));
        return exitCodes.done;
      }
      case 'resolve':
      case 'reopen': {
        const changed: ErrorGroup[] = [];
        for (const id of idsOf(words)) changed.push(await errors[action](id, by));
        if (context.json) await printJson(context, changed);
        else
          await printText(
            context,
            changed
              .map((group) => `${group.id} is ${group.state}: ${visible(titleOfError(group))}`)
              .join('\n'),
          );
        return exitCodes.done;
      }
      case 'send': {
        const sent = await errors.report();
        if (context.json) await printJson(context, { sent });
        else if (sent > 0) await printText(context, `Sent ${plural(sent, 'error')}.`);
        else
          await printNote(
            context,
            'Nothing was sent: there is nothing new, or errors.report, SENTRY_DSN or DO_NOT_TRACK says no; "log" has a line when the collector could not be reached.',
          );
        return exitCodes.done;
      }
    }
  },
});

function idsOf(words: readonly string[]): readonly number[] {
  const ids = words.slice(1);
  if (ids.length > 0 && ids.every((word) => /^[1-9]\d{0,9}$/.test(word))) return ids.map(Number);
  throw new UserError('usage', 'Which error? Its number is missing.', {
    fix: 'Run "signal-harvester errors list" and name the number behind the action.',
  });
}

function unknown(id: number): never {
  throw new UserError('no-such-error', `There is no error ${id}.`, {
    fix: 'Look for its number with "signal-harvester errors list --all".',
  });
}

async function tellList(
  context: CommandContext,
  groups: readonly ErrorGroup[],
  unresolved: number,
): Promise<ExitCode> {
  if (context.json) await printJson(context, { errors: groups, unresolved });
  else if (groups.length === 0) await printNote(context, 'There is none.');
  else await printRows(context, columns, groups);
  return exitCodes.done;
}

const columns: readonly Column<ErrorGroup>[] = [
  { title: 'ID', align: 'right', text: ({ id }) => String(id) },
  { title: 'STATE', text: ({ state }) => state },
  { title: 'COUNT', align: 'right', text: ({ count }) => String(count) },
  { title: 'LAST SEEN', text: ({ lastSeenAt }) => clock(lastSeenAt) },
  { title: 'VERSION', text: ({ lastVersion }) => lastVersion },
  { title: 'ERROR', flexible: true, text: (group) => titleOfError(group) },
];

function describe(group: ErrorGroup): string {
  const { id, state, count, origin, code, fingerprint } = group;
  const lines = [
    `Error ${id}: ${titleOfError(group)}`,
    `${state}, ${plural(count, 'time')}, in ${origin}${code === null ? '' : `, code ${code}`}, fingerprint ${fingerprint}`,
    `first ${clock(group.firstSeenAt)} (${group.firstVersion}), last ${clock(group.lastSeenAt)} (${group.lastVersion})`,
    ...(group.regressedAt === null ? [] : [`came again ${clock(group.regressedAt)} after it was resolved`]),
    '',
    ...(group.stack === '' ? ['no stack'] : group.stack.split('\n')),
    '',
    'before that:',
    ...group.breadcrumbs.map(
      ({ at, kind, text }) => `${clock(at).slice(11, 19)}  ${kind.padEnd(9)}  ${text}`,
    ),
  ];
  return lines.map((line) => visible(line)).join('\n');
}

function clock(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
