import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import { type ImportTally, importRows } from '../harvester/import-file.ts';
import { parquetRows } from '../harvester/import-parquet.ts';
import { type ReturningFormat, readRows, recognizeExport } from '../harvester/import-rows.ts';
import type { LineRemark, TransferOptions } from '../harvester/transfer.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { printJson, printNote, printText, visible } from './print.ts';

/** Enough of a file to tell what it is. */
const headBytes = 65_536;
const mostShown = 10;
const tellEveryMs = 1_000;

/** Which kind of export a file (or standard input: "-") is; null when it is none. */
export async function exportIn(path: string, signal: AbortSignal): Promise<ReturningFormat | null> {
  if (path === '-') return recognizeExport(await peekInput(signal));
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    return recognizeExport(head.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The first piece of standard input, which is put back at once for whoever reads it. */
async function peekInput(signal: AbortSignal): Promise<Buffer> {
  const { stdin } = process;
  if (stdin.readableLength === 0 && !stdin.readableEnded) {
    const first = new AbortController();
    const options = { signal: AbortSignal.any([signal, first.signal]) };
    try {
      await Promise.race([once(stdin, 'readable', options), once(stdin, 'end', options)]);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      first.abort();
    }
  }
  const head = stdin.read() as Buffer | null;
  if (head === null) return Buffer.alloc(0);
  stdin.unshift(head);
  return head.subarray(0, headBytes);
}

/** Takes in the signals of an export, and says what became of them. */
export async function importSignals(
  context: CommandContext,
  path: string,
  format: ReturningFormat,
  options: TransferOptions,
): Promise<ExitCode> {
  const harvester = await context.open();
  let toldAt = 0;
  const tally = await importRows({
    harvester,
    rows: rowsOf(path, format),
    options,
    signal: context.signal,
    onProgress: ({ read }) => {
      if (!context.isErrorTerminal || performance.now() - toldAt < tellEveryMs) return;
      toldAt = performance.now();
      context.stderr.write(`${plural(read, 'signal')} read …\n`);
    },
  });
  if (context.json) await printJson(context, { path, format, ...options, ...tally });
  else await describe(context, tally, options);
  return tally.problemCount > 0 ? exitCodes.partial : exitCodes.done;
}

function rowsOf(path: string, format: ReturningFormat) {
  if (format !== 'parquet') return readRows(format, path === '-' ? process.stdin : createReadStream(path));
  if (path !== '-') return parquetRows(path);
  throw new UserError('usage', 'A Parquet file is read from its end, and standard input has none.', {
    fix: 'Give the name of the file.',
  });
}

async function describe(
  context: CommandContext,
  tally: ImportTally,
  options: TransferOptions,
): Promise<void> {
  const { read, added, joined, known, differingCount, posts, problemCount, warningCount } = tally;
  await remarks(context, 'left out', tally.problems, problemCount);
  await remarks(context, 'changed', tally.warnings, warningCount);
  const lines = [
    `${plural(read, 'signal')} in the file`,
    `${added} ${options.dryRun ? 'would be added' : 'added'} (${plural(posts, 'new post')} in all)`,
    ...(joined > 0
      ? [`${joined} here in part: their other posts ${options.dryRun ? 'would join' : 'joined'}`]
      : []),
    ...(known > 0 ? [`${known} here already`] : []),
    ...(differingCount > 0 ? [describeDiffering(tally, options)] : []),
    ...(problemCount > 0 ? [`${problemCount} left out`] : []),
  ];
  await printText(context, lines.join('\n'));
  for (const { id, fields } of tally.differing.slice(0, mostShown))
    await printText(context, `  signal ${id}: ${fields.join(', ')}`);
  if (differingCount > mostShown) await printText(context, `  and ${differingCount - mostShown} more`);
  if (options.dryRun) await printNote(context, 'Nothing was changed: this was a dry run.');
  else if (added + joined > 0)
    await printNote(context, 'The next run scores what came in by the weights of this place.');
}

function describeDiffering({ differingCount }: ImportTally, { dryRun, overwrite }: TransferOptions): string {
  const what = `${differingCount} here already and decided otherwise`;
  if (!overwrite)
    return `${what}: the decisions here ${dryRun ? 'would stay' : 'stay'} (--overwrite takes those of the file)`;
  return `${what}: ${dryRun ? 'the decisions of the file would be taken' : 'the decisions of the file were taken'}`;
}

async function remarks(
  context: CommandContext,
  what: string,
  told: readonly LineRemark[],
  count: number,
): Promise<void> {
  for (const { line, text } of told.slice(0, mostShown))
    await printNote(context, `line ${line} ${what}: ${visible(text)}`);
  if (count > mostShown) await printNote(context, `and ${count - mostShown} more ${what}`);
}
