import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { Harvester, SignalQuery } from '../harvester/harvester.ts';
import { checkCategories } from './categories.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type ExportFormat, type ExportWriter, exportFormats, exportWriters } from './export-formats.ts';
import { filterFlags, queryOf, readPages } from './filters.ts';
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
    const writer = exportWriters[format];
    if (flags.output === undefined) {
      await writeSignals(context, harvester, query, limit, writer, context.stdout);
      return exitCodes.done;
    }
    const path = resolve(context.cwd, flags.output);
    const signals = await writeFileWhole(context, path, (stream) =>
      writeSignals(context, harvester, query, limit, writer, stream),
    );
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
  await writeFileWhole(context, path, async (stream) => {
    await writeText(stream, opml);
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

async function writeSignals(
  context: CommandContext,
  harvester: Harvester,
  query: SignalQuery,
  limit: number,
  writer: ExportWriter,
  stream: NodeJS.WritableStream,
): Promise<number> {
  let count = 0;
  await writeText(stream, writer.head);
  for await (const rows of readPages(harvester, query, limit, context.signal)) {
    await writeText(stream, rows.map((row) => writer.row(row, count++)).join(''));
  }
  if (!context.signal.aborted) await writeText(stream, writer.tail(count));
  return count;
}

/** The file has its name only once it is whole; an interruption leaves what was there before. */
async function writeFileWhole(
  context: CommandContext,
  path: string,
  write: (stream: NodeJS.WritableStream) => Promise<number>,
): Promise<number> {
  const draft = `${path}.${process.pid}.partial`;
  const stream = createWriteStream(draft, { flags: 'wx' });
  const closed = finished(stream);
  closed.catch(() => {});
  try {
    const count = await Promise.race([write(stream), closed.then(() => 0)]);
    stream.end();
    await closed;
    if (!context.signal.aborted) await rename(draft, path);
    return count;
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new UserError('not-written', `${path} could not be written: ${cause.message}`, {
      fix: 'Give --output a place that you may write to and that has room.',
      cause,
    });
  } finally {
    stream.destroy();
    await rm(draft, { force: true });
  }
}
