import type { Message } from '../domain/message.ts';
import type { ClaimedDelivery, Settlement } from '../ports/deliveries.ts';
import type { Notifier, Outgoing, SendFailure, SendOutcome } from '../ports/notifier.ts';
import { composeMessage } from './notify-message.ts';
import type { NotifyParts } from './notify-parts.ts';

export interface DeliverWatch {
  /** Ends between two messages; one that is under way gets its answer. */
  readonly signal: AbortSignal;
  /** In words, without the text of posts. */
  readonly onWarning: (warning: string) => void;
  /** After every delivery that reached an end for now. */
  readonly onSettled: (sent: boolean) => void;
}

/** How many were sent, and how many tries failed. */
interface Delivered {
  readonly sent: number;
  readonly failures: number;
}

const minuteMs = 60_000;
const longestBackoffMs = 60 * minuteMs;
/** A shorter pause that a service asks for is waited for; a longer one is left to the next run. */
const patienceMs = 30_000;
/** How long a service rests that did not say for how long. */
const restMs = 5 * minuteMs;

/** Sends what is due, the notifiers side by side and each in order. */
export async function deliverDue(parts: NotifyParts, watch: DeliverWatch): Promise<Delivered> {
  const all = await Promise.all(parts.notifiers.map((notifier) => deliverTo(parts, notifier, watch)));
  return {
    sent: all.reduce((sum, each) => sum + each.sent, 0),
    failures: all.reduce((sum, each) => sum + each.failures, 0),
  };
}

async function deliverTo(parts: NotifyParts, notifier: Notifier, watch: DeliverWatch): Promise<Delivered> {
  const { store, clock } = parts;
  // Long enough to look for it, send it and change another one.
  const leaseMs = 4 * notifier.timeoutMs + minuteMs;
  let sent = 0;
  let failures = 0;
  let pause = 0;
  while (!watch.signal.aborted) {
    const delivery = await store.claimDelivery(notifier.name, clock.now(), leaseMs);
    if (delivery === null) break;
    const composed = await composeMessage(parts, delivery);
    if ('cancelled' in composed) {
      await store.settleDelivery(delivery, { state: 'cancelled' }, composed.cancelled, clock.now());
      watch.onSettled(false);
      continue;
    }
    if (pause > 0) await clock.sleep(pause);
    pause = notifier.pauseMs;
    const outgoing = outgoingOf(delivery, composed.message);
    const { outcome, answer } = await sendOnce(notifier, delivery, outgoing);
    const now = clock.now();
    if ('receipt' in outcome) {
      const { told, status } = composed;
      const { reference } = outcome.receipt;
      await store.settleDelivery(delivery, { state: 'sent', reference, told, status }, answer, now);
      sent += 1;
      watch.onSettled(true);
      if (delivery.kind === 'escalated') await markEscalated(notifier, delivery, composed.message, watch);
      continue;
    }
    const { failure } = outcome;
    failures += 1;
    const settlement = afterFailure(delivery, failure, parts.settings, now);
    await store.settleDelivery(delivery, settlement, answer, now);
    watch.onSettled(false);
    if (settlement.state === 'dead' || failure.fix !== null)
      watch.onWarning(describeFailure(notifier, failure, settlement));
    if (failure.policy !== 'later') continue;
    const waitMs = failure.until === null ? Number.POSITIVE_INFINITY : failure.until - now;
    if (waitMs > patienceMs) break;
    await clock.sleep(Math.max(0, waitMs));
  }
  return { sent, failures };
}

function outgoingOf({ key, kind, thread, createdAt }: ClaimedDelivery, message: Message): Outgoing {
  const broadcast = kind === 'escalated' || kind === 'woke' || kind === 'regressed';
  return { key, message, thread, broadcast: broadcast && thread !== null, createdAt };
}

/** One request, unless an earlier one of which no answer was kept has arrived after all, or that cannot be found out now. */
async function sendOnce(notifier: Notifier, delivery: ClaimedDelivery, outgoing: Outgoing) {
  if (delivery.uncertain && notifier.find !== undefined) {
    const found = await notifier.find(outgoing);
    if (typeof found !== 'string')
      return { outcome: found, answer: answerOf(found, 'found: an earlier try had arrived') };
  }
  const outcome = await notifier.send(outgoing);
  return { outcome, answer: answerOf(outcome, 'sent') };
}

function answerOf(outcome: SendOutcome, success: string): string {
  return 'receipt' in outcome ? success : `${outcome.failure.code}: ${outcome.failure.message}`;
}

/** The message that told of the signal says so too, where it can be changed. Its reply has said it already. */
async function markEscalated(
  notifier: Notifier,
  { thread }: ClaimedDelivery,
  message: Message,
  watch: DeliverWatch,
): Promise<void> {
  if (notifier.edit === undefined || thread === null || message.type !== 'update') return;
  const edited = await notifier.edit(thread, {
    type: 'signal',
    rule: message.rule,
    occasion: 'new',
    template: 'full',
    signal: message.signal,
  });
  if ('failure' in edited)
    watch.onWarning(`${notifier.name}: could not mark the message as escalated: ${edited.failure.message}`);
}

/** When a delivery is tried again, and when it is given up. */
function afterFailure(
  { attempts, queuedAt, uncertain }: ClaimedDelivery,
  { policy, until, arrived }: SendFailure,
  { maxAttempts, giveUpHours }: NotifyParts['settings'],
  now: number,
): Extract<Settlement, { state: 'failed' | 'dead' }> {
  // A try that certainly did not arrive says nothing of the one before it.
  const open = { uncertain: uncertain || arrived === 'unknown' };
  switch (policy) {
    case 'never':
      return { ...open, state: 'dead', nextAttemptAt: now, counts: true, restUntil: null };
    case 'again': {
      const tries = attempts + 1;
      const waitMs = Math.min(longestBackoffMs, minuteMs * 3 ** (tries - 1));
      const state = tries >= maxAttempts ? 'dead' : 'failed';
      return { ...open, state, nextAttemptAt: now + waitMs, counts: true, restUntil: null };
    }
    case 'later': {
      const restUntil = until ?? now + restMs;
      const state = now - queuedAt > giveUpHours * 3_600_000 ? 'dead' : 'failed';
      return { ...open, state, nextAttemptAt: restUntil, counts: false, restUntil };
    }
  }
}

function describeFailure(
  { name }: Notifier,
  { message, fix }: SendFailure,
  { state }: Extract<Settlement, { state: 'failed' | 'dead' }>,
): string {
  const end = state === 'dead' ? ' (given up: see "signal-harvester notify --list --state dead")' : '';
  return `${name}: ${message}${end}${fix === null ? '' : ` ${fix}`}`;
}
