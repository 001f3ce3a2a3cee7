import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { formatLabel, type Label, type LabelDraft, parseLabel } from '../domain/label.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, visible, writeText } from './print.ts';
import { headline } from './signal-columns.ts';

const mostListed = 100_000;
const mostProblemsTold = 5;

const columns: readonly Column<Label>[] = [
  { title: 'ID', align: 'right', text: ({ id }) => String(id) },
  { title: 'AT', text: ({ at }) => new Date(at).toISOString().slice(0, 16).replace('T', ' ') },
  { title: 'SIGNAL', align: 'right', text: ({ signalId }) => (signalId === null ? '-' : String(signalId)) },
  { title: 'CATEGORY', text: ({ category }) => category ?? '-' },
  { title: 'FEELING', text: ({ sentiment }) => sentiment ?? '-' },
  { title: 'URGENCY', align: 'right', text: ({ urgency }) => (urgency === null ? '-' : String(urgency)) },
  { title: 'TEXT', flexible: true, text: headline },
];

export const labelsCommand = defineCommand({
  name: 'labels',
  summary: 'What you said of posts: list, export, import, remove',
  usage: 'labels list|export|import FILE|remove ID... [--limit N] [--force]',
  details: `list    your corrections and what you imported, newest first
export  all of them as NDJSON, one label a line, as "import" reads it
import  labels from an NDJSON file or standard input (-): "text", and at least
        one of "category", "sentiment", "urgency"; "title", "lang", "kind" and
        "at" may stand beside them. A text that was imported before is
        replaced, one that you corrected in triage is left as you said
remove  labels by id; shows its plan, and acts with --force
Corrections made in triage become labels by themselves. The offline analyzer learns from labels, and "eval" judges by them.`,
  json: 'list { "labels", "total" }; export the labels, one a line; import { "added", "replaced", "kept", "problems" }; remove { "plan", "removed" }',
  examples: [
    { command: 'signal-harvester labels list --limit 20', meaning: 'what you corrected last' },
    { command: 'signal-harvester labels export > labels.ndjson', meaning: 'to keep, or for a colleague' },
    { command: 'signal-harvester labels import labels.ndjson', meaning: 'teach the program a labelled file' },
  ],
  flags: {
    limit: { type: 'integer', value: 'N', min: 1, summary: 'How many to list (default 50)' },
    force: { type: 'boolean', summary: 'Do what remove plans' },
  },
  words: { min: 1, max: 10_000 },
  reads: true,
  async run(context, { words: [word, ...rest], flags }) {
    switch (chooseAction('labels', word, ['list', 'export', 'import', 'remove'])) {
      case 'list':
        return list(context, flags.limit ?? 50);
      case 'export':
        return exportLabels(context);
      case 'import':
        return importFile(context, rest);
      case 'remove':
        return remove(context, rest, flags.force);
    }
  },
});

async function list(context: CommandContext, limit: number): Promise<ExitCode> {
  const page = await (await context.open()).labels.list(limit);
  if (context.json) await printJson(context, page);
  else if (page.total === 0)
    await printNote(context, 'No labels yet: correct a signal in triage, or import a labelled file.');
  else {
    await printRows(context, columns, page.labels);
    if (page.total > page.labels.length)
      await printNote(context, `${page.labels.length} of ${page.total}; --limit shows more.`);
  }
  return exitCodes.done;
}

async function exportLabels(context: CommandContext): Promise<ExitCode> {
  const { labels } = await (await context.open()).labels.list(mostListed);
  // Oldest first, so that an import gives them the same order again.
  for (const label of labels.toReversed()) await writeText(context.stdout, `${formatLabel(label)}\n`);
  if (!context.json) await printNote(context, `Wrote ${plural(labels.length, 'label')}.`);
  return exitCodes.done;
}

async function importFile(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const [file, more] = words;
  if (file === undefined || more !== undefined) {
    throw new UserError('usage', '"labels import" wants one file.', {
      fix: 'Give the path of an NDJSON file, or - for standard input.',
    });
  }
  const labels: LabelDraft[] = [];
  const problems: string[] = [];
  let number = 0;
  for await (const line of readLines(context, file)) {
    number += 1;
    if (line.trim() === '') continue;
    const label = parseLabel(line, context.now());
    if (typeof label === 'string') problems.push(`line ${number}: ${label}`);
    else labels.push(label);
  }
  const report = await (await context.open()).labels.import(labels);
  if (context.json) await printJson(context, { ...report, problems });
  else {
    for (const problem of problems.slice(0, mostProblemsTold)) await printNote(context, visible(problem));
    if (problems.length > mostProblemsTold)
      await printNote(context, `and ${problems.length - mostProblemsTold} more lines that could not be read`);
    await printNote(
      context,
      `${plural(report.added, 'label')} added, ${report.replaced} replaced, ${report.kept} left as you corrected them.`,
    );
  }
  return problems.length === 0 ? exitCodes.done : exitCodes.partial;
}

/** Lines of a file or of standard input (-). Throws UserError for a file that is not there. */
export async function* readLines(context: Pick<CommandContext, 'cwd'>, file: string): AsyncGenerator<string> {
  const stream = file === '-' ? process.stdin : createReadStream(resolve(context.cwd, file));
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  return new UserError('file-not-found', `${file} could not be read (${String(cause.code)}).`, {
    fix: 'Give the path of a file that exists and that you may read.',
    cause,
  });
}

async function remove(context: CommandContext, words: readonly string[], force: boolean): Promise<ExitCode> {
  const wrong = words.find((word) => !/^[1-9]\d{0,15}$/.test(word));
  if (words.length === 0 || wrong !== undefined) {
    throw new UserError(
      'invalid-id',
      wrong === undefined ? 'No label is named.' : `"${visible(wrong)}" is not the id of a label.`,
      {
        fix: 'Give the numbers that "signal-harvester labels list" prints.',
      },
    );
  }
  const plan = `Remove ${plural(words.length, 'label')} (${words.slice(0, 10).join(', ')}${words.length > 10 ? ', …' : ''}). The signals keep what you corrected.`;
  if (!force) {
    if (!context.json) await printNote(context, `Plan: ${plan}`);
    throw new UserError('not-forced', 'Removing labels loses what you said, so nothing was done.', {
      fix: 'Export them first if you like, then repeat the command with --force.',
    });
  }
  const removed = await (await context.open()).labels.remove(words.map(Number));
  if (context.json) await printJson(context, { plan, removed });
  else await printNote(context, `Removed ${plural(removed, 'label')}.`);
  return exitCodes.done;
}
