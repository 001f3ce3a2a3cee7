import { formatUsd } from '../domain/limits.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { AnalysisEstimate, AnalysisEstimateRequest, ModelEstimate } from '../harvester/analysis-desk.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, visible } from './print.ts';

const columns: readonly Column<ModelEstimate>[] = [
  { title: 'MODEL', text: ({ model }) => model },
  { title: 'REQUESTS', align: 'right', text: ({ requests }) => String(requests) },
  { title: 'TOKENS IN', align: 'right', text: ({ inputTokens }) => String(inputTokens) },
  { title: 'OUT', align: 'right', text: ({ outputTokens }) => String(outputTokens) },
  { title: 'KEPT', align: 'right', text: ({ reused }) => String(reused) },
  { title: 'COST', align: 'right', text: ({ costUsd }) => formatUsd(costUsd) },
];

/** Says what analyzing would cost, and analyzes nothing. */
export async function tellAnalysisEstimate(
  context: CommandContext,
  request: AnalysisEstimateRequest,
): Promise<ExitCode> {
  const harvester = await context.open();
  const estimate = await harvester.analysis.estimate(request);
  if (context.json) {
    await printJson(context, { estimate });
    return exitCodes.done;
  }
  if (estimate.models.length > 0 && estimate.signals + estimate.ungrouped > 0)
    await printRows(context, columns, estimate.models);
  for (const note of describeEstimate(estimate, request.selection !== undefined))
    await printNote(context, note);
  return exitCodes.done;
}

function describeEstimate(
  { signals, ungrouped, models, leftUsd, limit }: AnalysisEstimate,
  isAgain: boolean,
): readonly string[] {
  const waiting = isAgain
    ? `${plural(signals, 'signal')} would be analyzed again`
    : `${plural(signals, 'signal')} ${signals === 1 ? 'waits' : 'wait'} for analysis`;
  const more =
    ungrouped > 0 ? `, and ${plural(ungrouped, 'post')} still to be grouped, counted as a signal each` : '';
  const [first, ...others] = models;
  if (first === undefined)
    return [`${waiting}${more}. No model is asked: only the offline analyzer, which costs nothing.`];
  const isIdle = signals + ungrouped === 0;
  const rest =
    others.length === 0 || isIdle
      ? ''
      : ' Each line is as if that model answered all; they are asked in this order.';
  const left =
    leftUsd === null
      ? 'No cap is set.'
      : `${capital(limit ?? 'the caps')} leaves ${formatUsd(leftUsd)}${first.costUsd > leftUsd ? ', where models would stop and the next analyzer go on' : ''}.`;
  return [
    `${waiting}${more}.${rest}${isIdle ? '' : ' Tokens are estimated.'}`,
    ...models.flatMap(({ obstacle }) => (obstacle === null ? [] : [visible(obstacle)])),
    left,
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
