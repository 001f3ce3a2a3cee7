import type { SignalDetail, SignalRow, SignalStatus } from '../../../source/domain/signal.ts';
import type {
  Harvester,
  SignalPage,
  SignalPageRequest,
  SignalPlace,
  SignalQuery,
  TriageOutcome,
} from '../../../source/harvester/harvester.ts';

interface Decision {
  readonly id: number;
  readonly at: number;
  readonly action: string;
  readonly before: ReadonlyMap<number, SignalStatus>;
  undoneAt: number | null;
}

/** Signals in an array with the semantics that the interface promises: paging both ways, a journal, undo. */
export class MemorySignals {
  readonly #signals = new Map<number, SignalDetail>();
  readonly #journal: Decision[] = [];
  readonly #now: () => number;
  /** Questions asked so far, for tests that count them. */
  readonly asked = { page: 0, get: 0 };

  constructor(now: () => number) {
    this.#now = now;
  }

  add(signal: SignalDetail): void {
    this.#signals.set(signal.id, signal);
  }

  patch(id: number, change: Partial<SignalDetail>): void {
    const signal = this.#signals.get(id);
    if (signal) this.#signals.set(id, { ...signal, ...change });
  }

  get size(): number {
    return this.#signals.size;
  }

  readonly signals: Harvester['signals'] = {
    page: async (request) => {
      this.asked.page += 1;
      return this.#page(request);
    },
    count: async (query) => {
      const count = this.#matching(query).length;
      return { count: Math.min(count, 10_000), capped: count > 10_000 };
    },
    complete: async (_text, cursor) => ({ from: cursor, to: cursor, candidates: [] }),
    around: async (id, query, limit) => {
      const signal = this.#signals.get(id);
      if (signal === undefined) return null;
      const place = placeOf(signal);
      const half = Math.max(1, Math.floor(limit / 2));
      const before = this.#page({ ...query, limit: half, before: place });
      const after = this.#page({ ...query, limit: half, after: place });
      const isThere = this.#matching(query).some((each) => each.id === id);
      return {
        ...after,
        rows: [...before.rows, ...(isThere ? [rowOf(signal)] : []), ...after.rows],
        first: before.first ?? (isThere ? place : after.first),
        last: after.last ?? (isThere ? place : before.last),
        hasBefore: before.hasMore,
        index: isThere ? before.rows.length : null,
      };
    },
    newSince: async (mark, query) => {
      const newest = Math.max(0, ...this.#signals.keys());
      const count = mark === null ? 0 : this.#matching(query).filter(({ id }) => id > mark).length;
      return { count, capped: false, mark: mark ?? newest };
    },
    get: async (id) => {
      this.asked.get += 1;
      const signal = this.#signals.get(id);
      if (signal === undefined) return null;
      const journal = this.#journal
        .filter((decision) => decision.before.has(id))
        .map(({ id, at, action, undoneAt, before }) => ({ id, at, action, undoneAt, signals: before.size }));
      return { ...signal, journal };
    },
  };

  readonly triage: Harvester['triage'] = {
    setStatus: async (ids, status) => {
      const changed = ids.filter((id) => {
        const signal = this.#signals.get(id);
        return signal !== undefined && signal.status !== status;
      });
      const left = ids.filter((id) => !changed.includes(id));
      if (changed.length === 0) return { journalId: null, action: status, changed, left };
      const before = new Map(changed.map((id) => [id, this.#signals.get(id)?.status ?? 'inbox']));
      const decision = {
        id: this.#journal.length + 1,
        at: this.#now(),
        action: status,
        before,
        undoneAt: null,
      };
      this.#journal.push(decision);
      for (const id of changed) this.patch(id, { status });
      return { journalId: decision.id, action: status, changed, left };
    },
    undo: async (): Promise<TriageOutcome | null> => {
      const decision = this.#journal.findLast(({ undoneAt }) => undoneAt === null);
      if (decision === undefined) return null;
      decision.undoneAt = this.#now();
      const changed: number[] = [];
      const left: number[] = [];
      for (const [id, status] of decision.before) {
        if (this.#signals.get(id)?.status !== decision.action) left.push(id);
        else {
          this.patch(id, { status });
          changed.push(id);
        }
      }
      return { journalId: decision.id, action: decision.action, changed, left };
    },
  };

  #matching(query: SignalQuery): SignalDetail[] {
    return [...this.#signals.values()]
      .filter((signal) => query.statuses === undefined || query.statuses.includes(signal.status))
      .toSorted((a, b) => compare(placeOf(a), placeOf(b)));
  }

  #page({ limit, after, before, from, ...query }: SignalPageRequest): SignalPage {
    const all = this.#matching(query);
    const fit = all.filter(
      (signal) =>
        (after === undefined || compare(placeOf(signal), after) > 0) &&
        (before === undefined || compare(placeOf(signal), before) < 0),
    );
    const rows = before === undefined && from === undefined ? fit.slice(0, limit) : fit.slice(-limit);
    const [first] = rows;
    const last = rows.at(-1);
    return {
      rows: rows.map(rowOf),
      first: first ? placeOf(first) : null,
      last: last ? placeOf(last) : null,
      hasMore: fit.length > rows.length,
      searching: false,
      capped: false,
    };
  }
}

function placeOf(row: SignalRow): SignalPlace {
  return { key: row.rank ?? Number.MIN_SAFE_INTEGER, id: row.id };
}

/** List order: the highest key first, then the highest id. */
function compare(a: SignalPlace, b: SignalPlace): number {
  return b.key - a.key || b.id - a.id;
}

function rowOf(signal: SignalDetail): SignalRow {
  const { lang, engagement, parentUrl, parentText, analysis, factors, explanation, posts, journal, ...row } =
    signal;
  return row;
}
