import type { SignalStatus } from '../../domain/signal.ts';
import type { SignalQuery } from '../../harvester/harvester.ts';

export const filters = ['inbox', 'escalated', 'dismissed', 'all'] as const;
export type Filter = (typeof filters)[number];

export function queryOf(filter: Filter): SignalQuery {
  return filter === 'all' ? { order: 'rank' } : { statuses: [filter], order: 'rank' };
}

export function nextFilter(filter: Filter): Filter {
  return filters[(filters.indexOf(filter) + 1) % filters.length] ?? 'inbox';
}

/** Whether a signal that a harvest has just opened belongs to the list. */
export function showsNew(filter: Filter): boolean {
  return filter === 'inbox' || filter === 'all';
}

/** Whether the status of a row says something that the filter does not say already. */
export function standsOut(status: SignalStatus, filter: Filter): boolean {
  return filter === 'all' ? status !== 'inbox' : status !== filter;
}
