import type { Actor } from '../domain/access.ts';
import type { ErrorGroup, ErrorOccurrence, ErrorState } from '../domain/error-group.ts';

export interface ErrorQuery {
  readonly states?: readonly ErrorState[];
  readonly limit: number;
  /** Those that come after this group in the order of the list. */
  readonly before?: { readonly lastSeenAt: number; readonly id: number };
}

/** Unresolved and resolved groups by type, for figures. */
export interface ErrorCount {
  readonly state: ErrorState;
  readonly type: string;
  readonly groups: number;
  /** How often they came, together. */
  readonly occurrences: number;
}

/** Groups of errors. Bounded: resolved groups that were not seen for longest go first, then the others. */
export interface ErrorStore {
  /** Adds what one file of the spool holds, in one transaction; a batch that was added before changes nothing. */
  addErrors(batch: string, occurrences: readonly ErrorOccurrence[], at: number): Promise<void>;
  /** Last seen first. */
  errorGroups(query: ErrorQuery): Promise<readonly ErrorGroup[]>;
  errorGroup(id: number): Promise<ErrorGroup | null>;
  /** Resolves or reopens, with its audit entry; null when there is no such group. What is so already is left. */
  setErrorState(id: number, state: 'open' | 'resolved', by: Actor, at: number): Promise<ErrorGroup | null>;
  countErrors(): Promise<readonly ErrorCount[]>;
  /** New or regressed since they were last sent, oldest first. */
  unreportedErrors(limit: number): Promise<readonly ErrorGroup[]>;
  markErrorReported(id: number, at: number): Promise<void>;
}

/** Errors that were caught and wait for the store. */
export interface ErrorSpool {
  /** What waits now, in batches; call `done` once a batch is in the store. Cheap when nothing waits; never throws. */
  waiting(): readonly {
    readonly batch: string;
    readonly occurrences: readonly ErrorOccurrence[];
    done(): void;
  }[];
}

/** Where groups are sent, when a person has agreed. */
export interface ErrorReporter {
  /** Rejects when the group did not arrive. */
  report(group: ErrorGroup, signal: AbortSignal): Promise<void>;
}
