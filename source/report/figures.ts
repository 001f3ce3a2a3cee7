import type { Insight, Span } from '../domain/insight.ts';
import type { Report } from '../domain/report.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const counts = new Intl.NumberFormat('en');

/** "12,345". */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** "1 signal", "1,200 signals". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "12%", of a share between 0 and 1; "under 1%" is not nothing. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return 'under 1%';
  return `${Math.round(share * 100)}%`;
}

/** "+12%", "−3%", "as before", "new"; "×14" where percents say little. Empty where there is nothing to compare. */
export function formatChange(now: number, before: number): string {
  if (now === before) return now === 0 ? '' : 'as before';
  if (before === 0) return 'new';
  const ratio = now / before;
  if (ratio >= 10) return `×${Math.round(ratio)}`;
  const percent = Math.round((ratio - 1) * 100);
  if (percent === 0) return 'as before';
  return percent > 0 ? `+${percent}%` : `−${-percent}%`;
}

/** "45 min", "3.5 h", "2.1 days". */
export function formatDuration(ms: number): string {
  if (ms < minuteMs) return 'under a minute';
  if (ms < 90 * minuteMs) return `${Math.round(ms / minuteMs)} min`;
  if (ms < 2 * dayMs) return `${oneDigit(ms / hourMs)} h`;
  return `${oneDigit(ms / dayMs)} days`;
}

function oneDigit(value: number): string {
  return value >= 10 ? formatCount(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** How times are written in one report: all in its zone. */
export interface Dates {
  /** "16 Feb 2015". */
  day(at: number): string;
  /** "16 Feb 2015, 14:05". */
  moment(at: number): string;
  /** A bucket of a chart: "16 Feb", or "14:00" of a day. */
  bucket(at: number): string;
  /** The same for a table, where it stands alone: "Mon 16 Feb 2015", "16 Feb, 14:00". */
  bucketInFull(at: number): string;
  /** "16 Feb 2015 to 24 Feb 2015" of whole days, else with times: "16 Feb 2015, 14:00 to 15:00". */
  span(span: Span): string;
  /** For the attribute of a time element. */
  machine(at: number): string;
}

export function datesOf({ timeZone, insight }: Pick<Report, 'timeZone' | 'insight'>): Dates {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const date = { day: 'numeric', month: 'short' } as const;
  const day = format({ ...date, year: 'numeric' });
  const moment = format({ ...date, year: 'numeric', ...clock });
  const hours = insight.bucket === 'hour';
  const severalDays = insight.span.until - insight.span.since > dayMs;
  const bucket = format(hours ? (severalDays ? { ...date, ...clock } : clock) : date);
  const inFull = format(hours ? { ...date, ...clock } : { ...date, year: 'numeric', weekday: 'short' });
  const time = format(clock);
  const isMidnight = (at: number) => time.format(at) === '00:00';
  const wholeDays = ({ since, until }: Span) => {
    const [first, last] = [day.format(since), day.format(until - 1)];
    return first === last ? first : `${first} to ${last}`;
  };
  const timesOf = ({ since, until }: Span) => {
    const isOneDay = day.format(since) === day.format(until);
    return `${moment.format(since)} to ${isOneDay ? time.format(until) : moment.format(until)}`;
  };
  return {
    day: (at) => day.format(at),
    moment: (at) => moment.format(at),
    bucket: (at) => bucket.format(at),
    bucketInFull: (at) => inFull.format(at),
    span: (span) => (isMidnight(span.since) && isMidnight(span.until) ? wholeDays(span) : timesOf(span)),
    machine: (at) => new Date(at).toISOString(),
  };
}

/** Which part of the signals with a known sentiment is negative; null when there are none. */
export function negativeShare({ sentiment }: Insight, of: 'total' | 'before'): number | null {
  const all = sentiment.negative[of] + sentiment.neutral[of] + sentiment.positive[of];
  return all === 0 ? null : sentiment.negative[of] / all;
}

/** Whether anything is stored of the span before: without it, everything would look new. */
export function hasPast({ posts, signals }: Insight): boolean {
  return posts.before > 0 || signals.before > 0;
}

/** Whether two counts differ by more than chance makes them: over twice the spread of their difference (Poisson). */
export function differs(now: number, before: number): boolean {
  return Math.abs(now - before) > 2 * Math.sqrt(now + before);
}
