import { CompiledQuery, type Insertable, type Transaction } from 'kysely';
import type { Tables } from './schema.ts';

/** Rows a statement. Few sizes, so that each table has a few statements, prepared once and kept, however many rows come. */
const sizes = [64, 8, 1] as const;

/** Where rows go. `onConflict` is what SQLite is told to do with a row that is there already. */
export interface Destination<Table extends keyof Tables & string, Column extends string> {
  readonly table: Table;
  readonly columns: readonly (Column & keyof Tables[Table])[];
  readonly onConflict?: string;
}

/**
 * Inserts many rows of one form. Kysely makes an object of every value and
 * writes the text of every statement anew, which takes longer than SQLite
 * takes to insert; here the text of a size is made once.
 */
export function rowInserter<Table extends keyof Tables & string, Column extends string>(
  destination: Destination<Table, Column>,
): (
  trx: Transaction<Tables>,
  rows: readonly Pick<Insertable<Tables[Table]>, Column & keyof Insertable<Tables[Table]>>[],
) => Promise<void> {
  const { columns } = destination;
  const statements = sizes.map((size) => ({ size, text: insertOf(destination, size) }));
  return async (trx, rows) => {
    let from = 0;
    for (const { size, text } of statements) {
      for (; from + size <= rows.length; from += size) {
        const values: unknown[] = [];
        for (let at = from; at < from + size; at += 1) {
          const row = rows[at] as Readonly<Record<string, unknown>>;
          for (const column of columns) values.push(row[column]);
        }
        await trx.executeQuery(CompiledQuery.raw(text, values));
      }
    }
  };
}

function insertOf<Table extends keyof Tables & string, Column extends string>(
  { table, columns, onConflict = '' }: Destination<Table, Column>,
  rows: number,
): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO "${table}" (${names}) VALUES ${Array(rows).fill(row).join(', ')} ${onConflict}`;
}
