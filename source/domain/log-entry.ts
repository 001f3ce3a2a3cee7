import { cleanText } from './clean.ts';

/** Least level first. */
export const entryLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type EntryLevel = (typeof entryLevels)[number];

/** One line of the program's log. */
export interface LogEntry {
  /** The file and the place in it: the same line has the same id. */
  readonly id: string;
  /** Milliseconds, UTC; null for a line that says nothing of when. */
  readonly at: number | null;
  readonly level: EntryLevel;
  readonly message: string;
  /** What else it says, by name; a stack has several lines. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const longestMessage = 2_000;
const longestValue = 8_000;
const mostFields = 50;
/** Of the process and the machine: the same in every line. */
const leftOut = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err']);

/** A line of the log, cleaned; null when it is no whole line of JSON. */
export function readLogLine(id: string, line: string): LogEntry | null {
  const record = parseRecord(line);
  if (record === null) return null;
  const { level, time, msg, err } = record;
  const fields = Object.entries(record)
    .filter(([name]) => !leftOut.has(name))
    .slice(0, mostFields)
    .flatMap(([name, value]) => namedValues(name, value))
    .slice(0, mostFields)
    .map(([name, value]) => [cleanText(name), shownValue(value)] as const);
  return {
    id,
    at: typeof time === 'number' && Number.isFinite(time) ? time : null,
    level: levelOf(level),
    message: cleanText(String(msg ?? '').slice(0, longestMessage)),
    fields: err === undefined ? fields : [...fields, ['error', errorText(err)] as const],
  };
}

/** Whether an entry is of a level at least, and says a text somewhere, in whatever case. */
export function matchesEntry({ level, message, fields }: LogEntry, least: EntryLevel, text: string): boolean {
  if (entryLevels.indexOf(level) < entryLevels.indexOf(least)) return false;
  if (text === '') return true;
  const said = [message, ...fields.map(([name, value]) => `${name}=${value}`)].join(' ');
  return said.toLowerCase().includes(text.toLowerCase());
}

/** "run=4 state=done", the first line of each value. */
export function fieldsLine({ fields }: Pick<LogEntry, 'fields'>): string {
  return fields.map(([name, value]) => `${name}=${value.split('\n', 1)[0] ?? ''}`).join(' ');
}

function parseRecord(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function levelOf(level: unknown): EntryLevel {
  const number = typeof level === 'number' ? level : 30;
  return entryLevels[Math.min(5, Math.max(0, Math.floor(number / 10) - 1))] ?? 'info';
}

/** An object's members by their own names, as `error.code`. */
function namedValues(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).map(([member, each]) => [`${name}.${member}`, each] as const);
}

function errorText(err: unknown): string {
  if (typeof err !== 'object' || err === null) return shownValue(err);
  const { stack, message } = err as { stack?: unknown; message?: unknown };
  return shownValue(typeof stack === 'string' ? stack : (message ?? err));
}

function shownValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return cleanText(text.slice(0, longestValue));
}
