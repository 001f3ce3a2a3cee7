import { modelsUsd } from '../../../domain/describe-spend.ts';
import { formatUsd } from '../../../domain/limits.ts';
import type { RunProgress, StageProgress } from '../../../domain/run.ts';
import type { ModelSpend } from '../../../domain/spend.ts';
import { drawBar } from '../../text/bar.ts';
import { describeRun, totalsOf } from '../../text/describe-run.ts';
import { formatAgo, formatCount, formatDuration, formatShort, plural } from '../../text/format.ts';
import { cell, type Line, span, spread, widthOf } from '../../text/spans.ts';

/** The heading of the stages, with what models cost when any was asked. */
export function stagesTitle(models: readonly ModelSpend[]): string {
  if (models.length === 0) return 'stages';
  const sum = (count: (spend: ModelSpend) => number) =>
    models.reduce((total, spend) => total + count(spend), 0);
  const names = models.map(({ model }) => model).join(', ');
  const reused = sum((spend) => spend.reused);
  const parts = [
    plural(
      sum(({ requests }) => requests),
      'request',
    ),
    `${formatShort(sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens))} tokens`,
    ...(reused > 0 ? [`${formatShort(reused)} kept`] : []),
    formatUsd(modelsUsd(models)),
  ];
  return `stages · ${names}: ${parts.join(', ')}`;
}

/** A progress bar a stage. */
export function stageLine(stage: StageProgress, columns: number, running: boolean): Line {
  const bar = Math.max(4, Math.min(50, columns - 40));
  const { filled, rest } = drawBar(stage.total === 0 ? 0 : stage.done / stage.total, bar);
  const done = stage.total > 0 && stage.done >= stage.total;
  const glyph = done ? '✓' : stage.total === 0 || !running ? '·' : '>';
  return [
    span(` ${glyph} `, done ? 'good' : 'quiet'),
    cell(stage.name, 8),
    span(filled, done ? 'good' : 'accent'),
    span(rest, 'quiet'),
    span(
      stage.total === 0
        ? running
          ? '  waiting'
          : '  nothing to do'
        : `  ${formatCount(stage.done)} of ${formatCount(stage.total)}`,
      'quiet',
    ),
  ];
}

/** Where a run stands in one line: totals while it works, a sentence when it has ended. */
export function totalsLine(
  run: RunProgress,
  { finished, cancelling, columns }: { finished: boolean; cancelling: boolean; columns: number },
): Line {
  if (finished) {
    const { text, tone } = describeRun(run);
    const said: Line = [span(' '), span(text, tone)];
    if (run.signals === 0) return said;
    const hints = ['press 2 to read them', 'press 2'].map(
      (words): Line => [span(' · ', 'quiet'), span(words, 'strong')],
    );
    const fitting = hints.find((hint) => widthOf(said) + widthOf(hint) <= columns);
    // What to do next is never cut off by how it went.
    return fitting === undefined ? spread(said, hints.at(-1) ?? [], columns) : [...said, ...fitting];
  }
  const { fetched, added, echoes, excluded, costUsd } = totalsOf(run);
  return [
    span(cancelling ? ' stopping · ' : ' ', 'warning'),
    span(formatDuration(run.elapsedMs)),
    span(
      ` · ${plural(fetched, 'post')} · ${formatCount(added)} new · ${plural(echoes, 'echo', 'echoes')} · `,
    ),
    span(plural(run.signals, 'signal'), 'strong'),
    span(' opened'),
    ...(excluded > 0 ? [span(` · ${formatCount(excluded)} excluded`)] : []),
    ...(costUsd > 0 ? [span(` · ${formatUsd(costUsd)}`)] : []),
  ];
}

/** The sentence above the table before any run of this session. */
export function idleLine(enabled: number, earlier: RunProgress | null, now: number): Line {
  const past =
    earlier === null ? '' : `  ·  last ${formatAgo(earlier.startedAt, now)}: ${describeRun(earlier).text}`;
  return [span(' Press h', 'strong'), span(` to harvest ${plural(enabled, 'source')}`), span(past, 'quiet')];
}
