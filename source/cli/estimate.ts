import { formatUsd } from '../domain/limits.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { RunEstimate, SourceEstimate } from '../harvester/estimate.ts';
import type { RunRequest } from '../harvester/harvester.ts';
import type { CommandContext } from './command.ts';
import { type Column, printJson, printNote, printRows } from './print.ts';

const columns: readonly Column<SourceEstimate>[] = [
  { title: 'SOURCE', text: ({ name }) => name },
  { title: 'KIND', text: ({ kind }) => kind },
  { title: 'READS', align: 'right', text: ({ reads }) => String(reads) },
  { title: 'COST', align: 'right', text: ({ usd }) => formatUsd(usd) },
  // Not cut to the screen: what a number rests on is the point of it.
  { title: 'BASIS', text: ({ basis }) => basis },
];

/** Says what a run would cost, and makes none. */
export async function tellEstimate(context: CommandContext, request: RunRequest): Promise<ExitCode> {
  const harvester = await context.open();
  const estimate = await harvester.estimate(request);
  if (context.json) await printJson(context, { estimate });
  else if (estimate.sources.length === 0)
    await printNote(context, 'Nothing here costs money: no source that would be asked has a price.');
  else {
    await printRows(context, columns, estimate.sources);
    await printNote(context, describeTotal(estimate));
  }
  return exitCodes.done;
}

export function describeTotal({ totalUsd, leftUsd }: RunEstimate): string {
  const total = `${formatUsd(totalUsd)} in all`;
  if (leftUsd === null) return `${total}; no cap is set.`;
  const left = `${total}; the caps leave ${formatUsd(leftUsd)}`;
  return totalUsd > leftUsd ? `${left}, where the run would stop.` : `${left}.`;
}
