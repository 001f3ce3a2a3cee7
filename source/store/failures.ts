import { SqliteError } from 'better-sqlite3';
import { UserError } from '../errors.ts';

/** What SQLite reports when the file, not the program, is at fault: by prefix of the result code. */
const causes: readonly (readonly [prefix: string, code: string, sentence: string, fix: string])[] = [
  [
    'SQLITE_BUSY',
    'store-locked',
    'is locked by another program',
    'Close the other program that has it open (another run, a database browser) and try again.',
  ],
  ['SQLITE_LOCKED', 'store-locked', 'is locked by another program', 'Close the other program and try again.'],
  [
    'SQLITE_FULL',
    'store-full',
    'cannot grow: the disk is full',
    'Free some space on that disk, or move the store (store.path) to another one; nothing that was stored is lost.',
  ],
  [
    'SQLITE_IOERR',
    'store-unreadable',
    'could not be read or written by the disk',
    'Check the disk, its free space and its mount; "signal-harvester db check" examines the store.',
  ],
  [
    'SQLITE_READONLY',
    'store-readonly',
    'may not be written',
    'Give yourself write permission on the file and its folder, or set store.path to another place.',
  ],
  [
    'SQLITE_PERM',
    'store-readonly',
    'may not be opened',
    'Give yourself permission on the file and its folder, or set store.path to another place.',
  ],
  [
    'SQLITE_CANTOPEN',
    'store-unopenable',
    'could not be opened',
    'Check that its folder exists, that you may write there and that the disk is not read-only, or set store.path to another place.',
  ],
  [
    'SQLITE_NOTADB',
    'store-corrupt',
    'is not a SQLite database',
    'Set store.path to another file, or move this one away and start afresh.',
  ],
  [
    'SQLITE_CORRUPT',
    'store-corrupt',
    'is damaged',
    'Run "signal-harvester snapshot restore newest --force", which keeps the damaged file; without a snapshot, move the file away and start afresh.',
  ],
];

/** Turns a failure of the file into a sentence with a fix; anything else is a bug and passes unchanged. */
export function explainStoreFailure(error: unknown, path: string): unknown {
  if (!(error instanceof SqliteError)) return error;
  const match = causes.find(([prefix]) => error.code.startsWith(prefix));
  if (match === undefined) return error;
  const [, code, sentence, fix] = match;
  return new UserError(code, `The store ${path} ${sentence}.`, { fix, exitCode: 4, cause: error });
}
