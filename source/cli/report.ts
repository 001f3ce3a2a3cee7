import { resolve } from 'node:path';
import { exitCodes, UserError } from '../errors.ts';
import { writeFileWhole } from '../harvester/export-file.ts';
import { type ReportFormat, renderReport, reportFormatOf, reportFormats } from '../report/render.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { timeOf } from './flag-value.ts';
import { printJson, printNote, writeText } from './print.ts';

const usualSpanMs = 7 * 86_400_000;

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Write a report of a span of time for a team: HTML, Markdown or JSON',
  usage:
    'report [--since WHEN] [--until WHEN] [--view NAME | --search QUERY] [--format FORMAT] [--output FILE]',
  details:
    'Headline numbers and how they changed, signals by category with examples, spikes, sentiment, decisions, sources, rising terms, and how it was counted. The HTML is one file without scripts that needs no network: send it as it is, or print it. Before is the span of equal length that ends where the report begins. docs/reports.md says what each number means.',
  json: 'the report as docs/reports.md describes it: { "version", "topic", "madeAt", "timeZone", "view", "search", "insight", "categories", "decisions", "method" }; with --output { "path", "format", "signals", "posts" }',
  examples: [
    { command: 'signal-harvester report --output week.html', meaning: 'the last seven days, to send' },
    {
      command: "signal-harvester report --since 30d --search 'category:bug' --format md",
      meaning: 'a month of bugs, for a wiki or an issue',
    },
    {
      command:
        'signal-harvester report --since 2026-11-01 --until 2026-11-08 --view Churn --output churn.html',
      meaning: 'a certain week of one view',
    },
  ],
  flags: {
    since: {
      type: 'moment',
      value: 'WHEN',
      summary: 'Where it begins: 24h, 7d ago, or a date (2026-11-20); seven days before the end if not given',
    },
    until: { type: 'moment', value: 'WHEN', summary: 'Where it ends, not included (default: now)' },
    view: { type: 'text', value: 'NAME', summary: 'Only the signals of this view' },
    search: {
      type: 'text',
      short: 'q',
      value: 'QUERY',
      summary: 'Only the signals that this search finds (docs/search.md)',
    },
    format: {
      type: 'text',
      value: 'FORMAT',
      choices: reportFormats,
      summary: "Format (default: by the file's name; else md on a terminal, html in a pipe)",
    },
    output: { type: 'text', value: 'FILE', summary: 'File to write instead of stdout' },
  },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    const format = chooseFormat(context, flags.format, flags.output);
    const until = flags.until === undefined ? context.now() : timeOf('until', flags.until, context.now());
    const since =
      flags.since === undefined
        ? Math.max(0, until - usualSpanMs)
        : timeOf('since', flags.since, context.now());
    const harvester = await context.open();
    const report = await harvester.report.make({
      since,
      until,
      ...(flags.view === undefined ? {} : { view: flags.view }),
      ...(flags.search === undefined ? {} : { search: flags.search }),
    });
    const text = await renderReport(report, format);
    if (flags.output === undefined) {
      await writeText(context.stdout, text);
      return exitCodes.done;
    }
    const path = resolve(context.cwd, flags.output);
    await writeFileWhole(path, context.signal, async (write) => {
      await write(text);
      return 1;
    });
    const { posts, signals } = report.insight;
    if (context.json) await printJson(context, { path, format, signals: signals.total, posts: posts.total });
    else await printNote(context, `Wrote the report to ${path}.`);
    return exitCodes.done;
  },
});

function chooseFormat(
  { json, isTerminal }: CommandContext,
  asked: string | undefined,
  output: string | undefined,
): ReportFormat {
  if (json && output === undefined) {
    if (asked === undefined || asked === 'json') return 'json';
    throw new UserError('usage', `--json and --format ${asked} exclude each other on stdout.`, {
      fix: 'Leave one of them out, or give --output.',
    });
  }
  if (asked !== undefined) return asked as ReportFormat;
  const byName = output === undefined ? null : reportFormatOf(output);
  if (byName !== null) return byName;
  return isTerminal && output === undefined ? 'md' : 'html';
}
