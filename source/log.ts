import { readdir, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Writable } from 'node:stream';
import type { DestinationStream, Logger } from 'pino';

export type { Logger };

/** When a new file is begun, and how many are kept. */
export interface LogRotation {
  readonly rotate: 'daily' | 'hourly' | 'never';
  readonly maxBytes: number;
  /** Beside the one that is written. */
  readonly keep: number;
}

const usualRotation: LogRotation = { rotate: 'daily', maxBytes: 10_000_000, keep: 5 };

export interface LogSettings {
  readonly level: string;
  /** Log file; a date and a number go between its name and its extension. Null: no file. */
  readonly path: string | null;
  readonly rotation?: LogRotation | undefined;
  /** Whether lines go to standard output: as JSON, or for a person to read. */
  readonly stdout?: 'json' | 'pretty' | undefined;
  /** Takes known secrets out of a finished line. */
  scrub?(line: string): string;
}

/** Keys whose values never reach a log, wherever the value came from. */
const secretPaths = ['authorization', 'token', 'apiKey', 'password', 'secret'].flatMap((key) => [
  key,
  `*.${key}`,
]);

// JSON escapes C0 itself. The rest of what a terminal would obey, or what reorders what a person reads.
const obeyed = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g;

/**
 * A logger that writes JSON lines: to files that are rotated (and are the
 * owner's alone), to standard output, or to both.
 *
 * Loaded lazily: a command that logs nothing should not pay for it.
 */
export async function openLogger({
  level,
  path,
  rotation = usualRotation,
  stdout,
  scrub = (line) => line,
}: LogSettings): Promise<{ logger: Logger; close(): Promise<void> }> {
  const { pino } = await import('pino');
  const file = path === null ? null : await openFile(path, rotation);
  const output = stdout === undefined ? null : await openOutput(stdout);
  const streams = [file, output].filter((stream) => stream !== null);
  const logger = pino(
    {
      level,
      redact: { paths: secretPaths, censor: '[secret]' },
      hooks: { streamWrite: (line) => scrub(line).replace(obeyed, escapeCharacter) },
    },
    streams.length === 1 && streams[0] !== undefined
      ? streams[0]
      : pino.multistream(streams.map((stream) => ({ stream, level: 'trace' }))),
  );
  const close = () =>
    new Promise<void>((resolve) => {
      if (file === null) return resolve();
      file.once('close', resolve);
      file.end();
    });
  return { logger, close };
}

async function openFile(path: string, { rotate, maxBytes, keep }: LogRotation) {
  const { default: roll } = await import('pino-roll');
  const { name, ext, dir } = parse(path);
  const extension = ext || '.log';
  // A program that never lives until the next rotation would remove nothing.
  await removeOldLogs({ folder: dir, name, extension, keep });
  // Also files of earlier programs, which its types do not know of.
  const limit = { count: keep, removeOtherLogFiles: true };
  return roll({
    file: join(dir, name),
    extension,
    ...(rotate === 'never' ? {} : { frequency: rotate, dateFormat: 'yyyy-MM-dd' }),
    size: `${maxBytes}b`,
    limit,
    mkdir: true,
    mode: 0o600,
  });
}

interface LogFiles {
  readonly folder: string;
  readonly name: string;
  readonly extension: string;
  /** Newest files that stay. */
  readonly keep: number;
}

/** Removes the oldest files of a log (`NAME.2026-11-22.3.log`, `NAME.3.log`) until `keep` are left. */
async function removeOldLogs({ folder, name, extension, keep }: LogFiles): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  const logs = files.flatMap((file) => {
    if (!file.startsWith(`${name}.`) || !file.endsWith(extension)) return [];
    const middle = file.slice(name.length + 1, -extension.length);
    const [, date = '', number] = /^(?:(\d{4}-\d\d-\d\d)\.)?(\d+)$/.exec(middle) ?? [];
    return number === undefined ? [] : [{ file, date, number: Number(number) }];
  });
  const oldest = logs.toSorted((a, b) => a.date.localeCompare(b.date) || a.number - b.number);
  // Another program may have removed it meanwhile.
  for (const { file } of oldest.slice(0, -keep)) await rm(join(folder, file), { force: true });
}

/** Written at once, also from a worker thread: a line that waits for the main thread may be lost with it. */
async function openOutput(form: 'json' | 'pretty'): Promise<DestinationStream> {
  const { pino } = await import('pino');
  const output = pino.destination({ dest: 1, sync: true });
  if (form === 'json') return output;
  return new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => {
      output.write(readable(line));
      done();
    },
  });
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const levelNames: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** "20:04:05 info  run ended  state=done signals=12" */
function readable(line: string): string {
  const {
    time,
    level,
    msg,
    pid: _,
    hostname: _host,
    err,
    ...rest
  } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const stack = (err as { stack?: string } | undefined)?.stack;
  const clock = new Date(Number(time)).toISOString().slice(11, 19);
  const name = (levelNames[Number(level)] ?? '').padEnd(5);
  return `${[`${clock} ${name} ${String(msg ?? '')}`, ...fields].join('  ')}\n${stack === undefined ? '' : `${stack}\n`}`;
}
