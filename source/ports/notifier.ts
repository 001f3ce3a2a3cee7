import type { Message } from '../domain/message.ts';

/** A message on its way. */
export interface Outgoing {
  /** The same at every try of one delivery; goes along wherever the service takes it. */
  readonly key: string;
  readonly message: Message;
  /** Reference of the message whose thread it joins; null starts one. */
  readonly thread: string | null;
  /** Of a reply: show it to those who do not follow the thread too. */
  readonly broadcast: boolean;
  /** When the delivery was written down: it cannot have arrived before. Milliseconds, UTC. */
  readonly createdAt: number;
}

export interface Receipt {
  /** What the service calls the message, as far as it says; replies and edits name it. Null when it does not say. */
  readonly reference: string | null;
}

export interface SendFailure {
  /** Stable, kebab-case: `slack-channel-not-found`. */
  readonly code: string;
  readonly message: string;
  /** What a person can do; null when it passes by itself. */
  readonly fix: string | null;
  /**
   * again: a passing failure, worth another try, up to a number of tries.
   * later: nothing gets through now (a limit, a network, a token): all messages of this notifier wait, no try is counted.
   * never: this message will not be taken, however often it is sent.
   */
  readonly policy: 'again' | 'later' | 'never';
  /** Whether the service may have taken the message all the same. */
  readonly arrived: 'no' | 'unknown';
  /** Of `later`: when the service may be asked again; null when it did not say. Milliseconds, UTC. */
  readonly until: number | null;
}

export type SendOutcome = { readonly receipt: Receipt } | { readonly failure: SendFailure };

/**
 * What a look for an earlier message found; `cannot-tell` where nothing but a
 * person could make it possible, a failure where it will be by itself.
 */
export type FindOutcome = SendOutcome | 'not-there' | 'cannot-tell';

/** What `doctor` is told of a notifier. */
export interface NotifierCheck {
  readonly state: 'ok' | 'warning' | 'failed';
  readonly finding: string;
  readonly fix: string | null;
}

/**
 * A place that messages go to.
 *
 * - `send` makes one request for one message and never tries again by itself:
 *   the caller keeps the books. It never throws for what a service, a network
 *   or a configuration does: that is a `failure` with a policy. What is thrown
 *   is a bug.
 * - It ends within its own time limit, whatever the service does, and then says
 *   whether the message may have arrived.
 * - Everything in a message is hostile text: it arrives as text, and never as a
 *   mention, a link or a control sequence.
 */
export interface Notifier {
  readonly name: string;
  readonly kind: string;
  /** Whether a reply is shown with the message that it answers. */
  readonly threads: boolean;
  /** Longest that one request lasts. */
  readonly timeoutMs: number;
  /** Pause that the service wants between two messages. */
  readonly pauseMs: number;
  send(outgoing: Outgoing): Promise<SendOutcome>;
  /** Whether a message with this key has arrived before; absent where the service cannot tell. */
  find?(outgoing: Outgoing): Promise<FindOutcome>;
  /** Replaces what a message says; absent where that cannot be. A failure is not worth a retry. */
  edit?(reference: string, message: Message): Promise<SendOutcome>;
  /** Whether credentials and address are good; sends nothing. */
  check(): Promise<NotifierCheck>;
}
