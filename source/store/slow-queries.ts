import type { Database as Connection } from 'better-sqlite3';
import type { SlowQuery } from '../ports/timings.ts';

/** One line a minute of each name: a log that is full of them helps nobody. */
const tellEveryMs = 60_000;
const plansKept = 64;
const lookAgainMs = 50;

interface Statement {
  readonly sql: string;
  readonly binds: number;
}

/**
 * Tells of slow queries with their plans. A plan is asked for later, outside
 * any transaction, and without the values that the query was asked with: they
 * are words of searches and texts of posts.
 */
export class SlowQueries {
  readonly #connection: Connection;
  readonly #tell: (slow: SlowQuery) => void;
  readonly #told = new Map<string, { at: number; skipped: number }>();
  readonly #plans = new Map<string, readonly string[]>();
  #waiting: { readonly slow: Omit<SlowQuery, 'plan'>; readonly statement: Statement }[] = [];

  constructor(connection: Connection, tell: (slow: SlowQuery) => void) {
    this.#connection = connection;
    this.#tell = tell;
  }

  note(slow: Omit<SlowQuery, 'plan' | 'skipped'>, statement: Statement): void {
    const at = performance.now();
    const last = this.#told.get(slow.query);
    if (last !== undefined && at - last.at < tellEveryMs) {
      last.skipped += 1;
      return;
    }
    this.#told.set(slow.query, { at, skipped: 0 });
    this.#waiting.push({ slow: { ...slow, skipped: last?.skipped ?? 0 }, statement });
    if (this.#waiting.length === 1) setImmediate(() => this.#tellWaiting());
  }

  close(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { slow, statement } of waiting) this.#tell({ ...slow, plan: this.#planOf(statement) });
  }

  #tellWaiting(): void {
    if (this.#waiting.length === 0) return;
    if (this.#connection.inTransaction) setTimeout(() => this.#tellWaiting(), lookAgainMs).unref();
    else this.close();
  }

  #planOf(statement: Statement): readonly string[] {
    const kept = this.#plans.get(statement.sql);
    if (kept !== undefined) return kept;
    const plan = explainPlan(this.#connection, statement);
    if (this.#plans.size >= plansKept) this.#plans.delete(this.#plans.keys().next().value ?? '');
    this.#plans.set(statement.sql, plan);
    return plan;
  }
}

function explainPlan(connection: Connection, { sql, binds }: Statement): readonly string[] {
  try {
    const steps = connection
      .prepare<unknown[], { id: number; parent: number; detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(Array.from({ length: binds }, () => null));
    const depths = new Map<number, number>();
    return steps.map(({ id, parent, detail }) => {
      const depth = (depths.get(parent) ?? -1) + 1;
      depths.set(id, depth);
      return `${'  '.repeat(depth)}${detail}`;
    });
  } catch {
    // The steps of a transaction and what changes the schema have no plan.
    return [];
  }
}
