/**
 * pending: not tried yet · sending: being tried now · failed: will be tried
 * again · sent · dead: given up, a person may retry it · cancelled: not worth
 * sending any more.
 */
export const deliveryStates = ['pending', 'sending', 'failed', 'sent', 'dead', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * new, woke and regressed tell of a signal; update and escalated of what became
 * of one that was told; event of what is no signal ("on: feedback", "on: error").
 */
export const deliveryKinds = [
  'new',
  'woke',
  'regressed',
  'update',
  'escalated',
  'digest',
  'spike',
  'event',
] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** One try of a delivery, and what came of it. */
export interface DeliveryAttempt {
  readonly at: number;
  /** Null while nothing is known: it is under way, or the program died. */
  readonly endedAt: number | null;
  /** "sent", "found: it had arrived before", or what went wrong. */
  readonly answer: string | null;
}

/** One message to one notifier, as the ledger has it. */
export interface Delivery {
  readonly id: number;
  /** Sent along wherever a service takes it, so that the same message is known again. */
  readonly key: string;
  readonly kind: DeliveryKind;
  /** Null for digests, spikes and events. */
  readonly signalId: number | null;
  readonly notifier: string;
  readonly rule: string;
  /** What makes it the only one of its kind: `new`, `echoes-24`, `digest-1763800000000`. */
  readonly reason: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Milliseconds, UTC. */
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly sentAt: number | null;
  /** What the service calls it. */
  readonly reference: string | null;
  readonly lastError: string | null;
}
