import { exitCodes } from '../errors.ts';
import { type Command, defineCommand, type FlagSpec, type Flags } from './command.ts';
import { commands } from './commands.ts';
import { flagName } from './flag-value.ts';
import { globalFlags, loadCommand } from './parse.ts';
import { printJson, printText } from './print.ts';

const pageWidth = 80;
const widestLeft = 34;
export const exitCodeHelp =
  'Exit codes: 0 done, 1 a bug, 2 usage or configuration, 3 done in part, 4 nothing could be reached, 5 another run is in progress, 130 interrupted.';

export const purpose =
  'Harvests posts about a product, groups those that say the same into signals, scores and explains them.';

/** The program's own help page. */
export async function overviewHelp(): Promise<string> {
  const all = await listedCommands();
  const rows = all.map((command) => [command.name, command.summary] as const);
  return `${wrapText(purpose)}

Usage
  signal-harvester                    open the terminal app (in a pipe: the same as "run")
  signal-harvester --headless         run the schedule and the HTTP API
  signal-harvester COMMAND [FLAGS]

Commands
${alignRows(rows)}

Flags of every command
${alignRows(flagRows(globalFlags))}

Examples
  signal-harvester --demo             try it on sample posts, without any network
  signal-harvester init --topic acme  write a first config.yaml
  signal-harvester run --json         harvest once and print the result for a script

"signal-harvester help COMMAND" says more about one command.
${wrapText(exitCodeHelp)}
`;
}

/** All commands that a person may call, in the order of the help. */
export async function listedCommands(): Promise<readonly Command[]> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return all.filter(({ hidden }) => !hidden);
}

/** The help page of one command. */
export function commandHelp(command: Command): string {
  const flags = flagRows(command.flags);
  const parts = [
    `${command.summary}.`,
    `Usage\n  signal-harvester ${command.usage}`,
    command.details === undefined ? undefined : wrapText(command.details),
    flags.length === 0 ? undefined : `Flags\n${alignRows(flags)}`,
    `Flags of every command\n${alignRows(flagRows(globalFlags))}`,
    `Examples\n${alignRows(command.examples.map(({ command: line, meaning }) => [line, meaning] as const))}`,
    `With --json\n${wrapText(command.json, '  ')}`,
    wrapText(exitCodeHelp),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
}

export const helpCommand = defineCommand({
  name: 'help',
  summary: 'Show help, also for one command',
  usage: 'help [COMMAND]',
  json: '{ "commands": [{ "name", "summary", "usage" }] }',
  examples: [{ command: 'signal-harvester help export', meaning: 'what "export" does, with examples' }],
  flags: {},
  words: { min: 0, max: 1 },
  async run(context, { words }) {
    const [name] = words;
    const chosen = name === undefined ? null : await loadCommand(name);
    if (context.json) {
      const all = chosen === null ? await listedCommands() : [chosen];
      await printJson(context, {
        commands: all.map(({ name: id, summary, usage }) => ({ name: id, summary, usage })),
      });
    } else await printText(context, chosen === null ? await overviewHelp() : commandHelp(chosen));
    return exitCodes.done;
  },
});

function flagRows(flags: Flags): readonly (readonly [string, string])[] {
  return Object.entries(flags).map(([key, spec]) => [describeFlag(key, spec), describeValue(spec)] as const);
}

export function describeFlag(key: string, spec: FlagSpec): string {
  const short = spec.short === undefined ? '' : `-${spec.short}, `;
  if (spec.type === 'boolean') return spec.on ? `--no-${key}` : `${short}${flagName(key)}`;
  return `${short}${flagName(key)} ${spec.value ?? 'VALUE'}`;
}

export function describeValue(spec: FlagSpec): string {
  const choices = spec.choices === undefined ? '' : ` (${spec.choices.join(', ')})`;
  return `${spec.summary}${choices}${spec.type === 'list' ? '; may be given again' : ''}`;
}

/** Two columns within the width of the narrowest terminal; a left side that is too long stands on a line of its own. */
function alignRows(rows: readonly (readonly [string, string])[]): string {
  const longest = Math.max(...rows.map(([left]) => left.length).filter((length) => length <= widestLeft), 0);
  const indent = ' '.repeat(longest + 4);
  const lines = rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrapWords(right, pageWidth - indent.length);
    const below = rest.map((line) => `${indent}${line}`);
    if (left.length > longest) return [`  ${left}`, `${indent}${first}`, ...below];
    return [`  ${left.padEnd(longest + 2)}${first}`, ...below];
  });
  return lines.join('\n');
}

/** Paragraphs within the width; lines that are set in columns of their own stay as they are. */
function wrapText(text: string, indent = ''): string {
  const lines = text
    .split('\n')
    .flatMap((line) => (line.includes('  ') ? [line] : wrapWords(line, pageWidth - indent.length)));
  return lines.map((line) => `${indent}${line}`).join('\n');
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
