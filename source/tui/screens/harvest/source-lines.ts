import type { SourceProgress, SourceState } from '../../../domain/run.ts';
import type { SourceHealth } from '../../../harvester/harvester.ts';
import { formatAgo, formatCount, formatDuration, formatRate, formatShort } from '../../text/format.ts';
import { cell, type Line, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';

/** Columns of the tables; the last cell takes the rest. */
export interface SourceLayout {
  readonly name: number;
  readonly state: number;
  /** Columns of each count; 0 leaves seen, echoes and rate out. */
  readonly count: number;
  readonly note: number;
}

const cursorColumns = 4;
const stateColumns = 9;

export function sourceLayout(columns: number, names: readonly string[]): SourceLayout {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 6);
  const name = Math.min(longest, columns >= 100 ? 28 : columns >= 70 ? 18 : 14);
  const count = columns >= 70 ? 5 : 0;
  const used = cursorColumns + name + 1 + stateColumns + 1 + 7 + (count > 0 ? 3 * (count + 1) : 0);
  return { name, state: stateColumns, count, note: Math.max(0, columns - used) };
}

const states: Readonly<Record<SourceState, { readonly glyph: string; readonly tone: Tone }>> = {
  waiting: { glyph: '·', tone: 'quiet' },
  fetching: { glyph: '>', tone: 'accent' },
  done: { glyph: '✓', tone: 'good' },
  limited: { glyph: '…', tone: 'warning' },
  failed: { glyph: '✕', tone: 'bad' },
  cancelled: { glyph: '-', tone: 'warning' },
};

export function glyphOfState(state: SourceState): { readonly glyph: string; readonly tone: Tone } {
  return states[state];
}

export function runHeading(layout: SourceLayout): Line {
  return [
    span(' '.repeat(cursorColumns)),
    cell('SOURCE', layout.name, 'heading'),
    cell('STATE', layout.state, 'heading'),
    cell('NEW', 6, 'heading', 'right'),
    ...['SEEN', 'ECHO', 'PER S'].map((title) => cell(title, layout.count, 'heading', 'right')),
  ];
}

/** A source within a run, without the two cells of cursor and glyph before it. */
export function runLine(source: SourceProgress, layout: SourceLayout): Line {
  const { tone } = states[source.state];
  return [
    cell(source.name, layout.name),
    cell(source.state, layout.state, tone),
    cell(formatCount(source.added), 6, source.added > 0 ? 'strong' : 'quiet', 'right'),
    cell(formatShort(source.seen), layout.count, 'quiet', 'right'),
    cell(formatShort(source.echoes), layout.count, 'quiet', 'right'),
    cell(formatRate(source.postsPerSecond), layout.count, 'quiet', 'right'),
    noteOf(source),
  ];
}

function noteOf(source: SourceProgress): Line[number] {
  if (source.error !== null) return span(source.error.message, 'bad');
  if (source.notice !== null && source.state === 'fetching') return span(source.notice, 'warning');
  const [first] = source.warnings;
  if (first !== undefined)
    return span(
      source.warnings.length === 1 ? first : `${source.warnings.length} warnings: ${first}`,
      'warning',
    );
  if (source.state === 'done') return span(formatDuration(source.elapsedMs), 'quiet');
  return span('');
}

/** All about the selected source of a run: the full error and what to do, the notice, the warnings. */
export function aboutRun(source: SourceProgress, columns: number): Line[] {
  const lines: Line[] = [];
  const say = (text: string, tone: Tone) =>
    lines.push(...wrapWords(text, columns).map((line): Line => [span(line, tone)]));
  if (source.error !== null) {
    say(`${source.error.message} (${source.error.code})`, 'bad');
    say(source.error.fix ?? 'This looks like a bug of this program: the log has the details.', 'plain');
  }
  if (source.notice !== null && source.state === 'fetching') say(source.notice, 'warning');
  for (const warning of source.warnings) say(`! ${warning}`, 'warning');
  if (lines.length === 0) {
    say(
      `${formatCount(source.fetched)} posts came in ${formatDuration(source.elapsedMs)}, ${formatCount(source.added)} of them new.`,
      'quiet',
    );
  }
  return lines;
}

export function healthHeading(layout: SourceLayout): Line {
  return [
    span(' '.repeat(cursorColumns)),
    cell('SOURCE', layout.name, 'heading'),
    cell('LAST', layout.state, 'heading'),
    cell('POSTS', 6, 'heading', 'right'),
    span('LISTENS TO', 'heading'),
  ];
}

/** A configured source before any run, without the two cells before it. */
export function healthLine(source: SourceHealth, layout: SourceLayout, now: number): Line {
  const tone: Tone = source.enabled ? 'plain' : 'quiet';
  return [
    cell(source.name, layout.name, tone),
    cell(source.enabled ? formatAgo(source.lastSuccessAt, now) : 'off', layout.state, 'quiet'),
    cell(formatCount(source.posts), 6, 'quiet', 'right'),
    span(source.target, tone),
  ];
}

export function glyphOfHealth(source: SourceHealth): { readonly glyph: string; readonly tone: Tone } {
  if (!source.enabled) return { glyph: '-', tone: 'quiet' };
  return failing(source) ? { glyph: '!', tone: 'warning' } : { glyph: '·', tone: 'quiet' };
}

function failing({ lastErrorAt, lastSuccessAt }: SourceHealth): boolean {
  return lastErrorAt !== null && lastErrorAt > (lastSuccessAt ?? 0);
}

export function aboutHealth(source: SourceHealth, columns: number, now: number): Line[] {
  const about = `${source.kind} listens to ${source.target}. Last success: ${formatAgo(source.lastSuccessAt, now)}.`;
  const lines: Line[] = wrapWords(
    source.enabled ? about : `${about} It is off in the configuration.`,
    columns,
  ).map((line) => [span(line)]);
  if (source.lastError !== null) {
    const error = `Last error, ${formatAgo(source.lastErrorAt, now)}: ${source.lastError}`;
    lines.push(
      ...wrapWords(error, columns).map((line): Line => [span(line, failing(source) ? 'bad' : 'quiet')]),
    );
  }
  return lines;
}
