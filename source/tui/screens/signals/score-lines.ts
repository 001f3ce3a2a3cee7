import type { ScoreFactors } from '../../../domain/score.ts';
import { drawBar } from '../../text/bar.ts';
import { cell, type Line, span } from '../../text/spans.ts';

const labelColumns = 11;
const valueColumns = 7;

/**
 * The parts of a score as bars: first what is added (as a share of the sum),
 * then what the sum is multiplied with (the middle of the bar is neutral).
 */
export function scoreLines(factors: ScoreFactors, columns: number): Line[] {
  const bar = Math.max(4, Math.min(40, columns - labelColumns - valueColumns - 14));
  const sum = factors.base + factors.engagement + factors.urgency;
  const added = (label: string, value: number): Line => [
    cell(label, labelColumns),
    cell(`+${value.toFixed(1)}`, valueColumns, 'strong', 'right'),
    ...barOf(value / sum, bar),
    span(` ${Math.round((100 * value) / sum)}%`, 'quiet'),
  ];
  const multiplied = (label: string, value: number): Line => [
    cell(label, labelColumns),
    cell(`×${value.toFixed(2)}`, valueColumns, 'strong', 'right'),
    // Doubling fills the bar, halving empties it.
    ...barOf((Math.log2(value) + 1) / 2, bar),
    span(value > 1 ? ' raises' : value < 1 ? ' lowers' : ' neutral', 'quiet'),
  ];
  return [
    added('base', factors.base),
    added('engagement', factors.engagement),
    added('urgency', factors.urgency),
    multiplied('category', factors.category),
    multiplied('sentiment', factors.sentiment),
    multiplied('source', factors.source),
    multiplied('relevance', factors.relevance),
  ];
}

function barOf(share: number, columns: number): Line {
  const { filled, rest } = drawBar(share, columns);
  return [span(filled, 'accent'), span(rest, 'quiet')];
}
