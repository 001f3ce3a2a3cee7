import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';
import { type ErrorOccurrence, errorOrigins } from './domain/error-group.ts';

/** Together with a file that is being taken, errors that wait use twice this much of the disk at most. */
const mostBytes = 1024 * 1024;
const taken = '.taken.jsonl';

/** The file that errors wait in: beside the log, the owner's alone. */
export function spoolPathOf(logPath: string): string {
  const { dir, name } = parse(logPath);
  return join(dir, `${name}.errors.jsonl`);
}

/**
 * Writes one error down at once, whatever state the process is in. Returns
 * false when it could not, or when the file is full; never throws.
 */
export function spoolError(path: string, occurrence: ErrorOccurrence): boolean {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > mostBytes) return false;
    if (size === 0) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${JSON.stringify(occurrence)}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/**
 * The errors that wait, for the store to take. The file is renamed before it is
 * read, so that what is written meanwhile goes to the next one; the new name
 * carries the batch, by which the store knows what it has taken already.
 */
export function openErrorSpool(path: string): {
  waiting(): readonly { batch: string; occurrences: readonly ErrorOccurrence[]; done(): void }[];
} {
  const folder = dirname(path);
  const start = `${parse(path).name}.`;
  const takenFiles = () =>
    readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith(taken));
  return {
    waiting: () => {
      try {
        const files = takenFiles();
        // While a store refuses to take one, no further one is made.
        if (files.length === 0) {
          if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
          const name = `${start}${crypto.randomUUID()}${taken}`;
          renameSync(path, join(folder, name));
          files.push(name);
        }
        return files.map((name) => ({
          batch: basename(name).slice(start.length, -taken.length),
          occurrences: readOccurrences(join(folder, name)),
          done: () => {
            try {
              rmSync(join(folder, name), { force: true });
            } catch {
              // It is known by its batch and will not be counted again.
            }
          },
        }));
      } catch {
        return [];
      }
    },
  };
}

/** A line that was cut off by the end of a process or a full disk is left out. */
function readOccurrences(path: string): readonly ErrorOccurrence[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const parsed = JSON.parse(line) as Partial<ErrorOccurrence> | null;
        return isOccurrence(parsed) ? [parsed] : [];
      } catch {
        return [];
      }
    });
}

/** Written by this program, but a file all the same: another version, or a person, may have been at it. */
function isOccurrence(value: Partial<ErrorOccurrence> | null): value is ErrorOccurrence {
  if (typeof value !== 'object' || value === null) return false;
  const { fingerprint, type, code, message, stack, breadcrumbs, origin, version, at, count } = value;
  const isText = (text: unknown, least: number, most: number) =>
    typeof text === 'string' && text.length >= least && text.length <= most;
  return (
    isText(fingerprint, 16, 16) &&
    isText(type, 1, 60) &&
    isText(version, 1, 60) &&
    isText(message, 0, 300) &&
    isText(stack, 0, 10_000) &&
    (code === null || isText(code, 1, 60)) &&
    (errorOrigins as readonly unknown[]).includes(origin) &&
    Array.isArray(breadcrumbs) &&
    JSON.stringify(breadcrumbs).length <= 10_000 &&
    Number.isSafeInteger(at) &&
    Number.isSafeInteger(count) &&
    (count ?? 0) > 0
  );
}
