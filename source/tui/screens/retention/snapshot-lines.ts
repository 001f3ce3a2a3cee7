import { formatBytes } from '../../../domain/format-bytes.ts';
import type { SnapshotPlan } from '../../../harvester/retention.ts';
import type { Job } from '../../model/job-desk.ts';
import type { ListCursor } from '../../model/list-cursor.ts';
import { drawBar } from '../../text/bar.ts';
import { stateOf } from '../../text/describe-snapshot.ts';
import { formatAge, formatCount, plural } from '../../text/format.ts';
import { cell, type Line, selected, span, widthOf } from '../../text/spans.ts';

type Decision = SnapshotPlan['decisions'][number];

/** Widths by what there is room for; an id without its seconds still says which one it is. */
const idColumns = (columns: number) => (columns >= 100 ? 24 : columns >= 60 ? 19 : 16);

/** What the rules come to, before and after. */
export function planLine(plan: SnapshotPlan, planned: boolean, columns: number): Line {
  const { decisions, removing, bytesBefore, bytesAfter, refusal } = plan;
  if (decisions.length === 0) return [span(' no snapshots', 'strong')];
  if (refusal !== null) return [span(` ! ${refusal}`, 'warning')];
  const all = plural(decisions.length, 'snapshot');
  const mark = planned ? '' : '~ ';
  if (removing === 0)
    return [
      span(` ${all}, ${formatBytes(bytesBefore)}`, 'strong'),
      span(` · ${mark}the rules keep them all`),
    ];
  const bar = columns >= 110 ? 24 : 0;
  const { filled, rest } = drawBar(bytesBefore === 0 ? 0 : bytesAfter / bytesBefore, bar);
  const told: Line =
    columns < 60
      ? [span(` ${mark}remove ${removing} of ${decisions.length}`, 'warning'), span(': ')]
      : [
          span(` ${all}`, 'strong'),
          span(` · ${mark}`),
          span(`the rules would remove ${removing}`, 'warning'),
          span(' · '),
        ];
  return [
    ...told,
    span(
      columns < 60
        ? `${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)}`
        : `${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} after`,
    ),
    ...(bar === 0 ? [] : [span('  '), span(filled, 'accent'), span(rest, 'quiet')]),
  ];
}

/** How far what is running has come. The first three columns are left to a spinner. */
export function jobLine({ title, step, done, total, cancelling }: Job, columns: number): Line {
  const share = total === null || total === 0 ? null : done / total;
  const words = cancelling ? `stopping: ${title}` : step === '' ? title : `${title}: ${step}`;
  const end: Line = cancelling ? [] : [span('  c', 'strong'), span(' cancels', 'quiet')];
  const percent = share === null ? '' : ` ${Math.min(100, Math.floor(share * 100))}%`;
  const bar = share === null || columns < 60 ? 0 : Math.min(30, Math.floor(columns / 6));
  const room = Math.max(0, columns - 3 - bar - 1 - percent.length - widthOf(end));
  const { filled, rest } = drawBar(share ?? 0, bar);
  return [
    cell(words, Math.min(room, Math.max(20, words.length)), cancelling ? 'warning' : 'strong'),
    span(filled, 'accent'),
    span(rest, 'quiet'),
    span(percent),
    ...end,
  ];
}

export function snapshotHeading(columns: number): Line {
  const texts =
    columns < 60
      ? ['', 'SNAPSHOT', 'AGE', 'SIZE', '']
      : ['PLAN', 'SNAPSHOT', 'AGE', 'SIZE', 'STATE', 'SIGNALS', 'WHY'];
  const widths = columnWidths(columns);
  const right = new Set(['AGE', 'SIZE', 'SIGNALS']);
  return [
    span('  '),
    ...texts.map((text, index) =>
      cell(text, widths[index] ?? 0, 'heading', right.has(text) ? 'right' : 'left'),
    ),
  ];
}

/** A snapshot with what happens to it and why. */
export function snapshotLine(
  { snapshot, keep, reasons }: Decision,
  { isSelected, columns, now }: { isSelected: boolean; columns: number; now: number },
): Line {
  const { id, createdAt, bytes, rows } = snapshot;
  const state = stateOf(snapshot);
  const [
    planWidth = 0,
    idWidth = 0,
    ageWidth = 0,
    sizeWidth = 0,
    stateWidth = 0,
    signalWidth = 0,
    whyWidth = 0,
  ] = columnWidths(columns);
  const narrow = columns < 60;
  const glyph = keep ? '·' : '✕';
  const line: Line = [
    span(isSelected ? '> ' : '  ', 'strong'),
    cell(narrow ? glyph : `${glyph} ${keep ? 'keep' : 'remove'}`, planWidth, keep ? 'quiet' : 'warning'),
    cell(id.slice(0, idWidth), idWidth, keep ? 'plain' : 'warning'),
    cell(formatAge(createdAt, now), ageWidth, 'plain', 'right'),
    cell(formatBytes(bytes), sizeWidth, 'plain', 'right'),
    cell(narrow ? state.glyph : `${state.glyph} ${state.word}`, stateWidth, state.tone),
    cell(rows.signals === undefined ? '–' : formatCount(rows.signals), signalWidth, 'plain', 'right'),
    cell(reasons.join('; '), whyWidth, 'quiet'),
  ];
  return isSelected ? selected(line) : line;
}

export function snapshotRows(
  plan: SnapshotPlan,
  cursor: ListCursor,
  { columns, rows, now }: { columns: number; rows: number; now: number },
): Line[] {
  return plan.decisions
    .slice(cursor.top, cursor.top + rows)
    .map((decision, index) =>
      snapshotLine(decision, { isSelected: cursor.top + index === cursor.index, columns, now }),
    );
}

/** PLAN, SNAPSHOT, AGE, SIZE, STATE, SIGNALS, WHY; each with one blank after. */
function columnWidths(columns: number): readonly number[] {
  if (columns < 60) return [1, idColumns(columns), 4, 9, 1, 0, 0];
  const fixed = [8, idColumns(columns), 4, 9, 10, columns >= 100 ? 9 : 0];
  const used = 2 + fixed.reduce((sum, width) => sum + (width > 0 ? width + 1 : 0), 0);
  return [...fixed, Math.max(0, columns - used - 1)];
}
