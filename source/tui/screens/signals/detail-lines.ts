import type { Analysis } from '../../../domain/analysis.ts';
import type { Delivery } from '../../../domain/delivery.ts';
import type { Engagement, Post } from '../../../domain/post.ts';
import type { SignalDetail, SignalRow } from '../../../domain/signal.ts';
import { describeSnooze } from '../../../domain/snooze-words.ts';
import { fitText } from '../../text/fit-text.ts';
import {
  formatAge,
  formatAgo,
  formatCount,
  formatDate,
  formatScore,
  plural,
  withLocalTimes,
} from '../../text/format.ts';
import { blankLine, cell, type Line, rule, span } from '../../text/spans.ts';
import { wrapText, wrapWords } from '../../text/wrap-text.ts';
import { glyphOf, textOf, toneOfCategory, toneOfStatus } from './row-lines.ts';
import { scoreLines } from './score-lines.ts';

/** Lines are easier to follow when they are not as wide as the screen. */
const readable = 100;

/** What is known of a signal: the row at once, the rest when the store has answered. */
export interface KnownSignal {
  readonly row: SignalRow;
  readonly detail: SignalDetail | null;
  /** Who was told of it, newest first. */
  readonly deliveries?: readonly Delivery[];
}

/** The whole signal, for the scrolled full screen. */
export function detailLines(
  { row, detail, deliveries = [] }: KnownSignal,
  columns: number,
  now: number,
): Line[] {
  const width = Math.min(columns, readable);
  const lines: Line[] = [
    ...faceLines(row, detail, now),
    ...linkLines(row, width),
    blankLine,
    ...textLines(row, width),
  ];
  if (detail === null) return [...lines, blankLine, [span('reading the rest …', 'quiet')]];
  lines.push(blankLine, rule(`score ${formatScore(row.salience)}`, width));
  if (detail.explanation !== null)
    lines.push(...wrapWords(detail.explanation, width).map((line) => [span(line)]));
  if (detail.factors === null) lines.push([span('not scored yet: the next harvest scores it', 'quiet')]);
  else lines.push(...scoreLines(detail.factors, width));
  lines.push(blankLine, ...analysisLines(detail, width));
  if (detail.parentText !== null || detail.parentUrl !== null)
    lines.push(blankLine, ...parentLines(detail, width));
  if (detail.echoes > 0) lines.push(blankLine, ...echoLines(detail, width, now));
  if (detail.notes.length > 0) lines.push(blankLine, ...noteLines(detail, width));
  if (deliveries.length > 0) lines.push(blankLine, ...deliveryLines(deliveries, width));
  if (detail.journal.length > 0) lines.push(blankLine, ...journalLines(detail, width));
  return lines;
}

/** The same signal in a few rows below or beside the list: who, what, why. Exactly as many as fit. */
export function previewLines(
  { row, detail, deliveries = [] }: KnownSignal,
  columns: number,
  rows: number,
  now: number,
): Line[] {
  const roomy = rows >= 20;
  const head = [
    ...faceLines(row, detail, now, roomy),
    ...(roomy ? [...linkLines(row, columns), blankLine] : []),
  ];
  const why = detail?.explanation ?? null;
  const whole = textLines(row, columns);
  // The text gets what it needs, but always leaves a line to say why it ranks where it does.
  const room = Math.max(1, rows - head.length - (why === null ? 0 : roomy ? 14 : 1));
  const text = whole.length <= room ? whole : textLines(row, columns, room);
  const lines = [...head, ...text, ...(roomy ? [blankLine] : [])];
  if (why !== null) {
    const left = Math.max(1, rows - lines.length);
    lines.push(...wrapWords(why, columns, roomy ? 3 : left).map((line): Line => [span(line, 'quiet')]));
  }
  if (roomy && detail !== null) {
    if (detail.factors !== null) lines.push(blankLine, ...scoreLines(detail.factors, columns));
    lines.push(blankLine, ...analysisLines(detail, columns));
    if (detail.notes.length > 0) lines.push(blankLine, ...noteLines(detail, columns));
    if (detail.echoes > 0) lines.push(blankLine, ...echoLines(detail, columns, now));
    if (deliveries.length > 0) lines.push(blankLine, ...deliveryLines(deliveries, columns));
    if (detail.journal.length > 0) lines.push(blankLine, ...journalLines(detail, columns));
  }
  return lines.slice(0, rows);
}

function faceLines(row: SignalRow, detail: SignalDetail | null, now: number, withTags = true): Line[] {
  const own = (field: 'category' | 'sentiment' | 'urgency') =>
    detail?.corrected.includes(field) === true ? ' (yours)' : '';
  const analysis = [
    row.category === null ? null : span(`${row.category}${own('category')}`, toneOfCategory(row.category)),
    row.sentiment === null ? null : span(`${row.sentiment}${own('sentiment')}`),
    row.urgency === null
      ? null
      : span(`urgency ${row.urgency}${own('urgency')}`, row.urgency >= 4 ? 'bad' : 'plain'),
    row.echoes === 0 ? null : span(plural(row.echoes, 'echo', 'echoes')),
  ].filter((piece) => piece !== null);
  const reactions = detail === null ? null : reactionsOf(detail.engagement);
  const age = formatAgo(row.createdAt, now);
  const where = [row.source, row.author, age, detail?.lang, reactions].filter((part) => part != null);
  const triage = triageWords(withTags ? row : { ...row, tags: [] });
  return [
    [
      span(`${glyphOf(row.status)} ${row.status}`, toneOfStatus(row.status)),
      span(`  ${formatScore(row.salience)}  `, 'strong'),
      ...(analysis.length === 0 ? [span('not analyzed yet', 'quiet')] : joined(analysis)),
    ],
    ...(triage === '' ? [] : [[span(triage, 'accent')]]),
    [span(where.join(' · '), 'quiet')],
  ];
}

/** What people have made of it, beside its status. */
function triageWords({ regressed, snooze, status, echoes, assignee, tags }: SignalRow): string {
  const parts = [
    regressed ? '↺ regressed: it was resolved, and came up again' : '',
    status === 'snoozed' && snooze !== null ? describeSnooze(snooze, echoes) : '',
    assignee === null ? '' : `assigned to ${assignee}`,
    tags.length === 0 ? '' : tags.map((tag) => `#${tag}`).join(' '),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function joined(line: Line): Line {
  return line.flatMap((piece, index) => (index === 0 ? [piece] : [span(' · ', 'quiet'), piece]));
}

function reactionsOf({ likes, reposts, replies, quotes }: Engagement): string | null {
  const counts = [
    likes > 0 && plural(likes, 'like'),
    reposts > 0 && plural(reposts, 'repost'),
    replies > 0 && plural(replies, 'reply', 'replies'),
    quotes > 0 && plural(quotes, 'quote'),
  ].filter((count) => count !== false);
  return counts.length === 0 ? null : counts.join(', ');
}

function linkLines(row: SignalRow, columns: number): Line[] {
  return row.url === null ? [] : wrapWords(row.url, columns, 3).map((line) => [span(line, 'accent')]);
}

function textLines(row: SignalRow, columns: number, maxLines?: number): Line[] {
  const title = row.title === null || row.text.startsWith(row.title) ? [] : wrapWords(row.title, columns, 4);
  const room = maxLines === undefined ? undefined : Math.max(1, maxLines - title.length);
  const text = wrapText(row.text, columns, room);
  const lines: Line[] = [...title.map((line) => [span(line, 'strong')]), ...text.map((line) => [span(line)])];
  return lines.length === 0 ? [[span('(no text)', 'quiet')]] : lines.slice(0, maxLines);
}

function analysisLines({ analysis, corrected }: SignalDetail, columns: number): Line[] {
  if (analysis === null) return [rule('analysis', columns), [span('not analyzed yet', 'quiet')]];
  const sure = `${Math.round(analysis.confidence * 100)}% sure`;
  return [
    rule(`analysis by ${analysis.model?.name ?? analysis.analyzer}, ${sure}`, columns),
    ...wrapWords(analysis.reasoning, columns).map((line): Line => [span(line)]),
    ...(corrected.length > 0 ? [correctedLine(analysis, corrected)] : []),
  ];
}

/** What the analyzer had said where the analyst knew better. */
function correctedLine(analysis: Analysis, corrected: SignalDetail['corrected']): Line {
  const was = corrected.map((field) =>
    field === 'urgency' ? `urgency ${analysis.urgency}` : analysis[field],
  );
  return [span(`corrected by you; it had said ${was.join(', ')}`, 'accent')];
}

function noteLines({ notes }: SignalDetail, columns: number): Line[] {
  return [
    rule(plural(notes.length, 'note'), columns),
    ...notes.flatMap(({ at, author, text }) => [
      [span(`${formatDate(at)}  ${author}`, 'quiet')],
      ...wrapText(text, columns - 2).map((line): Line => [span(`  ${line}`)]),
    ]),
  ];
}

function parentLines(detail: SignalDetail, columns: number): Line[] {
  return [
    rule('in answer to', columns),
    ...(detail.parentText === null
      ? []
      : wrapText(detail.parentText, columns, 8).map((line): Line => [span(line)])),
    ...(detail.parentUrl === null ? [] : [[span(detail.parentUrl, 'accent')]]),
  ];
}

function echoLines(detail: SignalDetail, columns: number, now: number): Line[] {
  const echoes = detail.posts.slice(1);
  const rest = detail.echoes - echoes.length;
  const room = Math.max(10, columns - 34);
  return [
    rule(plural(detail.echoes, 'echo', 'echoes'), columns),
    ...echoes.map((post) => echoLine(post, room, now)),
    ...(rest > 0 ? [[span(`and ${formatCount(rest)} more`, 'quiet')]] : []),
  ];
}

function echoLine(post: Post, room: number, now: number): Line {
  return [
    cell(post.source, 12, 'quiet'),
    cell(post.author ?? '', 14),
    cell(formatAge(post.createdAt, now), 4, 'quiet', 'right'),
    span(fitText(textOf(post), room)),
  ];
}

function deliveryLines(deliveries: readonly Delivery[], columns: number): Line[] {
  return [
    rule('notifications', columns),
    ...deliveries.map(
      ({ sentAt, createdAt, state, notifier, kind, lastError }): Line => [
        cell(formatDate(sentAt ?? createdAt), 16, 'quiet'),
        cell(state, 9, state === 'dead' || state === 'failed' ? 'bad' : 'plain'),
        span(
          fitText(
            `${notifier}, ${kind}${lastError === null ? '' : `: ${lastError}`}`,
            Math.max(10, columns - 27),
          ),
        ),
      ],
    ),
  ];
}

function journalLines(detail: SignalDetail, columns: number): Line[] {
  return [
    rule('decisions', columns),
    ...detail.journal.map(
      (entry): Line => [
        cell(formatDate(entry.at), 16, 'quiet'),
        cell(entry.actor, 8, 'quiet'),
        span(withLocalTimes(entry.action)),
        ...(entry.signals > 1 ? [span(` (with ${plural(entry.signals - 1, 'other')})`, 'quiet')] : []),
        ...(entry.undoneAt === null ? [] : [span(' · undone', 'quiet')]),
      ],
    ),
  ];
}
