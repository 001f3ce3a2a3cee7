import type { Actor } from '../domain/access.ts';
import {
  describeLayer,
  describeStanding,
  type FlagStanding,
  flagLayers,
  flagNames,
} from '../domain/flags.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { FlagChange, FlagExplanation, FlagSubject } from '../harvester/flags.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';

const by: Actor = { actor: 'cli', via: 'cli' };

export const flagsCommand = defineCommand({
  name: 'flags',
  summary: 'Feature flags: what is on, for whom, and why',
  usage: 'flags list|set|unset|explain [NAME] [STATE]',
  details: `list     every flag, its state, who says so, and whether it is on here
set      writes NAME as STATE into the store: on, off, or a percentage (25%)
unset    takes back what was set
explain  why NAME is on or off for this installation, or for --subject
Who says so, strongest first: the environment
(SIGNAL_HARVESTER_FLAGS__NAME), the key of a request, the configuration
(flags:), the store (flags set), the default. A percentage is on for that share
of keys and installations, always the same ones.`,
  json: 'list { "subject": { "kind", "id" }, "flags": [{ "name", "description", "whenOff", "decidedFor", "owner", "on", "state", "from", "place", "layers" }] }; explain { "subject", "flag" }; set and unset { "flag", "ineffective" }',
  examples: [
    { command: 'signal-harvester flags list', meaning: 'what is on here' },
    {
      command: 'signal-harvester flags set near-duplicates off',
      meaning: 'from the next run on, only equal texts and links join',
    },
    { command: 'signal-harvester flags set live-events 25%', meaning: 'for a quarter of the keys' },
    {
      command: 'signal-harvester flags explain live-events --subject k3wq7abc',
      meaning: 'why it is on or off for that key',
    },
  ],
  flags: {
    subject: { type: 'text', value: 'ID', summary: 'Id of a key, or any word, to explain it for' },
  },
  words: { min: 1, max: 3 },
  async run(context, { words, flags }) {
    const action = chooseAction('flags', words[0], ['list', 'set', 'unset', 'explain']);
    if (words.length > wordsOf[action])
      throw new UserError('usage', `"flags ${action}" does not take "${visible(words.at(-1) ?? '')}".`, {
        fix: 'Run "signal-harvester flags --help".',
      });
    const { flags: desk } = await context.open();
    switch (action) {
      case 'list': {
        const all = await desk.list(flags.subject);
        if (context.json) await printJson(context, all);
        else await printRows(context, columns, all.flags);
        return exitCodes.done;
      }
      case 'set':
        return tellChange(context, await desk.set(nameOf(words), stateOf(words), by));
      case 'unset':
        return tellChange(context, await desk.unset(nameOf(words), by));
      case 'explain': {
        const explanation = await desk.explain(nameOf(words), flags.subject);
        if (context.json) await printJson(context, explanation);
        else await printText(context, explain(explanation).join('\n'));
        return exitCodes.done;
      }
    }
  },
});

const wordsOf = { list: 1, set: 3, unset: 2, explain: 2 } as const;

const columns: readonly Column<FlagStanding>[] = [
  { title: 'FLAG', text: ({ name }) => name },
  { title: 'HERE', text: ({ on }) => (on ? 'on' : 'off') },
  { title: 'STATE', text: ({ state }) => state },
  { title: 'SAID BY', text: ({ from }) => from },
  { title: 'OWNER', text: ({ owner }) => owner },
  { title: 'WHAT IT DOES', flexible: true, text: ({ description }) => description },
];

function nameOf(words: readonly string[]): string {
  const name = words[1];
  if (name !== undefined) return name;
  throw new UserError('usage', 'Which flag? Its name is missing.', {
    fix: `Name one of ${flagNames.join(', ')}.`,
  });
}

function stateOf(words: readonly string[]): string {
  const state = words[2];
  if (state !== undefined) return state;
  throw new UserError('usage', 'The state is missing.', {
    fix: 'Give on, off or a percentage, such as 25%.',
  });
}

async function tellChange(context: CommandContext, change: FlagChange): Promise<ExitCode> {
  const { flag, ineffective } = change;
  if (context.json) await printJson(context, change);
  else {
    await printText(context, `${flag.name} is ${describeStanding(flag)}.`);
    if (ineffective !== null) await printNote(context, `note: ${flag.name} is ${ineffective}.`);
  }
  return exitCodes.done;
}

function explain({ flag, subject }: FlagExplanation): readonly string[] {
  const layers = flagLayers.map((layer) => {
    const said = flag.layers[layer] ?? '-';
    const mark = layer === flag.from ? '>' : ' ';
    const idle = layer === 'key' && said !== '-' && flag.decidedFor === 'installation';
    return `${mark} ${said.padEnd(8)}${describeLayer(layer)}${idle ? ' (does not count: runs are for all)' : ''}`;
  });
  return [
    `${flag.name} is ${describeStanding(flag)}.`,
    `Decided for ${describeSubject(subject)}, ${decided[flag.decidedFor]}.`,
    '',
    `On: ${flag.description}.`,
    `Off: ${flag.whenOff}`,
    `Owner: ${flag.owner}`,
    '',
    'Strongest first; the first that says something counts:',
    ...layers,
  ];
}

const decided = {
  installation: 'when a run begins, for whoever sees what it makes',
  caller: 'at each request',
} as const;

function describeSubject({ kind, id }: FlagSubject): string {
  switch (kind) {
    case 'install':
      return `this installation (${id})`;
    case 'key':
      return `the key ${id}`;
    case 'other':
      return `"${visible(id)}", which is no key`;
  }
}
