import { eventReason } from '../domain/delivery.ts';
import type { EventKind, Message } from '../domain/message.ts';
import { quietUntil } from '../domain/quiet-hours.ts';
import { newsSince, type Rule } from '../domain/rules.ts';
import type { NewDelivery } from '../ports/deliveries.ts';
import type { NotifyParts } from './notify-parts.ts';

/** Something that is no signal and that somebody wants to hear of. */
export interface EventToTell {
  /** The same as long as it is the same event: it is told once to each notifier of each rule. At most 80 characters. */
  readonly key: string;
  readonly kind: EventKind;
  /** One line. */
  readonly title: string;
  readonly text: string;
  /** Milliseconds, UTC. */
  readonly at: number;
}

/** More than anybody reads at once. */
const mostEvents = 100;

/** The one place where events that are no signals become deliveries; what was told before is left by the ledger. */
export async function draftEvents(
  { events, settings }: Pick<NotifyParts, 'events' | 'settings'>,
  rule: Rule,
  kind: EventKind,
  now: number,
): Promise<readonly NewDelivery[]> {
  const found = await events(kind, newsSince(rule, now));
  const quiet = quietUntil(now, rule.quietHours ?? settings.quietHours, settings.timeZone);
  return found.slice(0, mostEvents).map(({ key, title, text, at }) => ({
    kind: 'event',
    signalId: null,
    notifier: rule.notifier,
    rule: rule.name,
    reason: `${eventReason}${key}`,
    rootId: null,
    nextAttemptAt: quiet ?? now,
    content: { type: 'event', rule: rule.name, event: kind, title, text, at } satisfies Message,
    covers: [],
  }));
}
