import type { Snooze, SnoozeRequest } from './triage.ts';

/** What was typed as a snooze, or what is wrong with it and what may be written. */
export type SnoozeWords = { readonly request: SnoozeRequest } | { readonly problem: string };

const minuteMs = 60_000;
const unitMs: Readonly<Record<string, number>> = {
  m: minuteMs,
  h: 60 * minuteMs,
  d: 1440 * minuteMs,
  w: 10_080 * minuteMs,
};
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const morning = { hour: 9, minute: 0 };
const mostEchoes = 100_000;
const farthestMs = 5 * 366 * 1440 * minuteMs;

export const snoozeForms = '1h, 90m, tomorrow 9:00, monday, 2026-12-01, +12 (more echoes), source, spike';

/**
 * Reads how long a signal is to sleep, as a person writes it: "1h30m",
 * "tomorrow", "friday 14:00", "2026-12-01 8:00", "18:00", "+12", "source",
 * "spike". Days and times are local; a day without a time means 9:00.
 *
 * @param now milliseconds, UTC
 */
export function readSnooze(text: string, now: number): SnoozeWords {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === '') return { problem: `say until when: ${snoozeForms}` };
  if (/^(?:an?(?:other)? )?(?:new )?source$/.test(words)) return { request: { until: 'source' } };
  if (/^(?:a )?spike$/.test(words)) return { request: { until: 'spike' } };
  const more = /^(?:\+ ?(\d+)|(\d+) more)(?: echo(?:es)?)?$/.exec(words);
  if (more !== null) return readEchoes(Number(more[1] ?? more[2]));
  const at = readDuration(words, now) ?? readDay(words, now);
  if (at === null) return { problem: `"${text.trim()}" is no time; write ${snoozeForms}` };
  if (typeof at === 'string') return { problem: at };
  if (at <= now) return { problem: `${formatLocal(at)} is over; write a time that is yet to come` };
  if (at - now > farthestMs) return { problem: 'that is more than five years away' };
  return { request: { until: 'time', at } };
}

function readEchoes(more: number): SnoozeWords {
  if (more >= 1 && more <= mostEchoes) return { request: { until: 'echoes', more } };
  return { problem: `wait for 1 to ${mostEchoes} more echoes, such as +12` };
}

function readDuration(words: string, now: number): number | null {
  const compact = words
    .replace(/^in /, '')
    .replaceAll(
      /(\d) ?(?:minutes?|mins?|(h)ours?|(d)ays?|(w)eeks?)\b/g,
      (_, digit, h, d, w) => digit + (h ?? d ?? w ?? 'm'),
    )
    .replaceAll(' ', '');
  if (!/^(?:\d+(?:\.\d+)?[mhdw])+$/.test(compact)) return null;
  const parts = compact.matchAll(/(\d+(?:\.\d+)?)([mhdw])/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0), now);
}

/** A moment, a sentence about what is wrong with it, or null for what is no day at all. */
function readDay(words: string, now: number): number | string | null {
  const [, day = '', clock] = /^(.*?)(?:(?:^| )(?:at )?(\d{1,2}(?::\d\d)?(?: ?[ap]m)?))?$/.exec(words) ?? [];
  const time = clock === undefined ? null : readClock(clock);
  if (clock !== undefined && time === null) return `${clock} is no time of day; write it as 9:00 or 18:30`;
  // A bare number is no hour: "9" could as well be nine minutes.
  if (day === '') return time === null || !/[:apm]/.test(clock ?? '') ? null : nextAt(now, time);
  const { hour, minute } = time ?? morning;
  const date = new Date(now);
  const onDay = (offset: number) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + offset, hour, minute).getTime();
  if (day === 'today') return onDay(0);
  if (day === 'tomorrow') return onDay(1);
  const named = day.replace(/^next /, '');
  const weekday = named.length < 3 ? -1 : weekdays.findIndex((name) => name.startsWith(named));
  if (weekday >= 0) {
    const offset = (weekday - date.getDay() + 7) % 7;
    // "monday" said on a Monday is the next one, unless a time of today is named.
    return offset === 0 && (time === null || onDay(0) <= now) ? onDay(7) : onDay(offset);
  }
  const written = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(day);
  if (written === null) return null;
  const [year, month, dayOfMonth] = written.slice(1).map(Number) as [number, number, number];
  const at = new Date(year, month - 1, dayOfMonth, hour, minute);
  if (at.getMonth() !== month - 1 || at.getDate() !== dayOfMonth) return `there is no day ${day}`;
  return at.getTime();
}

function readClock(clock: string): { hour: number; minute: number } | null {
  const [, hours, minutes = '0', half] = /^(\d{1,2})(?::(\d\d))?(?: ?([ap]m))?$/.exec(clock) ?? [];
  const named = Number(hours);
  // "13 pm" is no hour, and "0 am" is none either.
  if (half !== undefined && (named < 1 || named > 12)) return null;
  const hour = half === undefined ? named : (named % 12) + (half === 'pm' ? 12 : 0);
  const minute = Number(minutes);
  return hour > 23 || minute > 59 ? null : { hour, minute };
}

function nextAt(now: number, { hour, minute }: { hour: number; minute: number }): number {
  const date = new Date(now);
  const today = new Date(date.getFullYear(), date.getMonth(), date.getDate(), hour, minute).getTime();
  if (today > now) return today;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, hour, minute).getTime();
}

/** The next Monday (or another weekday, 0 is Sunday) at 9:00, local time. */
export function nextWeekday(weekday: number, now: number): number {
  const date = new Date(now);
  const offset = (weekday - date.getDay() + 7) % 7 || 7;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + offset, morning.hour).getTime();
}

/** "until Mon 23 Nov 09:00", "until 3 more echoes", in local time. */
export function describeRequest(request: SnoozeRequest): string {
  switch (request.until) {
    case 'time':
      return `until ${formatLocal(request.at)}`;
    case 'echoes':
      return `until ${request.more} more ${request.more === 1 ? 'echo' : 'echoes'}`;
    case 'source':
      return 'until another source has it';
    case 'spike':
      return 'until it spikes';
  }
}

/** What a snoozed signal waits for, in local time. */
export function describeSnooze(snooze: Snooze, echoes: number): string {
  if (snooze.until !== 'echoes') return describeRequest(snooze);
  return describeRequest({ until: 'echoes', more: Math.max(1, snooze.echoes - echoes) });
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function formatLocal(at: number): string {
  const date = new Date(at);
  const day = weekdays[date.getDay()]?.slice(0, 3) ?? '';
  const clock = [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
  const month = `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
  return `${day.charAt(0).toUpperCase()}${day.slice(1)} ${month}, ${clock}`;
}
