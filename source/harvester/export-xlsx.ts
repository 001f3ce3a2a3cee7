import { type Cell, sheetColumns } from './export-columns.ts';
import type { ExportedSignal } from './transfer.ts';

/** What Excel takes in one cell; it calls a file damaged that has more. */
const longestCell = 32_767;
const width = { time: 18, integer: 9, number: 9, text: 14, wide: 60 } as const;

/** A workbook of one sheet (more beyond a million rows), made while it is read. Texts are typed as texts, so none is a formula. */
export async function* writeXlsx(pages: AsyncIterable<readonly ExportedSignal[]>): AsyncIterable<Uint8Array> {
  const { writeXlsxStream } = await import('hucre/xlsx');
  const rows = async function* () {
    for await (const page of pages)
      for (const signal of page) yield sheetColumns.map(({ read }) => sheetCell(read(signal)));
  };
  yield* writeXlsxStream(rows(), {
    name: 'Signals',
    columns: sheetColumns.map(({ name, type, wide }) => ({
      header: name,
      width: wide ? width.wide : width[type],
      ...(type === 'time' ? { numFmt: 'yyyy-mm-dd hh:mm' } : {}),
    })),
    freezePane: { rows: 1 },
    // The size of a sheet is not known before it is written, and posts are long.
    zip64: true,
  });
}

function sheetCell(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  const text = cell
    .replace(/[\ufffe\uffff]/g, '')
    // "_x0041_" means a character in a workbook, so the underscore of one that is written out is written as one.
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  return text.length > longestCell
    ? `${text.slice(0, longestCell - 1).replace(/[\ud800-\udbff]$/, '')}…`
    : text;
}
