import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { UserError } from '../errors.ts';
import { type ExportAbout, type ExportFormat, exportWriters } from './export-formats.ts';
import type { Harvester, SignalPageRequest } from './harvester.ts';
import { followPages, type PagesRequest } from './signal-pages.ts';

export interface ExportRequest<Subject extends 'signals' | 'transfer'> extends PagesRequest {
  readonly harvester: Pick<Harvester, Subject>;
  readonly about: ExportAbout;
}

/** What came of an export; grows while it is written. */
export interface ExportTally {
  signals: number;
  /** The words of the search are common: there are more matches than were found. */
  capped: boolean;
}

/** An export as it is made: pieces to be written in order, and what has been written so far. */
export function openExport(
  { harvester, query, limit, signal, about }: ExportRequest<'transfer'>,
  format: ExportFormat,
): { readonly chunks: AsyncIterable<string | Uint8Array>; readonly tally: ExportTally } {
  const tally: ExportTally = { signals: 0, capped: false };
  const pages = async function* () {
    const read = (request: SignalPageRequest) => harvester.transfer.page(request);
    for await (const { signals, capped } of followPages(read, { query, limit, signal, sizeOf: sizeOfPage })) {
      tally.capped ||= capped;
      tally.signals += signals.length;
      if (signals.length > 0) yield signals;
    }
    // What ends early must not look whole.
    signal.throwIfAborted();
  };
  return { chunks: exportWriters[format].write(pages(), about), tally };
}

function sizeOfPage({ signals }: { readonly signals: readonly unknown[] }): number {
  return signals.length;
}

/**
 * Writes the signals. `write` resolves when more may be written. Rejects with
 * the reason of an abort, and then what was written is no whole export.
 */
export async function writeSignals(
  request: ExportRequest<'transfer'>,
  format: ExportFormat,
  write: (chunk: string | Uint8Array) => Promise<void>,
): Promise<ExportTally> {
  const { chunks, tally } = openExport(request, format);
  for await (const chunk of chunks) if (chunk.length > 0) await write(chunk);
  return tally;
}

/**
 * Writes the signals into a file.
 *
 * @throws UserError `not-written` for a place that cannot be written to
 */
export async function exportSignals(
  request: ExportRequest<'transfer'>,
  path: string,
  format: ExportFormat,
): Promise<ExportTally> {
  return writeFileWhole(path, request.signal, (write) => writeSignals(request, format, write));
}

/** The file has its name only once it is whole and on the disk; an interruption leaves what was there before. It is its owner's alone. */
export async function writeFileWhole<Result>(
  path: string,
  signal: AbortSignal,
  write: (write: (chunk: string | Uint8Array) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const draft = `${path}.${process.pid}.partial`;
  const stream = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
  const closed = finished(stream);
  closed.catch(() => {});
  try {
    const writeChunk = (chunk: string | Uint8Array) =>
      new Promise<void>((resolve, reject) => {
        stream.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
    const written = write(writeChunk);
    written.catch(() => {});
    await Promise.race([written, closed]);
    const result = await written;
    stream.end();
    await closed;
    if (!signal.aborted) await rename(draft, path);
    return result;
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
