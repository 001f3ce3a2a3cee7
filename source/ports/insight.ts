import type { Sentiment } from '../domain/analysis.ts';
import type { Span } from '../domain/insight.ts';
import type { Condition } from '../domain/search-condition.ts';
import type { SignalCount, SignalFilter } from './desk-store.ts';

/** Which signals are summed up; merged ones never are. */
export interface SignalChoice {
  /** Only what meets it; it may not ask for the words of posts. */
  readonly facts?: Condition;
  /** Only these. */
  readonly ids?: readonly number[];
}

/** Signals of one unit of time that are alike. */
export interface SignalSum {
  /** Units since 1970, UTC. */
  readonly unit: number;
  readonly category: string | null;
  /** Null also where it was not asked for. */
  readonly sentiment: Sentiment | null;
  readonly count: number;
}

/** A signal with what its posts say. */
export interface SampledSignal {
  readonly id: number;
  readonly posts: readonly {
    readonly author: string | null;
    readonly title: string | null;
    readonly text: string;
  }[];
}

/** A signal whose decision, as it stands, was made in a span. */
export interface StandingDecision {
  readonly decidedAt: number;
  /** When a person decided on it for the first time. */
  readonly firstAt: number;
  /** When its first post came into the store. */
  readonly arrivedAt: number;
}

export interface InboxSums {
  /** Signals of the inbox written in each of the spans that were asked about. */
  readonly counts: readonly number[];
  readonly oldestAt: number | null;
}

/**
 * Sums over spans of time. Signals count when their lead post was written,
 * posts when they were. Every method is one short statement or a few: whoever
 * asks about much time asks in pieces, and stops when patience is over.
 */
export interface InsightStore {
  /** Signals of a span that meet a condition which asks for words; the newest `most`, or as many as were found in time. */
  matchingIn(
    search: Condition,
    span: Span,
    limits: { readonly most: number; readonly patienceMs: number },
  ): Promise<{ readonly ids: readonly number[]; readonly capped: boolean }>;
  /** As lists count, with more patience. */
  countPatiently(filter: SignalFilter, patienceMs: number): Promise<SignalCount>;
  signalSums(
    choice: SignalChoice,
    span: Span,
    by: { readonly unitMs: number; readonly sentiment: boolean },
  ): Promise<readonly SignalSum[]>;
  /** All posts of the span, whether grouped or not; with a choice, those of its signals. */
  postSums(
    choice: SignalChoice,
    span: Span,
    unitMs: number,
  ): Promise<readonly { readonly unit: number; readonly count: number }[]>;
  sourceSums(choice: SignalChoice, span: Span): Promise<ReadonlyMap<string, number>>;
  tagSums(choice: SignalChoice, span: Span): Promise<ReadonlyMap<string, number>>;
  /** One signal in `oneIn`, spread evenly, newest first; at most 20,000 posts. */
  sampleSignals(choice: SignalChoice, span: Span, oneIn: number): Promise<readonly SampledSignal[]>;
  inboxSums(choice: SignalChoice, spans: readonly Span[]): Promise<InboxSums>;
  /** Newest first; at most `most`. */
  standingDecisions(choice: SignalChoice, span: Span, most: number): Promise<readonly StandingDecision[]>;
  /** What reads and models have cost, by day since 1970 (UTC), in US dollars. */
  spendByDay(firstDay: number, lastDay: number): Promise<ReadonlyMap<number, number>>;
  /** When the first signal was written that is stored; null when there is none. */
  firstSignalAt(): Promise<number | null>;
}
