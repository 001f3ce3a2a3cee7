import type { ErrorSummary } from '../../../domain/failure.ts';
import { formatBytes } from '../../../domain/format-bytes.ts';
import type { SnapshotPlan } from '../../../harvester/retention.ts';
import type { SignalsDue } from '../../model/snapshot-desk.ts';
import { describeReason, describeSignalRule, stateOf } from '../../text/describe-snapshot.ts';
import { formatAgo, formatCount, formatDate, plural } from '../../text/format.ts';
import { type Line, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';

type Decision = SnapshotPlan['decisions'][number];

/** Sentences, indented and wrapped. */
export function proseLines(texts: readonly string[], columns: number, tone: Tone = 'plain'): Line[] {
  return texts.flatMap((text) =>
    wrapWords(text, Math.max(10, columns - 4)).map((line): Line => [span(`  ${line}`, tone)]),
  );
}

/** All that is known of a snapshot; first what will happen to it and why. */
export function snapshotAbout({ snapshot, keep, reasons }: Decision, columns: number, now: number): Line[] {
  const { createdAt, reason, tags, verifiedAt, problem, rows, bytes, files, programVersion } = snapshot;
  const { word } = stateOf(snapshot);
  const held = `${plural(rows.signals ?? 0, 'signal')}, ${plural(rows.posts ?? 0, 'post')}`;
  const made = reason === null ? '' : ` ${describeReason(reason)}`;
  const checked = verifiedAt === null ? '' : ` ${formatAgo(verifiedAt, now)}`;
  return [
    ...proseLines(
      [`${keep ? '· kept' : '✕ would be removed'}: ${reasons.join('; ')}`],
      columns,
      keep ? 'plain' : 'warning',
    ),
    ...(problem === null ? [] : proseLines([`! ${problem}`], columns, 'bad')),
    ...proseLines(
      [
        `made ${formatDate(createdAt)}${made} · ${word}${checked} · ${formatBytes(bytes)} in ${plural(files, 'file')}`,
        [
          held,
          tags.length === 0 ? 'no tags' : `tagged ${tags.join(', ')}`,
          ...(programVersion === null ? [] : [`by version ${programVersion}`]),
        ].join(' · '),
        snapshot.path,
      ],
      columns,
    ),
  ];
}

/** The rules for signals with how many each would remove. */
export function signalLines(
  due: SignalsDue | null,
  error: ErrorSummary | null,
  { columns, rows }: { columns: number; rows: number },
): Line[] {
  if (error !== null)
    return proseLines([`✕ not counted: ${error.message}. R tries again.`], columns, 'bad').slice(0, rows);
  if (due === null) return [[span('  counting …', 'quiet')]];
  if (due.rules.length === 0)
    return proseLines(
      ['Every signal stays for ever; retention.signals has rules for that.'],
      columns,
      'quiet',
    ).slice(0, rows);
  const lines = due.rules.map(
    ({ rule, signals }): Line => [
      span(`  ${formatCount(signals).padStart(7)}  `, signals > 0 ? 'warning' : 'quiet'),
      span(describeSignalRule(rule)),
    ],
  );
  if (lines.length <= rows) return lines;
  const left = lines.length - rows + 1;
  return [...lines.slice(0, rows - 1), [span(`           and ${plural(left, 'more rule')}`, 'quiet')]];
}

/** What would be removed, and about how much room that gives. */
export function signalsTitle(due: SignalsDue | null): string {
  if (due === null || due.rules.length === 0) return 'signals';
  if (due.signals === 0) return 'signals · none has had its time';
  const share = due.storeSignals === 0 ? 0 : due.signals / due.storeSignals;
  const bytes = formatBytes(Math.round(due.storeBytes * Math.min(1, share)));
  return `signals · S removes ${formatCount(due.signals)} of ${formatCount(due.storeSignals)}, up to about ${bytes} of ${formatBytes(due.storeBytes)}`;
}
