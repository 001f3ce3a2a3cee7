import type { Delivery, DeliveryAttempt, DeliveryKind, DeliveryState } from '../domain/delivery.ts';
import type { Told } from '../domain/rules.ts';
import type { Episode } from '../domain/spike.ts';

export interface NewDelivery {
  readonly kind: DeliveryKind;
  readonly signalId: number | null;
  readonly notifier: string;
  readonly rule: string;
  readonly reason: string;
  /** The delivery whose thread it joins. */
  readonly rootId: number | null;
  readonly nextAttemptAt: number;
  /** What it says, where that is not made from the signal when it is sent: a digest, a spike. */
  readonly content: unknown;
  /** What a digest covers. */
  readonly covers: readonly number[];
}

/** A delivery that this process, and no other, is to send now. */
export interface ClaimedDelivery extends Delivery {
  /** Reference of the message whose thread it joins; null when there is none. */
  readonly thread: string | null;
  readonly rootId: number | null;
  /** When a rule or a person last asked for it. */
  readonly queuedAt: number;
  readonly content: unknown;
  /** An earlier try may have arrived. */
  readonly uncertain: boolean;
  /** Which try this is, those that do not count included. */
  readonly tryNumber: number;
  /** What the root of its thread, or it itself, told last. */
  readonly told: Told | null;
}

/** A signal that was told, with what has become of it. */
export interface ToldSignal {
  /** The delivery that told it first. */
  readonly rootId: number;
  /** The signal as it is called now: another one when it was merged. */
  readonly signalId: number;
  readonly notifier: string;
  readonly rule: string;
  readonly told: Told;
  readonly toldStatus: string;
  /** When it was last spoken of. Milliseconds, UTC. */
  readonly toldAt: number;
  readonly now: Told;
  readonly status: string;
  readonly decidedAt: number | null;
}

/** A signal that the program itself has put back into the inbox. */
export interface WokenSignal {
  readonly signalId: number;
  /** The entry of the journal that says so. */
  readonly journalId: number;
  readonly regressed: boolean;
  readonly at: number;
}

export interface DeliveryQuery {
  readonly states?: readonly DeliveryState[];
  readonly signalId?: number;
  readonly limit: number;
  /** Strictly older than this one. */
  readonly before?: number;
}

export interface LedgerEntry extends Delivery {
  /** Oldest first. */
  readonly tries: readonly DeliveryAttempt[];
}

export type Settlement =
  | {
      readonly state: 'sent';
      readonly reference: string | null;
      readonly told: Told | null;
      readonly status: string | null;
    }
  | {
      readonly state: 'failed' | 'dead';
      readonly nextAttemptAt: number;
      readonly uncertain: boolean;
      /** Whether the try counts. */
      readonly counts: boolean;
      /** Until when everything else for this notifier waits too; null when it need not. */
      readonly restUntil: number | null;
    }
  | { readonly state: 'cancelled' };

/**
 * The ledger of what was told. A delivery is written before it is sent, and
 * every method is one transaction. Times are milliseconds, UTC.
 */
export interface DeliveryStore {
  /** Writes down what is to be sent; what is there already is left, unless it was cancelled. Returns how many are new. */
  planDeliveries(deliveries: readonly NewDelivery[], at: number): Promise<number>;
  /** Of `ids`, those that were told to the notifier or are about to be. `reached` leaves out what did not arrive. */
  toldAmong(notifier: string, ids: readonly number[], reached: boolean): Promise<ReadonlySet<number>>;
  /** Of `reasons`, those for which the notifier has or is about to get a message that is about no signal. */
  toldReasons(notifier: string, reasons: readonly string[]): Promise<ReadonlySet<string>>;
  /** The message that told each of `ids` to the notifier first, and when it was last spoken of; `toldAt` null before it is sent. */
  rootsOf(
    notifier: string,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, { readonly rootId: number; readonly toldAt: number | null }>>;
  /** Signals of a rule that were sent since, or still are to be. */
  ruleLoad(rule: string, since: number): Promise<number>;
  /** Told signals that have grown or were escalated since, and of which nothing more is about to be told. */
  changedSignals(toldSince: number): Promise<readonly ToldSignal[]>;
  wokenSignals(since: number): Promise<readonly WokenSignal[]>;
  /** What of a rule is put off to later goes out now, for these signals. */
  hurryDeliveries(rule: string, ids: readonly number[], at: number): Promise<void>;
  /** What a kind of digest last was due for; null when it never was. */
  lastDigest(rule: string): Promise<number | null>;
  /** Notes that a digest was due, with its delivery unless there was nothing to say. */
  planDigest(rule: string, dueAt: number, delivery: NewDelivery | null, at: number): Promise<void>;
  /** Posts by value and whole hour since 1970, from an hour on; and those of the last sixty minutes before `now`. */
  postRates(
    by: 'category' | 'source' | 'tag',
    fromHour: number,
    now: number,
  ): Promise<{
    readonly byHour: ReadonlyMap<string, ReadonlyMap<number, number>>;
    readonly lastHour: ReadonlyMap<string, number>;
    /** The first hour of which anything is known; null when nothing is. */
    readonly firstHour: number | null;
  }>;
  openEpisodes(rule: string): Promise<readonly Episode[]>;
  /** Opens (`id` null) or changes an episode and writes down what is told of it. Returns its id. */
  saveEpisode(
    episode: Omit<Episode, 'id'> & { readonly id: number | null },
    delivery: {
      readonly phase: string;
      readonly content: unknown;
      readonly notifier: string;
      readonly nextAttemptAt: number;
    } | null,
    at: number,
  ): Promise<number>;
  /** The most salient of the signals that were written or echoed since, by what a spike is counted by. */
  signalsOf(
    by: 'category' | 'source' | 'tag',
    value: string,
    since: number,
    limit: number,
  ): Promise<readonly { readonly id: number; readonly title: string | null; readonly text: string }[]>;
  /**
   * Takes the next due delivery of a notifier for this process alone, until
   * `leaseMs` are over; null when nothing is due. One whose process died before
   * it could say what came of it is due again, as uncertain.
   */
  claimDelivery(notifier: string, at: number, leaseMs: number): Promise<ClaimedDelivery | null>;
  /** Says what came of a try. Changes nothing when another process has taken it over meanwhile. */
  settleDelivery(claimed: ClaimedDelivery, settlement: Settlement, answer: string, at: number): Promise<void>;
  /** Newest first. */
  deliveries(query: DeliveryQuery): Promise<readonly LedgerEntry[]>;
  /** By state, of one notifier or all. */
  countDeliveries(): Promise<Readonly<Record<DeliveryState, number>>>;
  /** Dead and failed ones (of `ids` only, when given) are due at once; returns how many. */
  retryDeliveries(ids: readonly number[] | null, at: number): Promise<number>;
}
