import { existsSync } from 'node:fs';
import { extname, parse, resolve } from 'node:path';
import { stageNames } from '../domain/run.ts';
import { exitCodes, UserError } from '../errors.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { importFeeds } from './import-feeds.ts';
import { exportIn, importSignals } from './import-signals.ts';
import { exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson } from './print.ts';

const formats = ['ndjson', 'json', 'csv', 'parquet', 'opml'] as const;

export const importCommand = defineCommand({
  name: 'import',
  summary: 'Take in posts, exported signals or the feeds of an OPML list, from a file or standard input',
  usage: 'import FILE|- [--format FORMAT] [--name NAME] [--dry-run] [--overwrite]',
  details:
    'Posts that are stored already are not stored twice, so a file can be imported again after it has grown. docs/configuration.md names the columns ("file" source). A line that cannot be read is reported and left out. What was read is grouped, analyzed and scored.\nWhat "export" wrote is recognized (docs/export.md): its signals come in as they are, with posts, analysis and decisions. Signals that are here already keep the decisions made here, unless --overwrite is given; importing a file twice changes nothing the second time.\nAn OPML file, the list of subscriptions of a feed reader, adds its feeds to the configuration in use as "rss" sources; feeds that are there already are skipped, and all else in the file stays as it is.',
  json: '{ "run": { "id", "state", "sources": [{ "fetched", "added", "warnings", ... }], ... } }; of exported signals { "read", "added", "joined", "known", "differing": [{ "id", "fields" }], "problems": [{ "line", "text" }], ... }; of OPML { "path", "added": [{ "name", "url" }], "known", "warnings" }',
  examples: [
    { command: 'signal-harvester import posts.csv', meaning: 'the format is known by the name' },
    {
      command: 'jq -c ".[]" dump.json | signal-harvester import - --name dump',
      meaning: 'NDJSON from another program',
    },
    {
      command: 'signal-harvester import signals.ndjson --dry-run',
      meaning: 'what an export would bring, with nothing changed',
    },
    {
      command: 'signal-harvester import feeds.opml',
      meaning: 'the subscriptions of a feed reader as sources',
    },
  ],
  flags: {
    format: {
      type: 'text',
      value: 'FORMAT',
      choices: formats,
      summary: 'Format, if the name does not tell it',
    },
    name: {
      type: 'text',
      value: 'NAME',
      summary: 'Name of the source of these posts (default: the name of the file)',
    },
    dryRun: { type: 'boolean', summary: 'Of exported signals: say what would happen, and change nothing' },
    overwrite: {
      type: 'boolean',
      summary: 'Of exported signals: their decisions replace those made here ("triage undo" takes it back)',
    },
  },
  words: { min: 1, max: 1 },
  async run(context, { words, flags }) {
    const [file = ''] = words;
    const path = file === '-' ? '-' : resolve(context.cwd, file);
    if (path !== '-' && !existsSync(path)) {
      throw new UserError('file-not-found', `There is no file ${path}.`, {
        fix: 'Give the path of an existing file, or - for standard input.',
      });
    }
    if (flags.format === 'opml' || (flags.format === undefined && extname(path).toLowerCase() === '.opml')) {
      if (flags.name !== undefined) {
        throw new UserError('usage', 'A list of feeds takes no --name: each feed has its own.', {
          fix: 'Leave --name out.',
        });
      }
      return importFeeds(context, path);
    }
    const exported = flags.format === 'opml' ? null : await exportIn(path, context.signal);
    if (exported !== null) {
      if (flags.name !== undefined) {
        throw new UserError(
          'usage',
          'Exported signals take no --name: their posts have sources of their own.',
          {
            fix: 'Leave --name out.',
          },
        );
      }
      return importSignals(context, path, exported, { dryRun: flags.dryRun, overwrite: flags.overwrite });
    }
    refuseOptions(flags);
    const name = flags.name ?? nameFor(path);
    await refuseTakenName(context, name);
    const source = {
      name,
      kind: 'file',
      path,
      ...(flags.format === undefined ? {} : { format: flags.format }),
    };
    const run = await runPipeline(context, {
      sources: [],
      adHoc: [source],
      // What is taken in from a file is history, and nobody is told of it.
      stages: stageNames.filter((stage) => stage !== 'notify'),
    });
    if (context.json) await printJson(context, { run });
    // What could not be read was named by the caller: nothing else is out of reach.
    return run.state === 'failed' ? exitCodes.usage : exitCodeOf(run);
  },
});

/** Posts of a file are only added, so these would do nothing, or not what was meant. */
function refuseOptions(flags: {
  readonly dryRun: boolean;
  readonly overwrite: boolean;
  readonly format: string | undefined;
}): void {
  const given = flags.dryRun ? '--dry-run' : flags.overwrite ? '--overwrite' : null;
  if (given === null && flags.format !== 'parquet') return;
  throw new UserError(
    'usage',
    `${given ?? '--format parquet'} is for exported signals, and this file has none.`,
    {
      fix: `Leave ${given ?? '--format'} out to take it in as posts, or give a file that "export" wrote.`,
    },
  );
}

/** A name that a source may have, made from the file's. */
export function nameFor(path: string): string {
  if (path === '-') return 'stdin';
  const name = parse(path)
    .name.toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60);
  return name === '' ? 'imported' : name;
}

async function refuseTakenName(context: CommandContext, name: string): Promise<void> {
  if (!/^[a-z0-9][a-z0-9._-]{0,59}$/.test(name)) {
    throw new UserError('invalid-flag', `--name does not take "${name}".`, {
      fix: 'Use lower-case letters, digits, ".", "_" or "-", at most 60.',
    });
  }
  const { config } = await context.loaded();
  if (!config.sources.some((source) => source.name === name)) return;
  throw new UserError('name-taken', `the configuration has a source "${name}" already.`, {
    fix: 'Give the imported posts another name with --name.',
  });
}
