import { nearestTo } from '../domain/nearest-word.ts';
import { UserError } from '../errors.ts';
import type { FlagSpec, Moment } from './command.ts';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `minSalience` is typed `--min-salience`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What was typed behind a flag, as its type; throws `UserError` with a sentence that says what is wanted. */
export function readFlagValue(key: string, spec: FlagSpec, typed: readonly string[]): unknown {
  if (spec.type === 'list') return typed.flatMap((text) => readWords(key, spec, text));
  const text = typed[0];
  if (text === undefined) return undefined;
  if (text.trim() === '') throw needsValue(key, spec);
  if (spec.type === 'text') return readWords(key, spec, text)[0];
  return spec.type === 'moment' ? readMoment(key, text) : readNumber(key, spec, text);
}

function readWords(key: string, spec: FlagSpec, text: string): readonly string[] {
  if (text.trim() === '') throw needsValue(key, spec);
  if (spec.choices === undefined) return spec.commas ? splitWords(text) : [text];
  const words = spec.type === 'list' ? splitWords(text) : [text];
  for (const word of words) {
    if (spec.choices.includes(word)) continue;
    const nearest = nearestTo(word, spec.choices);
    const fix = `Use one of ${spec.choices.join(', ')}${nearest === null ? '' : ` (did you mean ${nearest}?)`}.`;
    throw wrong(key, `does not take "${word}"`, fix);
  }
  return words;
}

function splitWords(text: string): readonly string[] {
  return text.split(',').map((word) => word.trim());
}

function readNumber(key: string, spec: FlagSpec, text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text.trim()) ? Number(text) : Number.NaN;
  const fits = value >= (spec.min ?? -Infinity) && value <= (spec.max ?? Infinity);
  if (fits && (spec.type === 'number' || Number.isSafeInteger(value))) return value;
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number';
  const range = spec.min !== undefined && spec.max !== undefined ? ` from ${spec.min} to ${spec.max}` : '';
  const bound = range === '' && spec.min !== undefined ? `, ${spec.min} or more` : range;
  throw wrong(key, `does not take "${text}"`, `Give it ${kind}${bound}.`);
}

/** The date forms of RFC 3339, the time and its zone optional; without a zone they are UTC, as in files of posts. */
const datePattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

function readMoment(key: string, text: string): Moment {
  const span = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i.exec(text.trim());
  const unit = unitMs[span?.[2]?.toLowerCase() ?? ''];
  if (span?.[1] !== undefined && unit !== undefined) return { agoMs: Number(span[1]) * unit };
  const [, day, time = '00:00', zone = 'Z'] = datePattern.exec(text.trim()) ?? [];
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  // JavaScript takes the 31st of a short month for the first of the next.
  const exists = day !== undefined && new Date(Date.parse(`${day}T00:00Z`)).toJSON()?.startsWith(day);
  if (Number.isFinite(at) && exists) return { at };
  throw wrong(
    key,
    `does not take "${text}"`,
    'Give it a time span (a number and s, m, h, d or w, such as 90m, 24h or 7d) or a date, such as 2026-11-20.',
  );
}

/** The time that was meant, in milliseconds UTC; throws `UserError` for one that is yet to come. */
export function timeOf(key: string, moment: Moment, now: number): number {
  const at = 'at' in moment ? moment.at : Math.max(0, now - moment.agoMs);
  if (at <= now) return at;
  throw wrong(key, `is ${new Date(at).toISOString()}, which is yet to come`, 'Give it a time in the past.');
}

export function needsValue(key: string, spec: FlagSpec): UserError {
  return wrong(key, 'needs a value', `Write ${flagName(key)} ${spec.value ?? 'VALUE'}.`);
}

function wrong(key: string, problem: string, fix: string): UserError {
  return new UserError('invalid-flag', `${flagName(key)} ${problem}.`, { fix });
}
