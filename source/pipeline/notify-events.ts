import { cleanLine, cleanText } from '../domain/clean.ts';
import type { Message } from '../domain/message.ts';
import { quietUntil } from '../domain/quiet-hours.ts';
import { type EventKind, type NotifySettings, newsSince, type Rule } from '../domain/rules.ts';
import type { DeliveryStore, NewDelivery } from '../ports/deliveries.ts';

/** Something to tell that is no signal. */
export interface EventToTell {
  /** What makes it the only one, for ever: a notifier is told of it once. At most 100 characters. */
  readonly key: string;
  readonly kind: EventKind;
  /** One line. */
  readonly title: string;
  /** May be empty. */
  readonly text: string;
  /** When it happened. Milliseconds, UTC. */
  readonly at: number;
}

/** What has happened since a time, oldest first. */
export type EventSource = (kind: EventKind, since: number) => Promise<readonly EventToTell[]>;

interface EventParts {
  readonly store: Pick<DeliveryStore, 'toldReasons' | 'ruleLoad'>;
  readonly settings: Pick<NotifySettings, 'quietHours' | 'timeZone'>;
  readonly events: EventSource;
}

const hourMs = 3_600_000;

/**
 * What a rule with `on:` tells: each event once to each notifier, within the
 * limits and the quiet hours of the rule. They are deliveries like all others,
 * with the key of the event as their reason.
 */
export async function draftEvents(
  parts: EventParts,
  rule: Rule,
  now: number,
  taken: Set<string>,
): Promise<{
  readonly deliveries: readonly NewDelivery[];
  readonly heldBack: number;
  readonly urgent: readonly number[];
}> {
  const events = await eventsOf(parts, rule, newsSince(rule, now));
  const told = await parts.store.toldReasons(
    rule.notifier,
    events.map(({ key }) => key),
  );
  const fresh = events.filter(({ key }) => !told.has(key) && !taken.has(`${rule.notifier}/${key}`));
  const capacity = Math.min(
    rule.perRun,
    Math.max(0, rule.perHour - (await parts.store.ruleLoad(rule.name, now - hourMs))),
  );
  const { quietHours, timeZone } = parts.settings;
  const nextAttemptAt = quietUntil(now, rule.quietHours ?? quietHours, timeZone) ?? now;
  const deliveries = fresh.slice(0, capacity).map(
    (event): NewDelivery => ({
      kind: 'event',
      signalId: null,
      notifier: rule.notifier,
      rule: rule.name,
      reason: event.key,
      rootId: null,
      nextAttemptAt,
      content: event,
      covers: [],
    }),
  );
  for (const { reason } of deliveries) taken.add(`${rule.notifier}/${reason}`);
  return { deliveries, heldBack: fresh.length - deliveries.length, urgent: [] };
}

/** What a rule would tell of, told before or not. */
export async function eventsOf(
  { events }: Pick<EventParts, 'events'>,
  { on }: Rule,
  since: number,
): Promise<readonly EventToTell[]> {
  return on === 'signal' ? [] : events(on, since);
}

/** The words of an event are whatever somebody typed: held to what may leave. */
export function eventMessage(rule: string, { kind, title, text, at }: EventToTell): Message {
  return { type: 'event', rule, event: kind, title: cleanLine(title), text: cleanText(text), at };
}
