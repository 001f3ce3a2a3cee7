import { describeLimit, describeQuota, formatUntil, formatUsd } from '../../../domain/limits.ts';
import type { RunProgress } from '../../../domain/run.ts';
import type { SourceHealth } from '../../../harvester/harvester.ts';
import { type SourceStanding, standingOf } from '../../../harvester/source-state.ts';
import { formatAgo, formatCount, plural } from '../../text/format.ts';
import { type Line, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';
import type { Tone } from '../../theme.ts';

interface Glyph {
  readonly glyph: string;
  readonly tone: Tone;
}

export const silentGlyph: Glyph = { glyph: '~', tone: 'warning' };

const standings: Readonly<Record<SourceStanding, Glyph>> = {
  off: { glyph: '-', tone: 'quiet' },
  limited: { glyph: '…', tone: 'warning' },
  failing: { glyph: '!', tone: 'bad' },
  silent: silentGlyph,
  new: { glyph: '·', tone: 'quiet' },
  well: { glyph: '·', tone: 'quiet' },
};

export function glyphOfStanding(standing: SourceStanding): Glyph {
  return standings[standing];
}

/** The trouble of a source in a few words; what it listens to when it has none. */
export function remarkOf(source: SourceHealth, now: number): string {
  switch (standingOf(source)) {
    case 'limited':
      return source.limitedUntil === null ? '' : `until ${formatUntil(source.limitedUntil, now)}`;
    case 'failing':
      return source.lastError ?? '';
    case 'silent':
      return source.silence ?? '';
    default:
      return source.target;
  }
}

export interface HealthContext {
  readonly columns: number;
  readonly now: number;
  /** The run that knows what was left out; null when there was none. */
  readonly run: RunProgress | null;
  /** The lines stand below what the run says of the source, so what that says already is left out. */
  readonly belowRun: boolean;
}

/** All that is known of a source beyond the run at hand. */
export function aboutHealth(source: SourceHealth, context: HealthContext): Line[] {
  const { columns, now, belowRun } = context;
  const lines: Line[] = [];
  const say = (text: string, tone: Tone = 'plain') =>
    lines.push(...wrapWords(text, columns).map((line): Line => [span(line, tone)]));
  if (!source.enabled) say('It is off in the configuration.', 'warning');
  if (source.limitedUntil !== null && !belowRun)
    say(`… ${describeLimit(source.limitedUntil, now)}`, 'warning');
  if (source.silence !== null) say(`${silentGlyph.glyph} ${source.silence}`, 'warning');
  if (source.lastError !== null && !belowRun) {
    const tone = standingOf(source) === 'failing' ? 'bad' : 'quiet';
    say(`Last error, ${formatAgo(source.lastErrorAt, now)}: ${source.lastError}`, tone);
  }
  say(describeYield(source, now));
  const means = describeMeans(source, context);
  if (means !== '') say(means);
  return lines;
}

function describeYield({ kind, lastSuccessAt, lastPostAt, usualPerDay, posts }: SourceHealth, now: number) {
  const newest = lastPostAt === null ? '' : `, the newest came ${formatAgo(lastPostAt, now)}`;
  return [
    kind,
    `last success ${formatAgo(lastSuccessAt, now)}`,
    `${plural(posts, 'post')} stored${newest}`,
    ...(usualPerDay === null ? [] : [`usually ${describeUsual(usualPerDay)}`]),
  ].join(' · ');
}

function describeUsual(perDay: number): string {
  return perDay > 0 && perDay < 1 ? 'a post every few days' : `${plural(Math.round(perDay), 'post')} a day`;
}

/** What it may still ask, what it cost, what was left out of the newest run. */
function describeMeans({ name, quota, monthUsd }: SourceHealth, { now, run, belowRun }: HealthContext) {
  const left = quota === null ? null : describeQuota(quota, now);
  const excluded = belowRun ? 0 : (run?.sources.find((each) => each.name === name)?.excluded ?? 0);
  return [
    ...(left === null ? [] : [`quota ${left}`]),
    ...(monthUsd > 0 ? [`this month ${formatUsd(monthUsd)}`] : []),
    ...(excluded > 0 ? [`left out of the last run ${formatCount(excluded)}`] : []),
  ].join(' · ');
}
