import { type ErrorGroup, type ErrorState, titleOfError } from '../../../domain/error-group.ts';
import type { ErrorDeskState } from '../../model/error-desk.ts';
import { formatAge, formatAgo, formatDate, formatShort, plural } from '../../text/format.ts';
import { blankLine, cell, type Line, rule, selected, span, spread } from '../../text/spans.ts';
import { wrapText } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';

const tones: Readonly<Record<ErrorState, Tone>> = { open: 'warning', regressed: 'bad', resolved: 'good' };
const marks: Readonly<Record<ErrorState, string>> = { open: '!', regressed: '✕', resolved: '✓' };

const stateColumns = 11;
const countColumns = 5;
const ageColumns = 4;
const versionColumns = (columns: number) => (columns >= 100 ? 10 : 0);

export function errorTitle({ groups }: ErrorDeskState, unresolved: number, columns: number): Line {
  const left: Line = [
    span(columns < 60 ? ' errors' : ' errors of the program', 'heading'),
    span(` · ${unresolved} unresolved of ${groups.length}`, unresolved > 0 ? 'warning' : 'plain'),
  ];
  return spread(left, [span(columns < 60 ? '' : 'tab: the log ', 'quiet')], columns);
}

export function errorHeading(columns: number): Line {
  return [
    span(' '),
    cell('state', stateColumns, 'heading'),
    cell('count', countColumns, 'heading', 'right'),
    cell('last', ageColumns, 'heading', 'right'),
    cell('version', versionColumns(columns), 'heading'),
    span('error', 'heading'),
  ];
}

export function errorRows(
  { groups, cursor }: Pick<ErrorDeskState, 'groups' | 'cursor'>,
  { columns, rows, now }: { readonly columns: number; readonly rows: number; readonly now: number },
): Line[] {
  return groups.slice(cursor.top, cursor.top + rows).map((group, index) => {
    const { state, count, lastSeenAt, lastVersion } = group;
    const line: Line = [
      span(' '),
      cell(`${marks[state]} ${state}`, stateColumns, tones[state]),
      cell(formatShort(count), countColumns, 'plain', 'right'),
      cell(formatAge(lastSeenAt, now), ageColumns, 'quiet', 'right'),
      cell(lastVersion, versionColumns(columns), 'quiet'),
      span(titleOfError(group), state === 'resolved' ? 'quiet' : 'plain'),
    ];
    return cursor.top + index === cursor.index ? selected(line) : line;
  });
}

/** The whole group: what it is, its stack, what the program did before. */
export function errorLines(group: ErrorGroup, columns: number, now: number): Line[] {
  const { state, count, origin, code, fingerprint, stack, breadcrumbs } = group;
  const room = Math.max(10, columns - 4);
  const texts = (text: string, tone: Tone = 'plain') =>
    wrapText(text, room).map((line): Line => [span(`  ${line}`, tone)]);
  const known = `${plural(count, 'time')}, in ${origin}${code === null ? '' : `, code ${code}`}, fingerprint ${fingerprint}`;
  return [
    ...texts(titleOfError(group), 'strong'),
    [span(`  ${marks[state]} ${state}`, tones[state])],
    ...texts(known),
    ...texts(
      `first ${formatDate(group.firstSeenAt)} (${group.firstVersion}), last ${formatAgo(group.lastSeenAt, now)} (${group.lastVersion})`,
    ),
    ...(group.regressedAt === null
      ? []
      : texts(`came again ${formatDate(group.regressedAt)}, after it was resolved`, 'bad')),
    blankLine,
    rule('stack', columns),
    ...(stack === '' ? texts('none: what was thrown has no stack', 'quiet') : texts(stack)),
    blankLine,
    rule('what came before, newest last', columns),
    ...(breadcrumbs.length === 0 ? texts('nothing', 'quiet') : []),
    ...breadcrumbs.map(
      ({ at, kind, text }): Line => [
        span(
          `  ${formatDate(at).slice(11)}:${String(new Date(at).getSeconds()).padStart(2, '0')}  `,
          'quiet',
        ),
        cell(kind, 9, 'quiet'),
        span(` ${text}`),
      ],
    ),
  ];
}
