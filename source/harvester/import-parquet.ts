import { UserError } from '../errors.ts';
import type { FileRow } from './import-rows.ts';

/** The column `document` of a Parquet file, a group of rows at a time. Lines are rows, counted from 1. */
export async function* parquetRows(path: string): AsyncIterable<FileRow> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const refuse = (cause: unknown) =>
    new UserError('not-parquet', `${path} cannot be read as Parquet: ${(cause as Error).message}`, {
      fix: 'Export it again, or give another format: ndjson is the simplest one.',
      cause,
    });
  const opened = async () => {
    const file = await asyncBufferFromFile(path);
    return { file, metadata: await parquetMetadataAsync(file) };
  };
  const { file, metadata } = await opened().catch((cause: unknown) => {
    throw refuse(cause);
  });
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const read = parquetReadObjects({ file, metadata, columns: ['document'], rowStart, rowEnd });
    const rows = await read.catch((cause: unknown) => {
      throw refuse(cause);
    });
    for (const [index, { document }] of rows.entries()) yield parquetRow(rowStart + index + 1, document);
    rowStart = rowEnd;
  }
}

function parquetRow(line: number, document: unknown): FileRow {
  if (typeof document !== 'string') return { line, length: 0, problem: 'its column "document" is empty' };
  try {
    return { line, length: document.length, value: JSON.parse(document) as unknown };
  } catch {
    return { line, length: document.length, problem: 'its column "document" is no JSON' };
  }
}
