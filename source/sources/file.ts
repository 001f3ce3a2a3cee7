import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { PostDraft } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { Cursor, FetchOptions, Page } from '../ports/source.ts';
import { hashOf } from './feed.ts';
import { columnHelp, draftRow, postFields } from './file-columns.ts';
import { detectFormat, peek, readRows, readText } from './file-rows.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';

const pageSize = 500;
const maxWarnings = 20;
/** Characters. */
const digestAtOnce = 65_536;

const options = z.object({
  path: z
    .string()
    .min(1)
    .describe(
      `File to read, relative to this file; "-" is standard input. Columns that are known: ${columnHelp}`,
    ),
  format: z
    .enum(['auto', 'ndjson', 'json', 'csv'])
    .default('auto')
    .describe('How the file is written; auto goes by its name and its first line'),
  columns: z
    .partialRecord(z.enum(postFields), z.string().min(1))
    .default({})
    .describe('Where a field is in a column with a name of its own: {text: "Customer said"}'),
});
type Options = z.infer<typeof options>;

export const fileKind = defineSourceKind({
  kind: 'file',
  title: 'File',
  options,
  target: ({ path }) => (path === '-' ? 'standard input' : basename(path)),
  question: {
    prompt: 'Path of a file with one post a row (NDJSON, JSON or CSV)',
    example: 'exports/reviews.csv',
    async answer(answer, tools) {
      const path = answer.trim().replace(/^(["'])(.*)\1$/, '$2');
      await statFile(resolvePath(path, tools.folder));
      const name = basename(path)
        .toLowerCase()
        .replace(/\.[a-z]+$/, '');
      return {
        name:
          name
            .replace(/[^a-z0-9._-]+/g, '-')
            .replace(/^[^a-z0-9]+/, '')
            .slice(0, 60) || 'file',
        options: { path },
      };
    },
  },
  open: (name, settings, tools) => ({
    name,
    kind: 'file',
    fetch: (request) => fetchRows(settings, tools, request),
  }),
});

/**
 * The rows of a file in pages of 500, with bounded memory (JSON excepted,
 * which is held whole, up to 256 MiB).
 *
 * The cursor holds size and time of the file, how many rows are stored
 * (`rows`) and a digest of them. A file that was read to its end and has not
 * changed is not opened. Any other is read again: rows already stored are
 * skipped as long as they are the same rows, so a file that grows goes on
 * where it ended, and one that was rewritten is read from its start.
 * Standard input can be read only once: a run that ends early loses the rest.
 */
async function* fetchRows(settings: Options, tools: SourceTools, request: FetchOptions): AsyncIterable<Page> {
  const isStdin = settings.path === '-';
  const path = isStdin ? '-' : resolvePath(settings.path, tools.folder);
  const facts = isStdin ? { size: -1, mtimeMs: -1 } : await statFile(path);
  const key = hashOf(path, settings.format, JSON.stringify(settings.columns)).slice(0, 16);
  const cursor = !isStdin && request.cursor?.key === key ? request.cursor : null;
  const unchanged = cursor?.size === facts.size && cursor.mtimeMs === facts.mtimeMs;
  if (unchanged && cursor?.complete === true) return;

  const open = async () => {
    const [head, chunks] = await peek(readText(path, request.signal));
    return readRows(settings.format === 'auto' ? detectFormat(path, head) : settings.format, chunks);
  };
  const skip = cursor === null ? 0 : (await startsWithStored(await open(), cursor)) ? Number(cursor.rows) : 0;
  const digest = createHash('sha256');
  const base = { key, size: facts.size, mtimeMs: facts.mtimeMs };
  // Many rows at a time: to begin with a text costs a hash more than to go through it.
  let undigested = '';
  const digestRows = () => {
    digest.update(undigested);
    undigested = '';
  };
  const cursorAt = (complete: boolean): Cursor => {
    digestRows();
    return { ...base, rows, digest: digest.copy().digest('hex'), complete };
  };
  let rows = 0;
  let posts: PostDraft[] = [];
  let found = 0;
  let undated = 0;
  const problems = new Problems(settings.path);
  for await (const row of await open()) {
    request.signal.throwIfAborted();
    rows += 1;
    undigested += `${row.raw}\n`;
    if (undigested.length > digestAtOnce) digestRows();
    if (rows <= skip) continue;
    const draft = 'problem' in row ? row.problem : draftRow(row.value, settings.columns);
    if (typeof draft === 'string') {
      problems.add(row.line, draft, 'value' in row ? Object.keys(row.value) : null);
      continue;
    }
    posts.push(draft);
    found += 1;
    if (draft.createdAt === null) undated += 1;
    if (posts.length === pageSize) {
      yield { posts, cursor: cursorAt(false), warnings: problems.take() };
      posts = [];
    }
  }
  if (found === 0 && skip === 0) problems.refuseUnknownColumns();
  const warnings = problems.finish();
  if (undated > 0)
    warnings.push(`${undated} ${undated === 1 ? 'row has' : 'rows have'} no date that can be read`);
  yield { posts, cursor: cursorAt(true), warnings };
}

/** True when the file still begins with the rows that are stored. */
async function startsWithStored(
  rows: AsyncIterable<{ readonly raw: string }>,
  cursor: Cursor,
): Promise<boolean> {
  const digest = createHash('sha256');
  let left = Number(cursor.rows);
  if (left === 0) return true;
  for await (const row of rows) {
    digest.update(row.raw).update('\n');
    left -= 1;
    if (left === 0) return digest.digest('hex') === cursor.digest;
  }
  return false;
}

/** Collects what could not be read: the first twenty by line, the rest as a number. */
class Problems {
  readonly #path: string;
  #pending: string[] = [];
  #total = 0;
  #columns: readonly string[] | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  add(line: number, problem: string, columns: readonly string[] | null): void {
    this.#total += 1;
    this.#columns ??= columns;
    if (this.#total <= maxWarnings) this.#pending.push(`line ${line}: ${problem}`);
  }

  take(): string[] {
    return this.#pending.splice(0);
  }

  finish(): string[] {
    const warnings = this.take();
    if (this.#total > maxWarnings)
      warnings.push(`and ${this.#total - maxWarnings} more lines that cannot be read`);
    return warnings;
  }

  /** Throws when there were rows, yet none had a column that is known. */
  refuseUnknownColumns(): void {
    if (this.#columns === null) return;
    const seen = this.#columns.slice(0, 12).join(', ').slice(0, 300);
    throw new UserError(
      'no-columns',
      `no row of ${this.#path} has a text or a title (its columns: ${seen})`,
      {
        fix: 'Say in "columns" which column holds the text, as in columns: {text: "Customer said"}',
      },
    );
  }
}

function resolvePath(path: string, folder: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path);
}

async function statFile(path: string): Promise<{ size: number; mtimeMs: number }> {
  const facts = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    throw new UserError(
      missing ? 'no-file' : 'unreadable-file',
      `${path} ${missing ? 'does not exist' : `cannot be read (${cause.code})`}`,
      {
        fix: missing ? 'Check the path' : 'Check who may read the file',
        cause,
      },
    );
  });
  if (!facts.isDirectory()) return { size: facts.size, mtimeMs: facts.mtimeMs };
  throw new UserError('unreadable-file', `${path} is a folder`, { fix: 'Give the path of one file' });
}
