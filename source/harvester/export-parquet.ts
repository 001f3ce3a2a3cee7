import type { ColumnSource } from 'hyparquet-writer';
import { type ExportColumn, tableColumns } from './export-columns.ts';
import type { ExportedSignal } from './transfer.ts';

/** Posts that are compressed together: what is held in memory. */
const postsPerGroup = 5_000;
const types = { text: 'STRING', integer: 'INT64', number: 'DOUBLE', time: 'TIMESTAMP' } as const;

/** A Parquet file, a group of rows at a time. */
export async function* writeParquet(
  pages: AsyncIterable<readonly ExportedSignal[]>,
): AsyncIterable<Uint8Array> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const bytes = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnData([]) }),
    createdBy: 'signal-harvester',
  });
  const taken = (): Uint8Array => {
    const chunk = bytes.getBytes().slice();
    // The offset goes on, since places in the file are counted from its beginning.
    bytes.index = 0;
    return chunk;
  };
  let group: ExportedSignal[] = [];
  let posts = 0;
  const flush = async () => {
    await writer.write({ columnData: columnData(group), rowGroupSize: group.length });
    group = [];
    posts = 0;
    return taken();
  };
  for await (const page of pages) {
    for (const signal of page) {
      group.push(signal);
      posts += signal.document.posts.length;
      if (posts >= postsPerGroup) yield await flush();
    }
  }
  if (group.length > 0) yield await flush();
  await writer.finish();
  yield taken();
}

function columnData(signals: readonly ExportedSignal[]): ColumnSource[] {
  return tableColumns.map((column) => ({
    name: column.name,
    type: types[column.type],
    nullable: true,
    data: signals.map((signal) => parquetCell(column, signal)),
    // Smallest and largest values of whole documents would help nobody who looks for something.
    statistics: column.type !== 'text',
    offsetIndex: false,
  }));
}

function parquetCell({ type, read }: ExportColumn, signal: ExportedSignal) {
  const cell = read(signal);
  return type === 'integer' && typeof cell === 'number' ? BigInt(cell) : cell;
}
