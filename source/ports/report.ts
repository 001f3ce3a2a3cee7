import type { Span } from '../domain/insight.ts';
import type { SignalChoice } from './insight.ts';

/** What one decision of a person changed of one signal. */
export interface MadeDecision {
  readonly journalId: number;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly actor: string;
  readonly signalId: number;
  /** What changed: `status`, `assignee`, `tags`, `category`, `note`, `merge`, … */
  readonly field: string;
  /** What the status became; null when something else changed. */
  readonly status: string | null;
}

/** The first decision on the status of a signal that still stands. */
export interface FirstDecision {
  readonly signalId: number;
  readonly journalId: number;
  /** When the first post of the signal came into the store. Milliseconds, UTC. */
  readonly arrivedAt: number;
}

/** A signal by its weight: its salience at the moment of writing, before the cap, as a power of two. */
export interface WeighedSignal {
  readonly id: number;
  readonly category: string;
  readonly weightLog2: number;
}

/** What a report reads beside lists and sums. */
export interface ReportStore {
  /** Decisions of people, in order; those that were taken back are left out. At most `limit` changes. */
  decisionsWithin(
    span: Span,
    limit: number,
  ): Promise<{ readonly decisions: readonly MadeDecision[]; readonly capped: boolean }>;
  /** Of each category the `most` scored signals that weigh most. One statement: ask about much time in pieces. */
  weightiest(
    choice: SignalChoice,
    span: Span,
    by: { readonly halfLifeHours: number; readonly most: number },
  ): Promise<readonly WeighedSignal[]>;
  /** Of those of the signals that were ever decided on and have posts. */
  firstDecisions(signalIds: readonly number[]): Promise<readonly FirstDecision[]>;
}
