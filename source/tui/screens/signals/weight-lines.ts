import type { ScoreSetting } from '../../../domain/score-settings.ts';
import type { PreviewRow, ScoringPreview } from '../../../harvester/scoring.ts';
import { previewLimit, type WeightsState } from '../../model/weights-desk.ts';
import { formatCount, formatScore, plural } from '../../text/format.ts';
import { cell, type Line, rule, selected, span } from '../../text/spans.ts';
import { textOf } from './row-lines.ts';

/** The weights, with what was changed here. */
export function weightLines(
  { settings, change, cursor }: Pick<WeightsState, 'settings' | 'change' | 'cursor'>,
  columns: number,
  rows: number,
): Line[] {
  const changed = Object.keys(change).length;
  const title = changed === 0 ? 'weights' : `weights, ${formatCount(changed)} changed`;
  const valueColumns = columns >= 40 ? 15 : 9;
  const lineOf = ({ name, value }: ScoreSetting, index: number): Line => {
    const here = index === cursor.index;
    const now = change[name];
    const words = now === undefined ? `${value}` : `${value} → ${now}`;
    const tight = words.length > valueColumns ? words.replaceAll(' ', '') : words;
    const pieces: Line = [
      span(here ? '> ' : now === undefined ? '  ' : '* ', now === undefined ? 'plain' : 'accent'),
      cell(name, columns - valueColumns - 4, now === undefined ? 'plain' : 'accent'),
      cell(tight, valueColumns, now === undefined ? 'plain' : 'strong', 'right'),
    ];
    return here ? selected(pieces) : pieces;
  };
  return [
    rule(title, columns),
    ...settings
      .slice(cursor.top, cursor.top + rows)
      .map((setting, index) => lineOf(setting, cursor.top + index)),
  ];
}

/** The order that the weights give; below it who is no longer in it, and what was looked at. */
export function orderLines(
  { preview, top, error, change }: Pick<WeightsState, 'preview' | 'top' | 'error' | 'change'>,
  columns: number,
  rows: number,
): Line[] {
  if (error !== null)
    return [
      rule('the first 50', columns),
      [span(` ✕ ${error.message}`, 'bad')],
      [span(` ${error.fix ?? ''}`)],
    ];
  if (preview === null) return [rule('the first 50', columns), [span(' reading signals …', 'quiet')]];
  const changed = Object.keys(change).length > 0;
  const all = [
    ...preview.top.map((row) => rowLine(row, columns, changed)),
    ...(preview.left.length === 0 ? [] : [rule(`no longer among the first ${previewLimit}`, columns)]),
    ...preview.left.map((row) => rowLine(row, columns, changed)),
  ];
  const none: Line[] = all.length === 0 ? [[span(' The inbox holds no scored signal.')]] : all;
  const shown = none.slice(top, top + rows - 1);
  const filler = Array.from({ length: Math.max(0, rows - 1 - shown.length) }, (): Line => []);
  return [rule(titleOf(preview), columns), ...shown, ...filler, [span(` ${lookedAt(preview)}`, 'quiet')]];
}

function titleOf({ top, left }: ScoringPreview): string {
  const moved = top.filter(({ place, placeBefore }) => place !== placeBefore).length;
  const leaving = left.length === 0 ? '' : `, ${formatCount(left.length)} leave`;
  return `the first ${top.length}: ${formatCount(moved)} ${moved === 1 ? 'moves' : 'move'}${leaving}`;
}

function lookedAt({ lookedAt: count, all }: ScoringPreview): string {
  if (all) return `of the whole inbox, ${plural(count, 'signal')}`;
  return `of the first 2,000 and ${formatCount(count - 2000)} more`;
}

function rowLine(row: PreviewRow, columns: number, changed: boolean): Line {
  const { place, placeBefore, salience, salienceBefore, category } = row;
  const before =
    columns >= 72 && changed ? cell(`was ${formatScore(salienceBefore)}`, 9, 'quiet', 'right') : null;
  return [
    cell(String(place), placeColumns(place), 'quiet', 'right'),
    moveCell(place, placeBefore),
    cell(formatScore(salience), 5, 'strong', 'right'),
    ...(before === null ? [] : [before]),
    ...(columns >= 56 ? [cell(category, 8, 'quiet')] : []),
    span(textOf(row)),
  ];
}

/** Places of the first ones stand in a column; of those who left they may be longer. */
function placeColumns(place: number): number {
  return Math.max(3, String(place).length);
}

function moveCell(place: number, before: number | null) {
  if (before === null) return cell('▲new', 5, 'good');
  if (before === place) return cell('', 5);
  return before > place ? cell(`▲${before - place}`, 5, 'good') : cell(`▼${place - before}`, 5, 'warning');
}
