import { describeAnalyzers, hasFailed } from '../../../domain/describe-spend.ts';
import { describeLimit, formatUntil, formatUsd } from '../../../domain/limits.ts';
import type { RunProgress, SourceProgress, SourceState } from '../../../domain/run.ts';
import type { SourceHealth } from '../../../harvester/harvester.ts';
import { formatCount, formatDuration, formatRate, formatShort, plural } from '../../text/format.ts';
import { cell, type Line, type Span, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';
import { silentGlyph } from './health-lines.ts';

/** Columns of the table of a run; the last cell takes the rest. */
export interface RunLayout {
  readonly name: number;
  readonly state: number;
  /** Columns of each count; 0 leaves all but the new posts out. */
  readonly count: number;
}

const cursorColumns = 4;
const stateColumns = 9;

export function runLayout(columns: number, names: readonly string[]): RunLayout {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 6);
  const name = Math.min(longest, columns >= 100 ? 28 : columns >= 70 ? 18 : 14);
  return { name, state: stateColumns, count: columns >= 70 ? 5 : 0 };
}

const states: Readonly<Record<SourceState, { readonly glyph: string; readonly tone: Tone }>> = {
  waiting: { glyph: '·', tone: 'quiet' },
  fetching: { glyph: '>', tone: 'accent' },
  done: { glyph: '✓', tone: 'good' },
  limited: { glyph: '…', tone: 'warning' },
  failed: { glyph: '✕', tone: 'bad' },
  cancelled: { glyph: '-', tone: 'warning' },
};

export function runHeading(layout: RunLayout): Line {
  return [
    span(' '.repeat(cursorColumns)),
    cell('SOURCE', layout.name, 'heading'),
    cell('STATE', layout.state, 'heading'),
    cell('NEW', 6, 'heading', 'right'),
    ...['SEEN', 'ECHO', 'EXCL'].map((title) => cell(title, layout.count, 'heading', 'right')),
  ];
}

/** The silence of a source that this run has not ended: null while it works, and when it brought something. */
function silenceOf(source: SourceProgress, health: SourceHealth | undefined): string | null {
  return source.state === 'done' && source.added === 0 ? (health?.silence ?? null) : null;
}

export function glyphOfRun(
  source: SourceProgress,
  health: SourceHealth | undefined,
): { readonly glyph: string; readonly tone: Tone } {
  return silenceOf(source, health) === null ? states[source.state] : silentGlyph;
}

/** A source within a run, without the two cells of cursor and glyph before it. */
export function runLine(
  source: SourceProgress,
  health: SourceHealth | undefined,
  layout: RunLayout,
  now: number,
): Line {
  const count = (value: number) => cell(formatShort(value), layout.count, 'quiet', 'right');
  return [
    cell(source.name, layout.name),
    cell(source.state, layout.state, states[source.state].tone),
    cell(formatCount(source.added), 6, source.added > 0 ? 'strong' : 'quiet', 'right'),
    ...[source.seen, source.echoes, source.excluded].map(count),
    ...joined([problemOf(source, health, now), ...factsOf(source)]),
  ];
}

/** What a person should know before anything else: one thing, the worst. */
function problemOf(source: SourceProgress, health: SourceHealth | undefined, now: number): Span | null {
  if (source.state === 'limited') {
    const until = source.limitedUntil === null ? '' : `until ${formatUntil(source.limitedUntil, now)}`;
    return span(until === '' ? (source.error?.message ?? '') : until, 'warning');
  }
  if (source.error !== null) return span(source.error.message, 'bad');
  if (source.notice !== null && source.state === 'fetching') return span(source.notice, 'warning');
  const silence = silenceOf(source, health);
  if (silence !== null) return span(silence, 'warning');
  const [first] = source.warnings;
  if (first === undefined) return null;
  return span(
    source.warnings.length === 1 ? first : `${source.warnings.length} warnings: ${first}`,
    'warning',
  );
}

/** Money, what may still be asked, and how fast or how long. */
function factsOf({ state, costUsd, quota, postsPerSecond, elapsedMs }: SourceProgress): readonly Span[] {
  const rate = state === 'fetching' ? formatRate(postsPerSecond) : '';
  return [
    ...(costUsd > 0 ? [span(formatUsd(costUsd))] : []),
    ...(quota === null ? [] : [span(`${formatShort(quota.remaining)} left`, 'quiet')]),
    ...(rate === '' ? [] : [span(`${rate}/s`, 'quiet')]),
    ...(state === 'done' ? [span(formatDuration(elapsedMs), 'quiet')] : []),
  ];
}

function joined(parts: readonly (Span | null)[]): Line {
  const shown = parts.filter((part) => part !== null && part.text !== '');
  return shown.flatMap((part, index) =>
    part === null ? [] : index === 0 ? [part] : [span(' · ', 'quiet'), part],
  );
}

/** What the run says of the selected source: the full error and what to do, the notice, the warnings. */
export function aboutRun(source: SourceProgress, columns: number, now: number): Line[] {
  const lines: Line[] = [];
  const say = (text: string, tone: Tone) =>
    lines.push(...wrapWords(text, columns).map((line): Line => [span(line, tone)]));
  if (source.state === 'limited') say(`${describeLimit(source.limitedUntil, now)}.`, 'warning');
  if (source.error !== null) {
    say(`${source.error.message} (${source.error.code})`, source.state === 'limited' ? 'warning' : 'bad');
    say(source.error.fix ?? 'This looks like a bug of this program: the log has the details.', 'plain');
  }
  if (source.notice !== null && source.state === 'fetching') say(source.notice, 'warning');
  for (const warning of source.warnings) say(`! ${warning}`, 'warning');
  if (source.error === null) say(describeCounts(source), 'quiet');
  return lines;
}

/** Who analyzed how many, where several did or one could not. */
export function aboutAnalyzers(run: RunProgress | null, columns: number): Line[] {
  const words = run === null ? null : describeAnalyzers(run.analyzers);
  const tone = run?.analyzers.some(hasFailed) ? 'warning' : 'plain';
  return words === null ? [] : wrapWords(`${words}.`, columns).map((line): Line => [span(line, tone)]);
}

function describeCounts({ fetched, elapsedMs, added, excluded, reads, costUsd }: SourceProgress): string {
  const left = excluded > 0 ? `, ${formatCount(excluded)} left out by the excludes` : '';
  const cost = reads > 0 ? ` ${plural(reads, 'paid read')} cost ${formatUsd(costUsd)}.` : '';
  return `${plural(fetched, 'post')} came in ${formatDuration(elapsedMs)}, ${formatCount(added)} of them new${left}.${cost}`;
}
