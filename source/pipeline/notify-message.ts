import type { Digest } from '../domain/digest.ts';
import { factsOf, type Message } from '../domain/message.ts';
import { describeGrowth, type Rule, type Told } from '../domain/rules.ts';
import type { ClaimedDelivery } from '../ports/deliveries.ts';
import { type NotifyParts, openStatuses } from './notify-parts.ts';

/** What a delivery says now, or why it is not worth sending any more. */
export type Composed =
  | { readonly message: Message; readonly told: Told | null; readonly status: string | null }
  | { readonly cancelled: string };

/**
 * Makes the message when it is sent, not when it was planned: hours may lie
 * between, and somebody may have decided meanwhile.
 */
export async function composeMessage(
  { detail, rules }: Pick<NotifyParts, 'detail' | 'rules'>,
  delivery: ClaimedDelivery,
): Promise<Composed> {
  const { kind, rule } = delivery;
  // The content is what this program wrote when it planned the delivery.
  if (kind === 'digest') {
    return {
      message: { type: 'digest', rule, digest: delivery.content as Digest },
      told: null,
      status: null,
    };
  }
  if (kind === 'spike' || kind === 'event')
    return { message: delivery.content as Message, told: null, status: null };
  const signal = delivery.signalId === null ? null : await detail(delivery.signalId);
  if (signal === null) return { cancelled: 'it was merged into another signal, or is gone' };
  if (!(openStatuses as readonly string[]).includes(signal.status)) {
    return { cancelled: `it was ${signal.status} before it was sent` };
  }
  const facts = factsOf(signal);
  const told = { echoes: facts.echoes, sources: facts.sources };
  const { status } = signal;
  if (kind === 'update') {
    const change = delivery.told === null ? null : describeGrowth(delivery.told, told, 1);
    if (change === null) return { cancelled: 'it had not grown any more' };
    return { message: { type: 'update', rule, signal: facts, change, escalated: false }, told, status };
  }
  if (kind === 'escalated') {
    if (status !== 'escalated') return { cancelled: 'it was not escalated any more' };
    return {
      message: { type: 'update', rule, signal: facts, change: 'escalated', escalated: true },
      told,
      status,
    };
  }
  const template =
    rules.find(({ name }): boolean => name === rule)?.template ?? ('full' satisfies Rule['template']);
  return { message: { type: 'signal', rule, occasion: kind, template, signal: facts }, told, status };
}
