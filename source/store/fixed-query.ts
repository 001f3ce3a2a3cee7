import type { CompiledQuery, Kysely } from 'kysely';
import { readAtOnce } from './database.ts';
import type { Tables } from './schema.ts';

/**
 * A query whose text never changes. Kysely takes longer to write the text of a
 * page of signals than SQLite takes to find it, so it is written once.
 *
 * @param write makes the query; its values only mark where the parameters go
 */
export function fixedQuery<Row>(
  write: (db: Kysely<Tables>) => { compile(): CompiledQuery<Row> },
): (db: Kysely<Tables>, parameters: readonly unknown[]) => Promise<readonly Row[]> {
  let written: CompiledQuery<Row> | null = null;
  return async (db, parameters) => {
    written ??= write(db).compile();
    const found = readAtOnce(db, written.sql, parameters);
    if (found !== null) return found as readonly Row[];
    const { rows } = await db.executeQuery<Row>({ ...written, parameters });
    return rows;
  };
}
