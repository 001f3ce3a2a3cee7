import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { SignalRow } from '../domain/signal.ts';
import { UserError } from '../errors.ts';
import { type ExportFormat, type ExportWriter, exportFormats, exportWriters } from './export-formats.ts';
import type { Harvester, SignalPlace, SignalQuery } from './harvester.ts';

const pageSize = 500;

/** What is exported: the signals that match, in order, at most `limit` of them. */
export interface ExportRequest {
  readonly harvester: Pick<Harvester, 'signals'>;
  readonly query: SignalQuery;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Pages of matching signals, in order, until `limit` rows; memory holds one page. */
export async function* readPages({
  harvester,
  query,
  limit,
  signal,
}: ExportRequest): AsyncGenerator<readonly SignalRow[]> {
  let left = limit;
  let after: SignalPlace | null = null;
  while (left > 0 && !signal.aborted) {
    const page = await harvester.signals.page({
      ...query,
      limit: Math.min(pageSize, left),
      ...(after === null ? {} : { after }),
    });
    if (page.rows.length > 0) yield page.rows;
    left -= page.rows.length;
    after = page.last;
    if (!page.hasMore || after === null) return;
  }
}

/** Writes the signals; resolves with how many. `write` resolves when more may be written. */
export async function writeSignals(
  request: ExportRequest,
  writer: ExportWriter,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let count = 0;
  await write(writer.head);
  for await (const rows of readPages(request)) {
    await write(rows.map((row) => writer.row(row, count++)).join(''));
  }
  if (!request.signal.aborted) await write(writer.tail(count));
  return count;
}

/**
 * Writes the signals into a file; resolves with how many.
 *
 * @throws UserError `not-written` for a place that cannot be written to
 */
export async function exportSignals(
  request: ExportRequest,
  path: string,
  format: ExportFormat,
): Promise<number> {
  return writeFileWhole(path, request.signal, (write) => writeSignals(request, exportWriters[format], write));
}

/** The format that the name of a file asks for; null when its ending is none that is known. */
export function formatOf(path: string): ExportFormat | null {
  const extension = extname(path).slice(1).toLowerCase();
  return exportFormats.find((format) => format === extension) ?? null;
}

/** The file has its name only once it is whole; an interruption leaves what was there before. */
export async function writeFileWhole(
  path: string,
  signal: AbortSignal,
  write: (write: (text: string) => Promise<void>) => Promise<number>,
): Promise<number> {
  const draft = `${path}.${process.pid}.partial`;
  const stream = createWriteStream(draft, { flags: 'wx' });
  const closed = finished(stream);
  closed.catch(() => {});
  try {
    const writeText = (text: string) =>
      new Promise<void>((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      });
    const count = await Promise.race([write(writeText), closed.then(() => 0)]);
    stream.end();
    await closed;
    if (!signal.aborted) await rename(draft, path);
    return count;
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new UserError('not-written', `${path} could not be written: ${cause.message}`, {
      fix: 'Give --output a place that you may write to and that has room.',
      cause,
    });
  } finally {
    stream.destroy();
    await rm(draft, { force: true });
  }
}
