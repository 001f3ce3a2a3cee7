import type { SnapshotInfo, SnapshotReason } from '../../domain/snapshot.ts';
import type { SignalRule } from '../../harvester/signal-retention.ts';
import type { Tone } from '../theme.ts';
import { plural } from './format.ts';

/** Whether a snapshot can be trusted, as a glyph and a word. */
export function stateOf({ damaged, verified }: SnapshotInfo): {
  readonly glyph: string;
  readonly word: string;
  readonly tone: Tone;
} {
  if (damaged) return { glyph: '!', word: 'damaged', tone: 'bad' };
  return verified
    ? { glyph: '✓', word: 'verified', tone: 'good' }
    : { glyph: '?', word: 'unproven', tone: 'warning' };
}

const reasons: Readonly<Record<SnapshotReason, string>> = {
  asked: 'by hand',
  scheduled: 'on schedule',
  'before-migration': 'before a migration',
  'before-rollback': 'before a rollback',
  'before-restore': 'before a restore',
  'before-retention': 'before signals were removed',
  'before-repair': 'before a repair',
};

/** Why it was made, to follow "made"; empty when nobody knows. */
export function describeReason(reason: SnapshotReason | null): string {
  return reason === null ? '' : reasons[reason];
}

/** `dismissed, older than 90 days, of other, from reddit`. */
export function describeSignalRule({
  statuses,
  categories,
  sources,
  search,
  olderThanDays,
}: SignalRule): string {
  return [
    statuses.join(' or '),
    ...(categories.length > 0 ? [`of ${categories.join(', ')}`] : []),
    ...(sources.length > 0 ? [`from ${sources.join(', ')}`] : []),
    ...(search === '' ? [] : [`that ${search} finds`]),
    `older than ${plural(olderThanDays, 'day')}`,
  ].join(' ');
}

/** The tags that were typed, set apart by blanks or commas; or what is wrong with them, in words. */
export function parseTags(text: string): readonly string[] | string {
  const tags = [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ''))];
  const wrong = tags.find((tag) => !/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,59}$/u.test(tag));
  return wrong === undefined ? tags : `"${wrong}" cannot be a tag: letters, digits, ".", "_" and "-" only`;
}
