import { extname, resolve } from 'node:path';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { exportSignals, writeFileWhole, writeSignals } from '../harvester/export-file.ts';
import { type ExportFormat, exportFormats, exportWriters, formatOf } from '../harvester/export-formats.ts';
import type { Harvester, SignalQuery } from '../harvester/harvester.ts';
import { checkCategories } from './categories.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { filterFlags, queryOf } from './filters.ts';
import { flagName } from './flag-value.ts';
import { plural } from './plural.ts';
import { printJson, printNote, visible, writeText } from './print.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write signals as JSON, NDJSON, CSV, Parquet, XLSX, Atom or Markdown, or the feeds as OPML',
  usage: 'export [SEARCH] [--format FORMAT] [--output FILE] [FILTERS] [--limit N]',
  details:
    'json, ndjson, csv and parquet carry whole signals, with posts, analysis and decisions: "import" takes them back (docs/export.md). xlsx, atom and md are to be read.\nReads page by page, so the store may be of any size. CSV cells that a spreadsheet would run as a formula begin with an apostrophe. A file appears under its name only when it is whole, replaces one of that name, and is for its owner alone.\nThe format opml writes the "rss" sources of the configuration, for any feed reader; filters do not apply to it.',
  json: 'on stdout the signals as a JSON list; with --output { "path", "format", "signals" }, of opml { "path", "format", "feeds" }',
  examples: [
    {
      command: 'signal-harvester export --format csv --output week.csv --since 7d',
      meaning: 'a week for a spreadsheet',
    },
    {
      command: "signal-harvester export 'category:bug is:undecided' --output bugs.xlsx",
      meaning: 'a search as a workbook',
    },
    {
      command: 'signal-harvester export --format ndjson | gzip > all.ndjson.gz',
      meaning: 'everything, one signal a line',
    },
    { command: 'signal-harvester export --output feeds.opml', meaning: 'the feeds for a feed reader' },
  ],
  flags: {
    format: {
      type: 'text',
      value: 'FORMAT',
      choices: [...exportFormats, 'opml'],
      summary: "Format (default: by the file's name, else json)",
    },
    output: { type: 'text', value: 'FILE', summary: 'File to write instead of stdout' },
    ...filterFlags,
    view: { type: 'text', value: 'NAME', summary: 'What this view shows (signal-harvester views)' },
    limit: { type: 'integer', value: 'N', min: 1, summary: 'How many at most (default: all)' },
  },
  words: { min: 0, max: 100 },
  reads: true,
  async run(context, { words, flags }) {
    const format = chooseFormat(flags.format, flags.output, context.json);
    if (format === 'opml') {
      refuseFilters(flags, words);
      return exportFeeds(context, flags.output);
    }
    const harvester = await context.open();
    await checkCategories(context, flags.category);
    const query = await chosen(harvester, queryOf(flags, context.now(), words), flags.view);
    const limit = flags.limit ?? Number.POSITIVE_INFINITY;
    const about = { at: context.now(), topic: query.search ?? '' };
    const request = { harvester, query, limit, signal: context.signal, about };
    if (flags.output === undefined) {
      refuseTerminal(context, format);
      const { capped } = await writeSignals(request, format, (chunk) => writeText(context.stdout, chunk));
      if (capped) await printNote(context, commonWords);
      return exitCodes.done;
    }
    const path = resolve(context.cwd, flags.output);
    const { signals, capped } = await exportSignals(request, path, format);
    if (capped) await printNote(context, commonWords);
    if (context.json) await printJson(context, { path, format, signals });
    else await printNote(context, `Wrote ${plural(signals, 'signal')} to ${path}.`);
    return exitCodes.done;
  },
});

async function exportFeeds(context: CommandContext, output: string | undefined): Promise<ExitCode> {
  const { opml, feeds } = (await context.feeds()).write();
  if (output === undefined) {
    await writeText(context.stdout, opml);
    return exitCodes.done;
  }
  const path = resolve(context.cwd, output);
  await writeFileWhole(path, context.signal, async (write) => {
    await write(opml);
    return feeds;
  });
  if (context.json) await printJson(context, { path, format: 'opml', feeds });
  else await printNote(context, `Wrote ${plural(feeds, 'feed')} to ${path}.`);
  return exitCodes.done;
}

const commonWords =
  'The words of the search are common: only their newest matches are in the export. Add a word, or a filter.';

/** The search of a view, beside the other filters. */
async function chosen(
  harvester: Pick<Harvester, 'views'>,
  query: SignalQuery,
  view: string | undefined,
): Promise<SignalQuery> {
  if (view === undefined) return query;
  if (query.search !== undefined) {
    throw new UserError('usage', 'A view is a search, and there is another one.', {
      fix: 'Leave --view or the search out.',
    });
  }
  const views = await harvester.views.list();
  const found = views.find(({ name }) => name === view);
  if (found !== undefined) return { ...query, search: found.query };
  throw new UserError('unknown-view', `There is no view ${visible(view)}.`, {
    fix: `The views are ${views.map(({ name }) => `"${name}"`).join(', ')}.`,
  });
}

function refuseTerminal({ isTerminal }: CommandContext, format: ExportFormat): void {
  if (!isTerminal || !exportWriters[format].binary) return;
  throw new UserError('usage', `${format} is no text, and standard output is a terminal.`, {
    fix: `Give --output signals.${format}, or send it into a pipe.`,
  });
}

/** A filter that is silently ignored would look as if it had been obeyed. */
function refuseFilters(flags: Readonly<Record<string, unknown>>, words: readonly string[]): void {
  const given = [...Object.keys(filterFlags), 'view', 'limit'].find((key) => {
    const value = flags[key];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  const what = given === undefined ? words[0] : flagName(given);
  if (what === undefined) return;
  throw new UserError('usage', `${visible(what)} chooses signals, and the format opml has feeds.`, {
    fix: `Leave ${visible(what)} out.`,
  });
}

function chooseFormat(
  asked: string | undefined,
  output: string | undefined,
  json: boolean,
): ExportFormat | 'opml' {
  if (asked !== undefined) {
    if (json && output === undefined && asked !== 'json' && asked !== 'ndjson') {
      throw new UserError('usage', `--json and --format ${asked} exclude each other on stdout.`, {
        fix: 'Leave one of them out.',
      });
    }
    return asked as ExportFormat | 'opml';
  }
  const extension = output === undefined ? '' : extname(output).slice(1).toLowerCase();
  if (extension === 'opml') return 'opml';
  return formatOf(output ?? '') ?? 'json';
}
