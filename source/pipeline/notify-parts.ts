import type { EventKind } from '../domain/message.ts';
import type { NotifySettings, Rule } from '../domain/rules.ts';
import type { SignalDetail } from '../domain/signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryStore } from '../ports/deliveries.ts';
import type {
  DeskStore,
  SignalFilter,
  SignalPlace,
  SignalSort,
  StoredSignalRow,
} from '../ports/desk-store.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { EventToTell } from './notify-events.ts';

/** What the notify stage works with. */
export interface NotifyParts {
  readonly store: DeliveryStore & Pick<DeskStore, 'signalWindow' | 'countSignals'>;
  readonly clock: Clock;
  /** Enabled ones, in the order of the configuration: the first that matches tells. */
  readonly rules: readonly Rule[];
  readonly settings: NotifySettings;
  /** Those that can send here. Rules of others only write down what is to be sent. */
  readonly notifiers: readonly Notifier[];
  /**
   * The signals that a search means, of at least this salience now.
   *
   * @throws UserError `bad-search`: a source of that name is gone
   */
  matching(query: string, minSalience: number): Promise<SignalFilter>;
  /** Events that are no signals, since a time; newest first. */
  events(kind: EventKind, since: number): Promise<readonly EventToTell[]>;
  salienceNow(rank: number | null): number;
  detail(signalId: number): Promise<SignalDetail | null>;
}

/** Statuses in which a signal is spoken of. */
export const openStatuses = ['inbox', 'escalated'] as const;

/** The filter, less what nobody is told of. */
export function openOnly(filter: SignalFilter): SignalFilter {
  const { statuses } = filter;
  const open = statuses === undefined ? openStatuses : openStatuses.filter((each) => statuses.includes(each));
  return { ...filter, statuses: open };
}

const pageSize = 200;

/** Matching signals in order, in pages, until about `most` were looked at. */
export async function* signalPages(
  { store }: Pick<NotifyParts, 'store'>,
  filter: SignalFilter,
  sort: SignalSort,
  most: number,
): AsyncGenerator<readonly StoredSignalRow[]> {
  let from: SignalPlace | null = null;
  for (let looked = 0; looked < most; ) {
    const limit = Math.min(pageSize, most - looked);
    const window = { ...filter, sort, direction: 'forward', limit } as const;
    const page = await store.signalWindow(from === null ? window : { ...window, from });
    yield page.rows.map(({ row }) => row);
    looked += page.rows.length;
    // Rare matches take several looks; a page that is not full and was not cut short is the last.
    from = page.reached ?? (page.rows.length < limit ? null : (page.rows.at(-1)?.place ?? null));
    if (from === null) return;
  }
}

/** Of `ids`, those that match. */
export async function matchingAmong(
  parts: Pick<NotifyParts, 'store'>,
  { search, ...filter }: SignalFilter,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const among = { condition: 'ids', ids } as const;
  const both = { condition: 'all', of: search === undefined ? [among] : [among, search] } as const;
  const found = new Set<number>();
  for await (const page of signalPages(parts, { ...filter, search: both }, 'newest', ids.length + 1)) {
    for (const { id } of page) found.add(id);
  }
  return found;
}
