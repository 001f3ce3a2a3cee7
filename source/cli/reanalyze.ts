import { describeAnalyzers, describeModelSpend, hasFailed } from '../domain/describe-spend.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { ReanalysisProgress, ReanalysisReport, ReanalysisRequest } from '../harvester/analysis-desk.ts';
import type { AnalysisChange, AnalysisFace, CategoryMove } from '../harvester/reanalysis-tally.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, visible } from './print.ts';

const columns: readonly Column<AnalysisChange>[] = [
  { title: 'ID', align: 'right', text: ({ signalId }) => String(signalId) },
  { title: 'CATEGORY', text: (change) => arrow(change, ({ category }) => category) },
  { title: 'FEELING', text: (change) => arrow(change, ({ sentiment }) => sentiment) },
  { title: 'URGENCY', text: (change) => arrow(change, ({ urgency }) => String(urgency)) },
  { title: 'SURE', text: (change) => arrow(change, ({ confidence }) => `${Math.round(confidence * 100)}%`) },
  { title: 'SIGNAL', flexible: true, text: ({ about }) => about },
];

/** Analyzes again and says what differs; saves only what `request.save` allows. */
export async function reanalyze(context: CommandContext, request: ReanalysisRequest): Promise<ExitCode> {
  const harvester = await context.open();
  const report = await harvester.analysis.reanalyze(request, {
    signal: context.signal,
    onProgress: (progress) => drawProgress(context, progress),
  });
  if (context.isErrorTerminal && !context.json) context.stderr.write('\r\u001b[2K');
  if (context.json) await printJson(context, { reanalysis: report });
  else await printReport(context, report, request);
  if (report.interrupted) return exitCodes.interrupted;
  return report.analyzers.some(hasFailed) || report.unanswered > 0 ? exitCodes.partial : exitCodes.done;
}

function drawProgress(context: CommandContext, { done, changed }: ReanalysisProgress): void {
  if (!context.isErrorTerminal || context.json) return;
  context.stderr.write(`\r\u001b[2K${plural(done, 'signal')} analyzed again, ${changed} changed`);
}

async function printReport(
  context: CommandContext,
  report: ReanalysisReport,
  { save, fresh }: ReanalysisRequest,
): Promise<void> {
  const { changes, changed, models, analyzers, warnings } = report;
  if (changes.length > 0) await printRows(context, columns, changes);
  if (changed > changes.length && changes.length > 0)
    await printNote(context, `… and ${changed - changes.length} more; --limit N prints them.`);
  for (const warning of warnings) await printNote(context, `warning: ${visible(warning)}`);
  for (const line of describeCounts(report)) await printNote(context, line);
  const who = describeAnalyzers(analyzers);
  if (who !== null) await printNote(context, `${who}.`);
  for (const spend of models) await printNote(context, `${visible(describeModelSpend(spend))}.`);
  await printNote(context, describeSaving(report, save, fresh ?? false));
}

function describeCounts(report: ReanalysisReport): readonly string[] {
  const { signals, changed, same, left, unanswered, moves } = report;
  if (signals === 0) return ['No signal matches.'];
  const kinds = [
    `category ${report.changedCategory}`,
    `feeling ${report.changedSentiment}`,
    `urgency ${report.changedUrgency}`,
  ];
  const parts = [
    `${changed} changed${changed > 0 ? ` (${kinds.join(', ')})` : ''}`,
    `${same} the same`,
    ...(left > 0 ? [`${left} left as they are, since only a fallback answered`] : []),
    ...(unanswered > 0 ? [`${unanswered} without an answer`] : []),
  ];
  return [
    `${plural(signals, 'signal')}: ${parts.join(', ')}.`,
    ...(moves.length > 0 ? [`Categories: ${moves.slice(0, 8).map(describeMove).join(', ')}.`] : []),
  ];
}

function describeMove({ before, after, signals }: CategoryMove): string {
  return `${before ?? 'none'} → ${after} ${signals}`;
}

function describeSaving(
  { saved, signals, models, interrupted }: ReanalysisReport,
  save: boolean,
  fresh: boolean,
): string {
  if (signals === 0 && !interrupted) return 'Nothing to save.';
  if (save)
    return `Saved ${plural(saved, 'analysis', 'analyses')}${interrupted ? ' before it was interrupted' : ''}.`;
  if (models.length === 0) return 'Nothing was saved: the same with --force saves it.';
  const without = fresh ? ' and without --fresh' : '';
  return `Nothing was saved: the same with --force${without} saves it, and what models answered is not paid for again.`;
}

function arrow({ before, after }: AnalysisChange, show: (face: AnalysisFace) => string): string {
  const now = show(after);
  const then = before === null ? 'none' : show(before);
  return then === now ? now : `${then} → ${now}`;
}
