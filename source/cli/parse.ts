import meow from 'meow';
import { nearestTo } from '../domain/nearest-word.ts';
import { UserError } from '../errors.ts';
import type { Command, FlagSpec, Flags, GlobalFlags, Invocation } from './command.ts';
import { commands } from './commands.ts';
import { flagName, needsValue, readFlagValue } from './flag-value.ts';

/** Flags that every command takes. */
export const globalFlags = {
  config: { type: 'text', value: 'FILE', summary: 'Configuration to use instead of the one that is found' },
  profile: { type: 'text', value: 'NAME', summary: 'Profile of the configuration to lay over it' },
  json: { type: 'boolean', summary: 'Print JSON on stdout and nothing else' },
  demo: { type: 'boolean', summary: 'Use the bundled sample posts and a throw-away store' },
  headless: { type: 'boolean', summary: 'Run the schedule and the HTTP API instead of the terminal app' },
  color: { type: 'boolean', on: true, summary: 'Print without colours' },
  screenReader: { type: 'boolean', summary: 'Terminal app as lines that a screen reader can follow' },
  help: { type: 'boolean', short: 'h', summary: 'Show help, also for one command' },
  version: { type: 'boolean', short: 'v', summary: 'Print the version' },
} as const satisfies Flags;

export type Request =
  | { readonly want: 'version' }
  | { readonly want: 'help'; readonly command: Command | null }
  | {
      readonly want: 'command';
      readonly command: Command;
      readonly invocation: Invocation;
      readonly global: GlobalFlags;
    }
  | { readonly want: 'default'; readonly global: GlobalFlags };

/**
 * What the caller asks for. Throws `UserError` (exit 2) with the nearest valid
 * word for a command or flag that does not exist, and for a value that a flag
 * cannot take.
 */
export async function parseArguments(argv: readonly string[]): Promise<Request> {
  const name = findCommandName(argv);
  const command = name === null ? null : await loadCommand(name);
  const flags: Flags = { ...globalFlags, ...command?.flags };
  const { input, given } = readWithMeow(argv, flags);
  checkValues(argv, flags, given);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(flags, key));
  if (unknown !== undefined) throw unknownFlag(argv, unknown, flags, name);
  if (given.version === true) return { want: 'version' };
  if (given.help === true) return { want: 'help', command };

  const values = Object.fromEntries(
    Object.entries(flags).map(([key, spec]) => [key, readGiven(key, spec, given[key])]),
  );
  const {
    config,
    profile,
    json,
    demo,
    headless,
    color,
    screenReader,
    help: _help,
    version: _version,
    ...own
  } = values;
  const global = { config, profile, json, demo, headless, color, screenReader } as GlobalFlags;
  if (command === null) return { want: 'default', global };
  if (global.headless) {
    throw new UserError('usage', `--headless goes with no command, and "${command.name}" is one.`, {
      fix: 'Run "signal-harvester --headless" on its own.',
    });
  }
  const words = input.slice(1);
  checkWords(command, words);
  return { want: 'command', command, invocation: { words, flags: own } as Invocation, global };
}

/** How a command is called that got nothing behind its name. */
export function withoutFlags(command: Command): Invocation {
  const values = Object.entries(command.flags).map(([key, spec]) => [key, readGiven(key, spec, spec.on)]);
  return { words: [], flags: Object.fromEntries(values) };
}

export async function loadCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return load();
  const nearest = nearestTo(name, Object.keys(commands));
  const suggestion = nearest === null ? '.' : `: did you mean "${nearest}"?`;
  throw new UserError('unknown-command', `Unknown command "${name}"${suggestion}`, {
    fix: 'Run "signal-harvester help" for the list of commands.',
  });
}

/** The first word that is neither a flag nor the value of a global flag. */
function findCommandName(argv: readonly string[]): string | null {
  const takesValue = Object.entries(globalFlags).flatMap(([key, spec]) =>
    spec.type === 'text' ? [flagName(key)] : [],
  );
  let skip = false;
  for (const word of argv) {
    if (word === '--') return null;
    if (skip) skip = false;
    else if (!word.startsWith('-')) return word;
    else skip = takesValue.includes(word);
  }
  return null;
}

/** Every flag as text or boolean: what a value means is judged here, not by guessing. */
function readWithMeow(argv: readonly string[], flags: Flags) {
  const specs = Object.entries(flags).map(([key, spec]) => {
    if (spec.type === 'boolean')
      return [key, { type: 'boolean' as const, default: spec.on ?? false }] as const;
    const short = spec.short === undefined ? {} : { shortFlag: spec.short };
    return [key, { type: 'string' as const, isMultiple: true as const, ...short }] as const;
  });
  const { input, flags: given } = meow({
    importMeta: import.meta,
    // Neither help nor version come from there, so package.json is not searched for at each start.
    pkg: { name: 'signal-harvester' },
    argv,
    flags: Object.fromEntries(specs),
    inferType: false,
    autoHelp: false,
    autoVersion: false,
    help: false,
  });
  return { input: input as readonly string[], given: given as Readonly<Record<string, unknown>> };
}

/** A flag that ends the line, or has another flag behind it, has no value; meow would drop it without a word. */
function checkValues(argv: readonly string[], flags: Flags, given: Readonly<Record<string, unknown>>): void {
  const end = argv.indexOf('--');
  const typed = end < 0 ? argv : argv.slice(0, end);
  for (const [key, spec] of Object.entries(flags)) {
    if (spec.type === 'boolean') continue;
    const times = typed.filter(
      (word) => word === flagName(key) || word.startsWith(`${flagName(key)}=`) || word === `-${spec.short}`,
    ).length;
    const values = given[key];
    if (times > (Array.isArray(values) ? values.length : 0)) throw needsValue(key, spec);
  }
}

function readGiven(key: string, spec: FlagSpec, given: unknown): unknown {
  if (spec.type === 'boolean') return typeof given === 'boolean' ? given : (spec.on ?? false);
  const typed = Array.isArray(given) ? given.map((value) => (typeof value === 'string' ? value : '')) : [];
  if (spec.type !== 'list' && typed.length > 1) {
    throw new UserError('invalid-flag', `${flagName(key)} is given ${typed.length} times.`, {
      fix: 'Give it once.',
    });
  }
  return readFlagValue(key, spec, typed);
}

function unknownFlag(argv: readonly string[], key: string, flags: Flags, command: string | null): UserError {
  const known = Object.entries(flags).map(([name, spec]) => (spec.on ? `--no-${name}` : flagName(name)));
  const plain = key.length === 1 ? `-${key}` : flagName(key);
  const negated = `--no-${plain.slice(2)}`;
  const typed = argv.includes(negated) ? negated : plain;
  const nearest = nearestTo(typed, known);
  const suggestion = nearest === null ? '.' : `: did you mean ${nearest}?`;
  const help = command === null ? 'signal-harvester --help' : `signal-harvester help ${command}`;
  return new UserError('unknown-flag', `Unknown flag ${typed}${suggestion}`, {
    fix: `Run "${help}" for the flags.`,
  });
}

function checkWords(command: Command, words: readonly string[]): void {
  const { min, max } = command.words;
  if (words.length >= min && words.length <= max) return;
  const problem =
    words.length < min
      ? `"${command.name}" needs more: ${command.usage}.`
      : `"${command.name}" does not know what to do with "${words[max]}".`;
  throw new UserError('usage', problem, { fix: `Run "signal-harvester help ${command.name}" for examples.` });
}
