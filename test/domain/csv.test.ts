import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCsvRecord } from '../../source/domain/csv.ts';

it('quotes what RFC 4180 says must be quoted, and ends records with CRLF', () => {
  expect(formatCsvRecord(['plain', 'a,b', 'say "hi"', 'two\nlines', 3, null])).toBe(
    'plain,"a,b","say ""hi""","two\nlines",3,\r\n',
  );
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1'])(
  'a cell that begins like a formula is text: %j',
  (cell) => {
    const [[read]] = parse(formatCsvRecord([cell])) as [[string]];
    expect(read).toBe(`'${cell}`);
  },
);

it.each([
  ['+', "'+"],
  ['－1', "'－1"],
  ['＋1', "'＋1"],
  ['＠a', "'＠a"],
  ['\nx', '"\'\nx"'],
  // Only at its beginning is it one.
  ['a=1', 'a=1'],
  ['1-2', '1-2'],
])('stands in a file as text that no spreadsheet runs: %j as %j', (cell, written) => {
  expect(formatCsvRecord([cell])).toBe(`${written}\r\n`);
});

it('quotes what begins or ends with space, which readers may cut off', () => {
  expect(formatCsvRecord([' a', 'b ', 'c d', '', 'e\rf'])).toBe('" a","b ",c d,,"e\rf"\r\n');
});

it('leaves numbers of our own as numbers', () => {
  expect(formatCsvRecord([-1.5, 0])).toBe('-1.5,0\r\n');
});

it('any cells come back as they were, but for the apostrophe', () => {
  const cells = fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(cells, (written) => {
      const [read = []] = parse(formatCsvRecord(written), { record_delimiter: '\r\n' }) as string[][];
      expect(read.map((cell) => (/^'[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell))).toEqual(
        written.map((cell) => (/^'[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell)),
      );
    }),
  );
});
