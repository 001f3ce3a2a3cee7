import type { Database as Connection } from 'better-sqlite3';
import type { StoreWatch } from '../ports/timings.ts';
import { currentQueryName } from './query-names.ts';
import { SlowQueries } from './slow-queries.ts';

/** Follows the statements of one connection: how long each took, and which took too long. */
export class StatementWatch {
  readonly #timings: StoreWatch['timings'];
  readonly #slow: SlowQueries | null;
  readonly #slowFromMs: number;

  constructor(connection: Connection, { timings, slow }: StoreWatch) {
    this.#timings = timings;
    this.#slow = slow === undefined ? null : new SlowQueries(connection, slow.tell);
    this.#slowFromMs = slow?.fromMs ?? Number.POSITIVE_INFINITY;
  }

  /** `rowsOf` is asked of what `act` returned, and only when that was slow. */
  time<Result>(sql: string, binds: number, act: () => Result, rowsOf: (result: Result) => number): Result {
    const from = performance.now();
    const result = act();
    const ms = performance.now() - from;
    const step = stepOf(sql);
    const asking = currentQueryName();
    this.#timings.record('queries', step ?? asking, ms);
    if (ms >= this.#slowFromMs) {
      const names = step === null ? { query: asking, during: null } : { query: step, during: asking };
      this.#slow?.note({ ...names, ms, rows: rowsOf(result) }, { sql, binds });
    }
    return result;
  }

  /** The connection is about to close: what waits to be told is told now. */
  close(): void {
    this.#slow?.close();
  }
}

/** The steps of a transaction are no queries: they wait for a lock, or for the disk. */
function stepOf(sql: string): 'begin' | 'commit' | 'rollback' | null {
  if (sql === 'begin immediate') return 'begin';
  return sql === 'commit' || sql === 'rollback' ? sql : null;
}
