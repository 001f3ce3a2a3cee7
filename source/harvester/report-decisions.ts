import type { Span } from '../domain/insight.ts';
import type { DecisionReport, PersonReport } from '../domain/report.ts';
import type { SignalFilter, SignalPlace, SignalWindowRows } from '../ports/desk-store.ts';
import type { FirstDecision, MadeDecision, ReportStore } from '../ports/report.ts';
import type { Store } from '../ports/store.ts';

const mostChanges = 50_000;
const idsPerQuestion = 500;

/** What the change of a field is called; changes of status are called after the status. */
const outcomes: Readonly<Record<string, string>> = {
  assignee: 'assigned',
  tags: 'tagged',
  category: 'corrected',
  sentiment: 'corrected',
  urgency: 'corrected',
  note: 'noted',
  merge: 'merged',
  split: 'split',
};

export interface SummedDecisions extends Omit<DecisionReport, 'escalated'> {
  /** The newest change of each signal to `escalated`, newest first; whether it still is, the signal itself knows. */
  readonly escalations: readonly MadeDecision[];
}

/** What people decided in a span about the signals that `filter` lets through; all when it is null. */
export async function sumDecisions(
  store: ReportStore & Pick<Store, 'signalWindow'>,
  span: Span,
  filter: SignalFilter | null,
): Promise<SummedDecisions> {
  const read = await store.decisionsWithin(span, mostChanges);
  const ids = [...new Set(read.decisions.map(({ signalId }) => signalId))];
  const matching = filter === null ? null : await matchingOf(store, ids, filter);
  const made =
    matching === null ? read.decisions : read.decisions.filter(({ signalId }) => matching.has(signalId));
  const decided = [...new Set(made.flatMap(({ signalId, status }) => (status === null ? [] : [signalId])))];
  const firsts = new Map<number, FirstDecision>();
  for (let start = 0; start < decided.length; start += idsPerQuestion) {
    for (const first of await store.firstDecisions(decided.slice(start, start + idsPerQuestion))) {
      firsts.set(first.signalId, first);
    }
  }
  return {
    decisions: new Set(made.map(({ journalId }) => journalId)).size,
    signals: new Set(made.map(({ signalId }) => signalId)).size,
    outcomes: outcomesOf(made),
    people: peopleOf(made, firsts),
    escalations: escalationsOf(made),
    capped: read.capped,
  };
}

async function matchingOf(
  store: Pick<Store, 'signalWindow'>,
  ids: readonly number[],
  filter: SignalFilter,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (let start = 0; start < ids.length; start += idsPerQuestion) {
    const some = { condition: 'ids', ids: ids.slice(start, start + idsPerQuestion) } as const;
    const window = {
      ...filter,
      search: { condition: 'all', of: [some, ...(filter.search === undefined ? [] : [filter.search])] },
      sort: 'newest',
      direction: 'forward',
      limit: idsPerQuestion,
    } as const;
    // A search for words reads the posts of some, and says how far it came.
    let from: SignalPlace | null | undefined;
    do {
      const { rows, reached }: SignalWindowRows = await store.signalWindow({
        ...window,
        ...(from && { from }),
      });
      for (const { row } of rows) found.add(row.id);
      from = reached;
    } while (from !== null);
  }
  return found;
}

/** A signal counts once for each thing that was done to it. */
function outcomesOf(made: readonly MadeDecision[]): DecisionReport['outcomes'] {
  const signals = new Map<string, Set<number>>();
  for (const { field, status, signalId } of made) {
    const outcome = status === 'inbox' ? 'put back' : (status ?? outcomes[field] ?? field);
    signals.set(outcome, (signals.get(outcome) ?? new Set()).add(signalId));
  }
  return [...signals]
    .map(([outcome, { size }]) => ({ outcome, signals: size }))
    .toSorted((a, b) => b.signals - a.signals || (a.outcome < b.outcome ? -1 : 1));
}

function peopleOf(
  made: readonly MadeDecision[],
  firsts: ReadonlyMap<number, FirstDecision>,
): readonly PersonReport[] {
  const people = [...Map.groupBy(made, ({ actor }) => actor)].map(([actor, own]): PersonReport => {
    const times = own.flatMap(({ journalId, at, field, signalId }) => {
      const first = firsts.get(signalId);
      return field === 'status' && first?.journalId === journalId ? [Math.max(0, at - first.arrivedAt)] : [];
    });
    return {
      actor,
      decisions: new Set(own.map(({ journalId }) => journalId)).size,
      signals: new Set(own.map(({ signalId }) => signalId)).size,
      medianToDecisionMs: medianOf(times),
    };
  });
  return people.toSorted((a, b) => b.signals - a.signals || (a.actor < b.actor ? -1 : 1));
}

function escalationsOf(made: readonly MadeDecision[]): readonly MadeDecision[] {
  const newest = new Map<number, MadeDecision>();
  for (const decision of made) {
    if (decision.status !== null) newest.set(decision.signalId, decision);
  }
  return [...newest.values()]
    .filter(({ status }) => status === 'escalated')
    .toSorted((a, b) => b.at - a.at || b.signalId - a.signalId);
}

/** The middle, or between the two in the middle; null of nothing. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2);
}
