import type { UsageCount } from '../domain/usage.ts';
import type { UsagePayload } from '../domain/usage-payload.ts';

export interface UsageConsent {
  readonly given: boolean;
  /** Milliseconds, UTC. */
  readonly at: number;
  /** Of the text that was agreed to, or refused. */
  readonly version: number;
}

export interface UsageState {
  readonly installId: string;
  /** Null before anybody has answered. */
  readonly consent: UsageConsent | null;
  /** The last day that was sent; null before any was. */
  readonly sentThrough: number | null;
  /** When sending was last tried. */
  readonly attemptedAt: number | null;
}

/** Counts of what is used. Every method is one transaction. */
export interface UsageStore {
  /** Adds to what is there, and forgets days before `keepFrom`. Names beyond `mostNames` of a day are counted as "other". */
  addUsage(counts: readonly UsageCount[], keepFrom: number, mostNames: number): Promise<void>;
  /** Of days from `since` on, oldest day first. */
  usage(since: number): Promise<readonly UsageCount[]>;
  /** Makes the state, with this id, where there is none yet. */
  usageState(freshId: string): Promise<UsageState>;
  saveUsageState(change: Partial<Omit<UsageState, 'installId'>>): Promise<void>;
  /** Takes a try of sending for this process alone; false when another took one after `notAfter`. */
  claimUsageSend(at: number, notAfter: number): Promise<boolean>;
  /** Forgets all counts and takes another id; returns how many rows there were. */
  forgetUsage(freshId: string): Promise<number>;
}

/** Takes what is sent. One request, never again by itself, never to where a redirect points. */
export interface UsageCollector {
  /** Its host, for a person. */
  readonly where: string;
  /** Resolves with null, or with why it was not taken, in words. */
  send(payload: UsagePayload): Promise<string | null>;
}
