import { extname, resolve } from 'node:path';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { exportSignals, writeFileWhole, writeSignals } from '../harvester/export-file.ts';
import { type ExportFormat, exportFormats, exportWriters } from '../harvester/export-formats.ts';
import { checkCategories } from './categories.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { filterFlags, queryOf } from './filters.ts';
import { flagName } from './flag-value.ts';
import { plural } from './plural.ts';
import { printJson, printNote, writeText } from './print.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write signals as JSON, NDJSON or CSV, or the feeds of the configuration as OPML',
  usage: 'export [--format FORMAT] [--output FILE] [FILTERS] [--limit N]',
  details:
    'Reads page by page, so the store may be of any size. CSV cells that a spreadsheet would run as a formula begin with an apostrophe. A file appears under its name only when it is whole, and replaces one of that name.\nThe format opml writes the "rss" sources of the configuration, for any feed reader; filters do not apply to it.',
  json: 'on stdout the signals as a JSON list; with --output { "path", "format", "signals" }, of opml { "path", "format", "feeds" }',
  examples: [
    {
      command: 'signal-harvester export --format csv --output week.csv --since 7d',
      meaning: 'a week for a spreadsheet',
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
    limit: { type: 'integer', value: 'N', min: 1, summary: 'How many at most (default: all)' },
  },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    const format = chooseFormat(flags.format, flags.output, context.json);
    if (format === 'opml') {
      refuseFilters(flags);
      return exportFeeds(context, flags.output);
    }
    const harvester = await context.open();
    await checkCategories(context, flags.category);
    const query = queryOf(flags, context.now());
    const limit = flags.limit ?? Number.POSITIVE_INFINITY;
    const request = { harvester, query, limit, signal: context.signal };
    if (flags.output === undefined) {
      await writeSignals(request, exportWriters[format], (text) => writeText(context.stdout, text));
      return exitCodes.done;
    }
    const path = resolve(context.cwd, flags.output);
    const signals = await exportSignals(request, path, format);
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

/** A filter that is silently ignored would look as if it had been obeyed. */
function refuseFilters(flags: Readonly<Record<string, unknown>>): void {
  const given = [...Object.keys(filterFlags), 'limit'].find((key) => {
    const value = flags[key];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (given === undefined) return;
  throw new UserError('usage', `${flagName(given)} chooses signals, and the format opml has feeds.`, {
    fix: `Leave ${flagName(given)} out.`,
  });
}

function chooseFormat(
  asked: string | undefined,
  output: string | undefined,
  json: boolean,
): ExportFormat | 'opml' {
  if (asked !== undefined) {
    if (json && output === undefined && (asked === 'csv' || asked === 'opml')) {
      throw new UserError('usage', `--json and --format ${asked} exclude each other on stdout.`, {
        fix: 'Leave one of them out.',
      });
    }
    return asked as ExportFormat | 'opml';
  }
  const extension = output === undefined ? '' : extname(output).slice(1).toLowerCase();
  if (extension === 'opml') return 'opml';
  return exportFormats.find((format) => format === extension) ?? 'json';
}
