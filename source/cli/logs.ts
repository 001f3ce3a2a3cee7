import { type EntryLevel, entryLevels, fieldsLine, type LogEntry } from '../domain/log-entry.ts';
import { exitCodes } from '../errors.ts';
import type { Logs } from '../harvester/logs.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { printJson, printNote, printText, visible, writeText } from './print.ts';

const defaultLines = 50;
const followEveryMs = 500;
/** Of what came between two looks, the newest. */
const followed = 500;

export const logsCommand = defineCommand({
  name: 'logs',
  summary: "The program's own log, newest last",
  usage: 'logs [--level LEVEL] [--grep TEXT] [-n N] [--follow]',
  details:
    'The log of the terminal app and of commands; a headless process writes to standard output instead, unless log.path is set.',
  json: '{ "entries": [{ "id", "at", "level", "message", "fields": [[name, value]] }], "path" }; with --follow one entry a line',
  examples: [
    { command: 'signal-harvester logs --level warn', meaning: 'what went wrong lately' },
    { command: 'signal-harvester logs --grep "source=hn" --follow', meaning: 'as it happens' },
  ],
  flags: {
    level: { type: 'text', value: 'LEVEL', choices: entryLevels, summary: 'This level and those above it' },
    grep: { type: 'text', value: 'TEXT', summary: 'Only entries that say this, in whatever case' },
    lines: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 100_000,
      short: 'n',
      summary: `At most so many (default ${defaultLines})`,
    },
    follow: { type: 'boolean', short: 'f', summary: 'Go on as it grows, until interrupted' },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const { logs } = await context.open();
    const filter = {
      ...(flags.level === undefined ? {} : { level: flags.level as EntryLevel }),
      ...(flags.grep === undefined ? {} : { text: flags.grep }),
    };
    const { entries, path, exists, end } = await newest(logs, filter, flags.lines ?? defaultLines);
    if (!flags.follow && context.json) await printJson(context, { entries, path });
    else for (const entry of entries) await printEntry(context, entry);
    if (!exists && !context.json) await printNote(context, `There is no log at ${path} yet.`);
    if (flags.follow) await follow(context, logs, filter, end);
    return exitCodes.done;
  },
});

type Filter = Pick<Parameters<Logs['tail']>[0], 'level' | 'text'>;

/** Pages are bounded by what is read, so that a rare text takes several. */
async function newest(logs: Logs, filter: Filter, limit: number) {
  let page = await logs.tail({ ...filter, limit });
  const { path, exists, end } = page;
  let entries = page.entries;
  while (entries.length < limit && page.before !== null) {
    page = await logs.tail({ ...filter, limit: limit - entries.length, before: page.before });
    entries = [...page.entries, ...entries];
  }
  return { entries, path, exists, end };
}

async function follow(
  context: CommandContext,
  logs: Logs,
  filter: Filter,
  from: string | null,
): Promise<void> {
  let end = from;
  while (!context.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, followEveryMs));
    const page = await logs.tail({ ...filter, limit: followed, ...(end !== null && { after: end }) });
    for (const entry of page.entries) await printEntry(context, entry);
    end = page.end ?? end;
  }
}

/** "2026-11-22 14:05:09 warn   source failed  source=hn", a stack in lines below it. */
async function printEntry(context: CommandContext, entry: LogEntry): Promise<void> {
  if (context.json) return writeText(context.stdout, `${JSON.stringify(entry)}\n`);
  const { at, level, message, fields } = entry;
  const clock = at === null ? '-' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const below = fields.flatMap(([, value]) =>
    value
      .split('\n')
      .slice(1)
      .map((line) => `    ${visible(line)}`),
  );
  const first = `${clock} ${level.padEnd(5)}  ${visible(`${message}  ${fieldsLine(entry)}`).trimEnd()}`;
  await printText(context, [first, ...below].join('\n'));
}
