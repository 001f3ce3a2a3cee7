import { type FileHandle, open, readdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { type LogEntry, matchesEntry, readLogLine } from './domain/log-entry.ts';
import type { LogPage, LogRequest } from './harvester/logs.ts';

const pieceBytes = 64 * 1024;
/** Read by one call at most, so that a text that is nowhere does not read everything at once. */
const mostBytes = 4 * 1024 * 1024;
/** A longer line is no line of ours and is passed over. */
const longestLineBytes = 512 * 1024;
const newline = 0x0a;

const filesADay = 1_000_000;

/** A file of the log; those of earlier days come before those of later ones. */
interface LogFile {
  readonly order: number;
  readonly path: string;
}

interface Place {
  /** Order of the file. */
  readonly file: number;
  /** Everything before this byte is still to be read. */
  readonly end: number;
}

/**
 * The newest lines of a rotated log, or those before a place, reading backwards
 * from there in pieces. Files that rotation removes meanwhile end the log there.
 *
 * @param path as the log was opened with; rotation writes a date and a number, or a number, between its name and its extension
 */
export async function tailLog(path: string, request: LogRequest): Promise<LogPage> {
  const files = await filesOf(path);
  const from = request.before === undefined ? null : placeOf(request.before);
  const after = request.after === undefined ? null : placeOf(request.after);
  const found: LogEntry[] = [];
  let left = mostBytes;
  let before: Place | null = null;
  let newest: Place | null = null;
  for (const [index, { order: file, path: place }] of files.entries()) {
    if (from !== null && file > from.file) continue;
    if (after !== null && file < after.file) break;
    const handle = await open(place, 'r').catch(() => null);
    if (handle === null) continue;
    try {
      const { size } = await handle.stat();
      const end = from?.file === file ? Math.min(from.end, size) : size;
      const start = after?.file === file ? Math.min(after.end, end) : 0;
      const read = await readBackwards(handle, { file, start, end }, request, found, left);
      left -= read.bytes;
      newest ??= { file, end: read.end };
      before = read.before;
    } finally {
      await handle.close();
    }
    // The next older file begins at its end.
    const older = files[index + 1]?.order;
    const enough = found.length >= request.limit || left <= 0;
    if (before === null && enough && older !== undefined && (after === null || older >= after.file))
      before = { file: older, end: Number.MAX_SAFE_INTEGER };
    if (before !== null) break;
  }
  return {
    entries: found.reverse(),
    before: textOf(before),
    end: textOf(newest),
    path,
    exists: files.length > 0,
  };
}

/**
 * Adds what matches to `found`, newest first. `before` is null when `start` was
 * reached; `end` stands behind the last whole line.
 */
async function readBackwards(
  handle: FileHandle,
  { file, start: first, end: from }: Place & { readonly start: number },
  { level = 'trace', text = '', limit }: LogRequest,
  found: LogEntry[],
  mostRead: number,
): Promise<{ bytes: number; before: Place | null; end: number }> {
  let end = from;
  let lastWhole: number | null = null;
  let rest = Buffer.alloc(0);
  let bytes = 0;
  while (end > first) {
    if (found.length >= limit || bytes >= mostRead)
      return { bytes, before: { file, end: end + rest.length }, end: lastWhole ?? end };
    const start = Math.max(first, end - pieceBytes);
    const piece = Buffer.alloc(end - start);
    await handle.read(piece, 0, piece.length, start);
    bytes += piece.length;
    let joined = Buffer.concat([piece, rest]);
    if (lastWhole === null) {
      // A line that is being written now is left to the next look.
      joined = joined.subarray(0, joined.lastIndexOf(newline) + 1);
      lastWhole = start + joined.length;
    }
    // Its first line goes on in the piece before, unless what is read begins here.
    const whole = start === first ? 0 : joined.indexOf(newline) + 1;
    for (let to = joined.length; to > whole; ) {
      const begin = Math.max(whole, to < 2 ? 0 : joined.lastIndexOf(newline, to - 2) + 1);
      const entry = readLogLine(`${file}:${start + begin}`, joined.toString('utf8', begin, to).trimEnd());
      if (entry !== null && matchesEntry(entry, level, text)) found.push(entry);
      if (found.length >= limit && start + begin > first)
        return { bytes, before: { file, end: start + begin }, end: lastWhole };
      to = begin;
    }
    rest = whole === 0 ? joined : joined.subarray(0, whole);
    if (rest.length > longestLineBytes) rest = Buffer.alloc(0);
    end = start;
  }
  return { bytes, before: null, end: lastWhole ?? from };
}

/** The files that there are, newest first. */
async function filesOf(path: string): Promise<readonly LogFile[]> {
  const { name, ext } = parse(path);
  const extension = ext || '.log';
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .flatMap((each) => {
      if (!each.startsWith(`${name}.`) || !each.endsWith(extension)) return [];
      const order = orderOf(each.slice(name.length + 1, -extension.length));
      return order === null ? [] : [{ order, path: join(dirname(path), each) }];
    })
    .sort((a, b) => b.order - a.order);
}

/** Of `2026-11-22.3` and `3`: a number that grows with the day, then with the number. Null for what is no file of a log. */
function orderOf(middle: string): number | null {
  const [, date = '', number] = /^(?:(\d{4}-\d\d-\d\d)\.)?(\d{1,6})$/.exec(middle) ?? [];
  return number === undefined ? null : Number(date.replaceAll('-', '')) * filesADay + Number(number);
}

function placeOf(text: string): Place | null {
  const [, file, end] = /^(\d{1,15}):(\d{1,16})$/.exec(text) ?? [];
  return file === undefined ? null : { file: Number(file), end: Number(end) };
}

function textOf(place: Place | null): string | null {
  return place === null ? null : `${place.file}:${place.end}`;
}
