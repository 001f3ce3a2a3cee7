import { basename } from 'node:path';
import { z } from 'zod';
import type { PostDraft } from '../domain/post.ts';
import type { Cursor, FetchOptions, Page } from '../ports/source.ts';
import { runCommand } from './command-process.ts';
import { hashOf } from './feed.ts';
import { columnHelp, draftRow, postFields, type Row } from './file-columns.ts';
import { readRows } from './file-rows.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';

/** A page ends at the first cursor after this many posts … */
const pageSize = 100;
/** … or, when the program prints none, at this many. */
const longestPage = 500;
const maxWarnings = 20;
const maxBytes = 67_108_864;
/** An environment variable holds no more than this on every platform. */
const longestCursor = 32_000;

/** What a program needs to run at all; none of it is a secret. */
const plainVariables = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'SystemRoot',
  'PATHEXT',
];
const cursorVariable = 'SIGNAL_HARVESTER_CURSOR';

const options = z.object({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      `Program and its arguments, started without a shell in the folder of this file; it prints one JSON object a line with columns that are known: ${columnHelp}`,
    ),
  timeoutMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(60_000)
    .describe('Time after which the program is ended, in milliseconds'),
  env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
    .default([])
    .describe('Names of environment variables that are passed on; no others are, but for PATH and the like'),
  columns: z
    .partialRecord(z.enum(postFields), z.string().min(1))
    .default({})
    .describe('Where a field is in a column with a name of its own: {text: "Customer said"}'),
});
type Options = z.infer<typeof options>;

export const commandKind = defineSourceKind({
  kind: 'command',
  title: 'Command',
  options,
  target: ({ command }) => [basename(command[0] ?? ''), ...command.slice(1)].join(' ').slice(0, 120),
  open: (name, settings, tools) => ({
    name,
    kind: 'command',
    fetch: (request) => fetchOutput(settings, tools, request),
  }),
});

/**
 * What a local program writes. A line `{"cursor": …}` stands for everything
 * that was printed before it: the next run gets that value, as JSON, in
 * `SIGNAL_HARVESTER_CURSOR`, so that the program can go on there. A program
 * that prints no cursor is run from its beginning each time, and the store
 * keeps one of what comes again.
 *
 * What was printed before a failure is kept.
 */
async function* fetchOutput(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
): AsyncIterable<Page> {
  const key = hashOf(...settings.command).slice(0, 16);
  let state = request.cursor?.key === key ? String(request.cursor.state ?? '') : '';
  const cursorNow = (): Cursor => ({ key, state });
  const output = runCommand({
    command: settings.command,
    folder: tools.folder,
    timeoutMs: settings.timeoutMs,
    maxBytes,
    env: environmentOf(settings, state, request.since),
    signal: request.signal,
  });
  let posts: PostDraft[] = [];
  let warnings: string[] = [];
  let unreadable = 0;
  const warn = (line: number, problem: string) => {
    unreadable += 1;
    if (unreadable <= maxWarnings) warnings.push(`line ${line}: ${problem}`);
  };
  const flush = (): Page => {
    const page = { posts, cursor: cursorNow(), warnings };
    posts = [];
    warnings = [];
    return page;
  };
  const rows = readRows('ndjson', output)[Symbol.asyncIterator]();
  let failure: { readonly error: unknown } | null = null;
  try {
    for (;;) {
      request.signal.throwIfAborted();
      const next = await rows.next().catch((error: unknown) => {
        failure = { error };
        return { done: true as const, value: undefined };
      });
      if (next.done) break;
      const row = next.value;
      if ('problem' in row) warn(row.line, row.problem);
      else if (isCursorLine(row.value)) {
        const told = JSON.stringify(row.value.cursor);
        if (told.length <= longestCursor) state = told;
        else warn(row.line, `the cursor is longer than ${longestCursor} characters`);
        if (posts.length >= pageSize) yield flush();
      } else {
        const draft = draftRow(row.value, settings.columns);
        if (typeof draft === 'string') warn(row.line, draft);
        else posts.push(draft);
        if (posts.length >= longestPage) yield flush();
      }
    }
  } finally {
    await rows.return?.();
  }
  if (request.signal.aborted) throw request.signal.reason;
  if (unreadable > maxWarnings)
    warnings.push(`and ${unreadable - maxWarnings} more lines that cannot be read`);
  if (failure === null || posts.length > 0) yield flush();
  if (failure !== null) throw (failure as { error: unknown }).error;
}

function isCursorLine(row: Row): boolean {
  return 'cursor' in row && Object.keys(row).length === 1;
}

function environmentOf(settings: Options, state: string, since: number | undefined): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of [...plainVariables, ...settings.env]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  if (state !== '') env[cursorVariable] = state;
  if (since !== undefined) env.SIGNAL_HARVESTER_SINCE = new Date(since).toISOString();
  return env;
}
