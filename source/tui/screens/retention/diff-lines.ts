import type { FieldChange, SignalChange, SnapshotDiff } from '../../../domain/snapshot.ts';
import { formatCount, formatDate, plural } from '../../text/format.ts';
import { type Line, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';
import { proseLines } from './about-lines.ts';

const signs: Readonly<Record<SignalChange['change'], { sign: string; tone: Tone }>> = {
  added: { sign: '+', tone: 'good' },
  gone: { sign: '-', tone: 'bad' },
  changed: { sign: '~', tone: 'accent' },
};

/** A comparison: the counts, then signal by signal what differs. */
export function diffLines(diff: SnapshotDiff, columns: number): Line[] {
  const { added, gone, changed, same, changes, more } = diff;
  if (added + gone + changed === 0)
    return proseLines([`No signal differs: ${plural(same, 'signal is', 'signals are')} the same.`], columns);
  return [
    [
      span(`  + ${formatCount(added)} added`, 'good'),
      span(`  - ${formatCount(gone)} gone`, 'bad'),
      span(`  ~ ${formatCount(changed)} changed`, 'accent'),
      span(`  ${formatCount(same)} the same`, 'quiet'),
    ],
    [],
    ...changes.flatMap((change) => changeLines(change, columns)),
    ...(more
      ? proseLines(
          [
            `and ${formatCount(added + gone + changed - changes.length)} more; "snapshot diff" lists them all with --limit`,
          ],
          columns,
          'quiet',
        )
      : []),
  ];
}

function changeLines({ change, source, title, fields }: SignalChange, columns: number): Line[] {
  const { sign, tone } = signs[change];
  const [first = '', ...rest] = wrapWords(`${source}: ${title}`, Math.max(10, columns - 6), 2);
  return [
    [span(`  ${sign} `, tone), span(first)],
    ...rest.map((line): Line => [span(`    ${line}`)]),
    ...fields.flatMap((field) =>
      wrapWords(describeField(field), Math.max(10, columns - 8), 2).map(
        (line): Line => [span(`      ${line}`, 'quiet')],
      ),
    ),
  ];
}

function describeField({ field, before, after }: FieldChange): string {
  const isTime = /(?:At|Until)$/.test(field);
  return `${field}: ${show(before, isTime)} → ${show(after, isTime)}`;
}

function show(value: FieldChange['before'], isTime: boolean): string {
  if (value === null) return 'none';
  if (isTime && typeof value === 'number') return formatDate(value);
  return typeof value === 'number' ? String(Number(value.toFixed(4))) : value === '' ? '""' : value;
}
