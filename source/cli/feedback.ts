import { resolve } from 'node:path';
import { describeDiagnostics } from '../domain/describe-diagnostics.ts';
import { type Diagnostics, type Feedback, type Mood, moods, terminalFacts } from '../domain/feedback.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { writeFileWhole } from '../harvester/export-file.ts';
import { exportFeedback, type FeedbackFormat, feedbackFormats } from '../harvester/feedback-export.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { chooseAction } from './actions.ts';
import { askLine, askYes, canAsk } from './ask.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { readLines } from './labels.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, printText, visible, writeText } from './print.ts';

const defaultLimit = 50;
const actions = ['send', 'list', 'show', 'export', 'remove'] as const;
type Action = (typeof actions)[number];

const flags = {
  mood: {
    type: 'text',
    value: 'MOOD',
    choices: moods,
    summary: 'With send: how you find it (default neutral)',
  },
  diagnostics: {
    type: 'boolean',
    summary: 'With send: add diagnostics; they are printed first',
  },
  limit: {
    type: 'integer',
    value: 'N',
    min: 1,
    max: 10_000,
    summary: `With list: how many at most (default ${defaultLimit})`,
  },
  format: {
    type: 'text',
    value: 'FORMAT',
    choices: feedbackFormats,
    summary: 'With export: the format (default json)',
  },
  output: { type: 'text', value: 'FILE', summary: 'With export: file to write instead of stdout' },
  force: { type: 'boolean', summary: 'With remove: do it' },
} as const;

type Flags = FlagValues<typeof flags>;

const flagsOf: Readonly<Record<Action, readonly (keyof Flags)[]>> = {
  send: ['mood', 'diagnostics'],
  list: ['limit'],
  show: [],
  export: ['format', 'output'],
  remove: ['force'],
};

export const feedbackCommand = defineCommand({
  name: 'feedback',
  summary: 'Say what you think of the program, and read what was said',
  usage: 'feedback send [TEXT] | list | show ID | export | remove ID...',
  details: `send    keeps TEXT in the store; "-" reads it from stdin, and nothing asks for it
list    newest first
show    one piece of feedback, with the diagnostics that were agreed to
export  everything, as json, ndjson or csv
remove  takes feedback away, with the messages about it; acts with --force
Nothing leaves this machine unless a rule with "on: feedback" tells somebody.
On a terminal, send shows diagnostics and asks whether to add them; elsewhere
they are added only with --diagnostics, and printed on stderr. They hold no
post, search, address, path or name: docs/feedback.md has every field.`,
  json: 'send and show { "id", "at", "text", "mood", "screen", "version", "via", "actor", "diagnostics" }; list { "feedback": [...] }; export a list of them, or with --output { "path", "format", "feedback" }; remove { "plan", "removed" }',
  examples: [
    {
      command: 'signal-harvester feedback send "The list is fast, the colours are not for me" --mood neutral',
      meaning: 'kept here',
    },
    { command: 'signal-harvester feedback list', meaning: 'what was said' },
    {
      command: 'signal-harvester feedback export --format csv --output feedback.csv',
      meaning: 'for a spreadsheet',
    },
  ],
  flags,
  words: { min: 1, max: 200 },
  async run(context, { words: [word, ...rest], flags: given }) {
    const action = chooseAction('feedback', word, actions);
    refuseOthers(action, given);
    const { feedback } = await context.open();
    switch (action) {
      case 'send':
        return send(context, feedback, rest, given);
      case 'list':
        takeNothing(action, rest);
        return list(context, await feedback.list({ limit: given.limit ?? defaultLimit }));
      case 'show':
        return show(context, await find(feedback, idsOf(action, rest)[0] ?? 0));
      case 'export':
        takeNothing(action, rest);
        return exportAll(context, feedback, given);
      case 'remove':
        return remove(context, feedback, idsOf(action, rest), given.force);
    }
  },
});

async function send(
  context: CommandContext,
  desk: Harvester['feedback'],
  words: readonly string[],
  given: Flags,
): Promise<ExitCode> {
  const asks = canAsk(context);
  const text = await textOf(context, words, asks);
  const mood = (given.mood ?? (asks ? await askMood(context) : 'neutral')) as Mood;
  const diagnostics = await agreedDiagnostics(context, desk, given.diagnostics, asks && words[0] !== '-');
  const kept = await desk.send(
    { text, mood, screen: null, version: context.version, diagnostics },
    { via: 'cli', actor: 'cli' },
  );
  if (context.json) await printJson(context, kept);
  else
    await printText(
      context,
      `Thank you. Kept as feedback ${kept.id}${kept.diagnostics === null ? '' : ', with diagnostics'}.`,
    );
  return exitCodes.done;
}

async function textOf(context: CommandContext, words: readonly string[], asks: boolean): Promise<string> {
  if (words.length === 1 && words[0] === '-') {
    const lines: string[] = [];
    for await (const line of readLines(context, '-')) lines.push(line);
    return lines.join('\n');
  }
  if (words.length > 0 || !asks) return words.join(' ');
  return askLine(context, 'What would you like to say? ');
}

async function askMood(context: CommandContext): Promise<Mood> {
  const answer = (
    await askLine(context, `How do you find it: ${moods.join(', ')}? [neutral] `)
  ).toLowerCase();
  return moods.find((mood) => answer !== '' && mood.startsWith(answer)) ?? 'neutral';
}

/** What is kept is what was shown: the same object. */
async function agreedDiagnostics(
  context: CommandContext,
  desk: Harvester['feedback'],
  wanted: boolean,
  asks: boolean,
): Promise<Diagnostics | null> {
  if (!wanted && !asks) return null;
  const { columns = context.columns, rows = 0 } = process.stderr;
  const terminal = context.isErrorTerminal ? terminalFacts({ columns, rows }, process.env.TERM) : null;
  const bundle = await desk.diagnostics(terminal);
  const title = wanted ? 'These diagnostics are added:' : 'These diagnostics could be added:';
  await printNote(context, [title, ...describeDiagnostics(bundle).map((line) => `  ${line}`)].join('\n'));
  return wanted || (await askYes(context, 'Add them?')) ? bundle : null;
}

async function list(context: CommandContext, all: readonly Feedback[]): Promise<ExitCode> {
  if (context.json) await printJson(context, { feedback: all });
  else if (all.length === 0)
    await printNote(context, 'There is no feedback yet: "signal-harvester feedback send", or F in the app.');
  else await printRows(context, columns, all);
  return exitCodes.done;
}

const columns: readonly Column<Feedback>[] = [
  { title: 'ID', align: 'right', text: ({ id }) => String(id) },
  { title: 'WHEN', text: ({ at }) => minute(at) },
  { title: 'MOOD', text: ({ mood }) => mood },
  { title: 'FROM', text: ({ via, screen, actor }) => (via === 'api' ? actor : (screen ?? via)) },
  { title: 'TEXT', flexible: true, text: ({ text }) => text },
  { title: 'DIAGNOSTICS', text: ({ diagnostics }) => (diagnostics === null ? '-' : 'yes') },
];

async function show(context: CommandContext, feedback: Feedback): Promise<ExitCode> {
  if (context.json) {
    await printJson(context, feedback);
    return exitCodes.done;
  }
  const { id, at, mood, screen, version, via, actor, text, diagnostics } = feedback;
  const where = screen === null ? via : `${via}, screen ${screen}`;
  const lines = [
    `Feedback ${id}: ${mood}, ${minute(at)} UTC, by ${visible(actor)} (${visible(where)}), version ${visible(version)}`,
    '',
    ...text.split('\n').map(visible),
    ...(diagnostics === null
      ? []
      : ['', 'Diagnostics:', ...describeDiagnostics(diagnostics).map((line) => `  ${line}`)]),
  ];
  await printText(context, lines.join('\n'));
  return exitCodes.done;
}

async function exportAll(
  context: CommandContext,
  desk: Harvester['feedback'],
  { format: asked, output }: Flags,
): Promise<ExitCode> {
  const format = (asked ?? 'json') as FeedbackFormat;
  if (context.json && output === undefined && format === 'csv') {
    throw new UserError('usage', '--json and --format csv exclude each other on stdout.', {
      fix: 'Leave one of them out.',
    });
  }
  if (output === undefined) {
    for await (const piece of exportFeedback(desk, format)) await writeText(context.stdout, piece);
    return exitCodes.done;
  }
  const path = resolve(context.cwd, output);
  const count = await writeFileWhole(path, context.signal, async (write) => {
    let pieces = 0;
    for await (const piece of exportFeedback(desk, format)) {
      await write(piece);
      pieces += 1;
    }
    // A heading, or two brackets, are no feedback.
    return pieces - { json: 2, ndjson: 0, csv: 1 }[format];
  });
  if (context.json) await printJson(context, { path, format, feedback: count });
  else await printNote(context, `Wrote ${plural(count, 'piece')} of feedback to ${path}.`);
  return exitCodes.done;
}

async function remove(
  context: CommandContext,
  desk: Harvester['feedback'],
  ids: readonly number[],
  force: boolean,
): Promise<ExitCode> {
  const found = await Promise.all(ids.map((id) => find(desk, id)));
  const plan = `Remove ${plural(found.length, 'piece')} of feedback (${ids.join(', ')}), and the messages about it in the ledger.`;
  if (!force) {
    if (!context.json) await printText(context, `Plan: ${plan}`);
    throw new UserError('not-forced', 'Removed feedback does not come back; nothing was done.', {
      fix: 'Repeat the command with --force; "feedback export" keeps a copy.',
    });
  }
  const removed = await desk.remove(ids);
  if (context.json) await printJson(context, { plan, removed });
  else await printText(context, `Removed ${plural(removed, 'piece')} of feedback.`);
  return exitCodes.done;
}

async function find(desk: Harvester['feedback'], id: number): Promise<Feedback> {
  const found = await desk.get(id);
  if (found !== null) return found;
  throw new UserError('no-such-feedback', `There is no feedback ${id}.`, {
    fix: 'Look for its id with "signal-harvester feedback list".',
  });
}

function idsOf(action: Action, words: readonly string[]): readonly number[] {
  const ids = words.map((word) => (/^\d{1,15}$/.test(word) ? Number(word) : Number.NaN));
  const right = ids.length > 0 && ids.every((id) => id > 0) && (action === 'remove' || ids.length === 1);
  if (right) return [...new Set(ids)];
  throw new UserError('usage', `"feedback ${action}" needs ${action === 'show' ? 'one id' : 'ids'}.`, {
    fix: 'Run "signal-harvester feedback list" and name the id behind the action.',
  });
}

function takeNothing(action: Action, words: readonly string[]): void {
  if (words.length === 0) return;
  throw new UserError('usage', `"feedback ${action}" takes no words.`, {
    fix: 'Run "signal-harvester help feedback" for examples.',
  });
}

/** A flag that is silently ignored would look as if it had been obeyed. */
function refuseOthers(action: Action, given: Flags): void {
  const wrong = (Object.keys(flags) as (keyof Flags)[]).find(
    (flag) => given[flag] !== undefined && given[flag] !== false && !flagsOf[action].includes(flag),
  );
  if (wrong === undefined) return;
  throw new UserError('usage', `"feedback ${action}" does not take --${wrong}.`, {
    fix: 'Run "signal-harvester help feedback" for examples.',
  });
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
