import { formatUsd } from '../domain/limits.ts';
import { exitCodes } from '../errors.ts';
import type { RefreshReport } from '../harvester/harvester.ts';
import { defineCommand } from './command.ts';
import { plural } from './plural.ts';
import { printJson, printNote, printText, visible } from './print.ts';

const defaultMinSalience = 20;
const defaultLimit = 500;

export const refreshCommand = defineCommand({
  name: 'refresh',
  summary: 'Read the likes and replies of salient signals again, and score what changed',
  usage: 'refresh [--min-salience N] [--limit N]',
  details:
    'Asks the enabled sources that can tell the counts of known posts, the most salient first, within the spend caps. Posts that are gone are left as they are.',
  json: '{ "asked", "changed", "costUsd", "notes": [sentence, ...], "failures": [sentence, ...] }',
  examples: [
    { command: 'signal-harvester refresh', meaning: `signals of ${defaultMinSalience} and more` },
    {
      command: 'signal-harvester refresh --min-salience 60 --limit 50',
      meaning: 'only the top, for little money',
    },
  ],
  flags: {
    minSalience: {
      type: 'number',
      value: 'N',
      min: 0,
      max: 100,
      summary: `Only signals of this salience or more (default ${defaultMinSalience})`,
    },
    limit: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 100_000,
      summary: `Posts to ask for, at most (default ${defaultLimit})`,
    },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const harvester = await context.open();
    const request = {
      minSalience: flags.minSalience ?? defaultMinSalience,
      limit: flags.limit ?? defaultLimit,
    };
    const onProgress = (notice: string) => void context.stderr.write(`${visible(notice)}\n`);
    let report: RefreshReport;
    try {
      report = await harvester.refresh(request, {
        signal: context.signal,
        ...(context.json ? {} : { onProgress }),
      });
    } catch (error) {
      if (context.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
    if (context.json) await printJson(context, report);
    else {
      for (const note of [...report.notes, ...report.failures]) await printNote(context, visible(note));
      await printText(context, describeReport(report));
    }
    return report.failures.length > 0 ? exitCodes.partial : exitCodes.done;
  },
});

function describeReport({ asked, changed, costUsd }: RefreshReport): string {
  const cost = costUsd > 0 ? `, for ${formatUsd(costUsd)}` : '';
  return `Read the counts of ${plural(asked, 'post')} again${cost}: ${changed} had changed.`;
}
