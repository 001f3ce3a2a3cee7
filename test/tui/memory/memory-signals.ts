import type { SignalDetail, SignalRow } from '../../../source/domain/signal.ts';
import { describeChange, type SnoozeRequest, type TriageChange } from '../../../source/domain/triage.ts';
import { UserError } from '../../../source/errors.ts';
import type {
  Harvester,
  SignalPage,
  SignalPageRequest,
  SignalPlace,
  SignalQuery,
} from '../../../source/harvester/harvester.ts';
import type { TriageOutcome } from '../../../source/harvester/triage.ts';

interface Decision {
  readonly id: number;
  readonly at: number;
  readonly action: string;
  readonly changes: readonly {
    readonly id: number;
    readonly before: SignalDetail;
    readonly after: SignalDetail;
  }[];
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

  get all(): readonly SignalDetail[] {
    return [...this.#signals.values()];
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
    complete: async (text, cursor) => {
      const from = text.lastIndexOf(' ', cursor - 1) + 1;
      const typed = text.slice(from, cursor);
      const candidates = ['category:', 'churn', 'checkout', 'status:'].filter((word) =>
        word.startsWith(typed),
      );
      return {
        from,
        to: cursor,
        candidates: candidates.map((word) => ({ text: word, hint: `means ${word}` })),
      };
    },
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
    version: async () => '1',
    ids: async (query, limit) =>
      this.#matching(query)
        .slice(0, limit)
        .map(({ id }) => id),
    get: async (id) => {
      this.asked.get += 1;
      const signal = this.#signals.get(id);
      if (signal === undefined) return null;
      const journal = this.#journal
        .filter(({ changes }) => changes.some((change) => change.id === id))
        .map(({ id, at, action, undoneAt, changes }) => ({
          id,
          at,
          action,
          actor: 'analyst',
          undoneAt,
          signals: changes.length,
        }));
      return { ...signal, journal };
    },
  };

  readonly triage: Harvester['triage'] = {
    apply: async (change, target) => {
      const ids = 'ids' in target ? target.ids : this.#matching(target.query).map(({ id }) => id);
      const at = this.#now();
      const signals = ids.flatMap((id) => this.#signals.get(id) ?? []);
      const changes = signals.flatMap((signal) => {
        const patch = patchOf(change, signal, at);
        return patch === null ? [] : [{ id: signal.id, before: signal, after: { ...signal, ...patch } }];
      });
      const changed = changes.map(({ id }) => id);
      const left = ids.filter((id) => !changed.includes(id));
      const action = describeChange(change);
      if (changed.length === 0) return { journalId: null, action, changed, left };
      const decision: Decision = { id: this.#journal.length + 1, at, action, changes, undoneAt: null };
      this.#journal.push(decision);
      for (const { id, after } of changes) this.#signals.set(id, after);
      return { journalId: decision.id, action, changed, left };
    },
    undo: async () => {
      const decision = this.#journal.findLast(({ undoneAt }) => undoneAt === null);
      if (decision === undefined) return null;
      decision.undoneAt = this.#now();
      return this.#exchange(decision, 'after', 'before');
    },
    redo: async () => {
      const standing = this.#journal.findLastIndex(({ undoneAt }) => undoneAt === null);
      const decision = this.#journal[standing + 1];
      if (decision === undefined) return null;
      decision.undoneAt = null;
      return this.#exchange(decision, 'before', 'after');
    },
  };

  #exchange(decision: Decision, from: 'before' | 'after', to: 'before' | 'after'): TriageOutcome {
    const changed: number[] = [];
    const left: number[] = [];
    for (const change of decision.changes) {
      if (this.#signals.get(change.id)?.status === change[from].status) {
        this.#signals.set(change.id, change[to]);
        changed.push(change.id);
      } else left.push(change.id);
    }
    return { journalId: decision.id, action: decision.action, changed, left };
  }

  #matching(query: SignalQuery): SignalDetail[] {
    return [...this.#signals.values()]
      .filter((signal) => query.statuses === undefined || query.statuses.includes(signal.status))
      .filter((signal) => finds(query.search ?? '', signal))
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

/** Words of a text, a category or a status: a little of the language of searches. */
function finds(search: string, signal: SignalDetail): boolean {
  return search
    .split(' ')
    .filter((word) => word !== '')
    .every((word) => {
      const [, field, value = ''] = /^(\w+):(.*)$/.exec(word) ?? [];
      if (field === 'category') return signal.category === value;
      if (field === 'status') return signal.status === value;
      if (field !== undefined) {
        const start = search.indexOf(word);
        throw new UserError('bad-search', 'The search cannot be read', {
          fix: '',
          details: {
            message: `unknown field ${field}`,
            fix: 'did you mean category?',
            start,
            end: start + field.length,
          },
        });
      }
      return `${signal.title} ${signal.text}`.toLowerCase().includes(word.toLowerCase());
    });
}

/** What a decision makes of one signal; null when it is so already. Merging and splitting need a store. */
function patchOf(change: TriageChange, signal: SignalDetail, at: number): Partial<SignalDetail> | null {
  switch (change.action) {
    case 'status':
      return signal.status === change.status ? null : { status: change.status, snooze: null };
    case 'snooze':
      return { status: 'snoozed', snooze: snoozeOf(change.snooze, signal) };
    case 'assign':
      return signal.assignee === change.assignee ? null : { assignee: change.assignee };
    case 'tag': {
      const kept = signal.tags.filter((tag) => !change.remove.includes(tag));
      return { tags: [...new Set([...kept, ...change.add])] };
    }
    case 'correct': {
      const { action: _, ...values } = change;
      return { ...values, corrected: Object.keys(values) as SignalDetail['corrected'] };
    }
    case 'note': {
      const note = { id: signal.notes.length + 1, at, author: 'analyst', text: change.text };
      return { notes: [note, ...signal.notes] };
    }
    case 'merge':
    case 'split':
      return null;
  }
}

function snoozeOf(request: SnoozeRequest, { source, echoes }: SignalDetail): SignalDetail['snooze'] {
  switch (request.until) {
    case 'time':
      return request;
    case 'echoes':
      return { until: 'echoes', echoes: echoes + request.more };
    case 'source':
      return { until: 'source', known: [source] };
    case 'spike':
      return { until: 'spike', perHour: 0 };
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
  const {
    lang,
    engagement,
    parentUrl,
    parentText,
    analysis,
    factors,
    explanation,
    posts,
    journal,
    notes,
    corrected,
    ...row
  } = signal;
  return row;
}
