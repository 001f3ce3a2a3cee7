import type { SignalStatus } from '../../domain/signal.ts';
import { type SignalOrder, type SignalQuery, signalOrders } from '../../harvester/harvester.ts';

export const filters = ['inbox', 'escalated', 'snoozed', 'resolved', 'dismissed', 'all'] as const;
export type Filter = (typeof filters)[number];

/** Which signals the list shows, in which order. */
export interface Selection {
  readonly filter: Filter;
  readonly order: SignalOrder;
  /** In the language of searches; empty finds everything. */
  readonly search: string;
  /** The view that the search is, by its name. */
  readonly view: string | null;
}

/** A search that names a status looks through all of them. */
const namesStatus = /(?:^|[\s(!-])(?:status|is|id):/i;

export function queryOf({ filter, order, search }: Selection): SignalQuery {
  const found = search === '' ? { order } : { order, search };
  return filter === 'all' || namesStatus.test(search) ? found : { statuses: [filter], ...found };
}

export function nextFilter(filter: Filter): Filter {
  return filters[(filters.indexOf(filter) + 1) % filters.length] ?? 'inbox';
}

export function nextOrder(order: SignalOrder): SignalOrder {
  return signalOrders[(signalOrders.indexOf(order) + 1) % signalOrders.length] ?? 'rank';
}

const orderWords: Readonly<Record<SignalOrder, string>> = {
  rank: 'by score',
  newest: 'newest first',
  oldest: 'oldest first',
  echoes: 'most echoes first',
  urgent: 'most urgent first',
};

export function describeOrder(order: SignalOrder): string {
  return orderWords[order];
}

/** Whether the status of a row says something that the filter does not say already. */
export function standsOut(status: SignalStatus, filter: Filter): boolean {
  return filter === 'all' ? status !== 'inbox' : status !== filter;
}
