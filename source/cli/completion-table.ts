import type { Command, FlagSpec, Flags } from './command.ts';
import { flagName } from './flag-value.ts';
import { listedCommands } from './help.ts';
import { globalFlags } from './parse.ts';

/** What the running program is asked for while somebody types: names of the configuration and the store. */
export const askedNames = ['sources', 'categories', 'views', 'rules', 'notifiers', 'snapshots'] as const;
export type AskedNames = (typeof askedNames)[number];

/** What may stand at a place of the line. */
export type Takes =
  | { readonly kind: 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'asked'; readonly names: AskedNames }
  | { readonly kind: 'files' | 'anything' };

export interface CompletedFlag {
  /** "--min-salience", or "--no-color" for what is on by itself. */
  readonly name: string;
  /** "q" */
  readonly short: string | null;
  readonly summary: string;
  /** Null where no value follows. */
  readonly value: Takes | null;
}

export interface CompletedAction {
  readonly name: string;
  readonly words: Takes | null;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** "list" and "test" of "sources"; empty for a command that has none. */
  readonly actions: readonly CompletedAction[];
  /** What stands behind the command, or behind its action when the action does not say. */
  readonly words: Takes | null;
}

export interface CompletionTable {
  readonly commands: readonly CompletedCommand[];
  readonly flags: readonly CompletedFlag[];
}

/** Everything that completions know, from the table of commands: their flags, and their usage lines. */
export async function completionTable(): Promise<CompletionTable> {
  const all = await listedCommands();
  const names = all.map(({ name }) => name);
  return { commands: all.map((command) => readCommand(command, names)), flags: readFlags(globalFlags) };
}

function readCommand(command: Command, names: readonly string[]): CompletedCommand {
  const { name, summary, flags, usage } = command;
  const forms = readUsage(usage, name);
  const actions = forms.flatMap(({ action, operands }) =>
    action === null ? [] : [{ name: action, words: wordsOf(name, operands, names) }],
  );
  const plain = forms.find(({ action }) => action === null) ?? forms.at(-1);
  const words =
    actions.length > 0 && plain?.action !== null && !isList(plain?.operands)
      ? null
      : wordsOf(name, plain?.operands ?? '', names);
  return { name, summary, flags: readFlags(flags), actions, words };
}

/** "[ID]..." behind the last of several actions is meant for all of them. */
function isList(operands = ''): boolean {
  return /^\[\w+\](?:\.\.\.|…)/.test(operands);
}

/**
 * The forms of a usage line: "views list | save NAME QUERY" has two, the
 * second with the action "save" and the operands "NAME QUERY".
 */
export function readUsage(
  usage: string,
  name: string,
): readonly { readonly action: string | null; readonly operands: string }[] {
  // A stroke in brackets is a choice of flags, not a form.
  const forms = usage.split(/\|(?![^[]*\])/).map((form) => form.trim());
  return forms.map((form) => {
    const rest = form === name ? '' : form.startsWith(`${name} `) ? form.slice(name.length + 1) : form;
    const [, action = null, operands = rest] = /^([a-z][a-z-]*)(?:\s+(.*))?$/.exec(rest.trim()) ?? [];
    return { action, operands: action !== null && operands === rest ? '' : operands.trim() };
  });
}

function wordsOf(command: string, operands: string, names: readonly string[]): Takes | null {
  const [, word] = /^\[?([A-Z]+)/.exec(operands) ?? [];
  if (word === undefined) return null;
  if (word === 'COMMAND') return { kind: 'choices', values: names };
  if (word === 'NAME' || word === 'ID') {
    const asked = askedNames.find((each) => each === command || each === `${command}s`);
    if (asked !== undefined) return { kind: 'asked', names: asked };
  }
  return isFile(word) ? { kind: 'files' } : { kind: 'anything' };
}

function readFlags(flags: Flags): readonly CompletedFlag[] {
  return Object.entries(flags).map(([key, spec]) => ({
    name: spec.on ? `--no-${flagName(key).slice(2)}` : flagName(key),
    short: spec.short ?? null,
    summary: spec.summary,
    value: spec.type === 'boolean' ? null : takenBy(key, spec),
  }));
}

const askedByKey: Readonly<Record<string, AskedNames>> = { source: 'sources', category: 'categories' };
const askedByValue: Readonly<Record<string, AskedNames>> = {
  RULE: 'rules',
  NOTIFIER: 'notifiers',
  VIEW: 'views',
};

function takenBy(key: string, { choices, value = '' }: FlagSpec): Takes {
  if (choices !== undefined) return { kind: 'choices', values: choices };
  const asked = (value === 'NAME' ? askedByKey[key] : undefined) ?? askedByValue[value];
  if (asked !== undefined) return { kind: 'asked', names: asked };
  return isFile(value) ? { kind: 'files' } : { kind: 'anything' };
}

function isFile(placeholder: string): boolean {
  return placeholder.split('|').some((word) => ['FILE', 'DIR', 'PATH', 'FOLDER'].includes(word));
}
