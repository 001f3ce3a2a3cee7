// Spreadsheets run a cell that begins with one of these as a formula (OWASP, "CSV Injection"), full-width forms included.
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * One record of RFC 4180, CRLF included. A cell that a spreadsheet would run
 * as a formula gets a leading apostrophe, which makes it text there.
 */
export function formatCsvRecord(cells: readonly (string | number | null)[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

/** What stands in the cell of a file, before it is quoted. */
export function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return formulaStart.test(cell) ? `'${cell}` : cell;
}

function formatCell(cell: string | number | null): string {
  const text = csvCell(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
