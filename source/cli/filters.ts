import type { SignalRow, SignalStatus } from '../domain/signal.ts';
import { signalStatuses } from '../domain/signal.ts';
import {
  type Harvester,
  type SignalOrder,
  type SignalPlace,
  type SignalQuery,
  signalOrders,
} from '../harvester/harvester.ts';
import type { Flags, FlagValues } from './command.ts';
import { timeOf } from './flag-value.ts';

/** The flags by which `list` and `export` choose signals. */
export const filterFlags = {
  status: { type: 'list', value: 'STATUS', choices: signalStatuses, summary: 'Only this status' },
  category: { type: 'list', value: 'NAME', commas: true, summary: 'Only this category of the taxonomy' },
  source: { type: 'list', value: 'NAME', summary: 'Only signals from this source' },
  since: {
    type: 'moment',
    value: 'WHEN',
    summary: 'Only what was written since: 90m, 24h, 7d ago, or a date (2026-11-20)',
  },
  minSalience: { type: 'number', value: 'N', min: 0, max: 100, summary: 'Only this salience or more' },
  order: { type: 'text', value: 'ORDER', choices: signalOrders, summary: 'Order, rank if not given' },
} as const satisfies Flags;

export function queryOf(flags: FlagValues<typeof filterFlags>, now: number): SignalQuery {
  return {
    ...(flags.status.length > 0 ? { statuses: flags.status as readonly SignalStatus[] } : {}),
    ...(flags.category.length > 0 ? { categories: flags.category } : {}),
    ...(flags.source.length > 0 ? { sources: flags.source } : {}),
    ...(flags.since === undefined ? {} : { since: timeOf('since', flags.since, now) }),
    ...(flags.minSalience === undefined ? {} : { minSalience: flags.minSalience }),
    order: (flags.order as SignalOrder | undefined) ?? 'rank',
  };
}

const pageSize = 500;

/** Pages of matching signals, in order, until `limit` rows; memory holds one page. */
export async function* readPages(
  harvester: Harvester,
  query: SignalQuery,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<readonly SignalRow[]> {
  let left = limit;
  let after: SignalPlace | null = null;
  while (left > 0 && !signal.aborted) {
    const page = await harvester.signals.page({
      ...query,
      limit: Math.min(pageSize, left),
      ...(after === null ? {} : { after }),
    });
    if (page.rows.length > 0) yield page.rows;
    left -= page.rows.length;
    after = page.last;
    if (!page.hasMore || after === null) return;
  }
}
