import { quietUntil } from '../domain/quiet-hours.ts';
import { describeGrowth, newsSince, type Rule } from '../domain/rules.ts';
import { UserError } from '../errors.ts';
import type { NewDelivery } from '../ports/deliveries.ts';
import type { SignalFilter } from '../ports/desk-store.ts';
import { draftDigest, type PlannedDigest } from './notify-digest.ts';
import { draftEvents } from './notify-events.ts';
import { matchingAmong, type NotifyParts, openOnly, signalPages } from './notify-parts.ts';
import { draftSpikes, type PlannedEpisode } from './notify-spikes.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Signals that are looked at for one rule in one run; a rule that matches more is no rule. */
const mostLookedAt = 2_000;
const wokenDays = 7;

/** What is to be told now, decided and not yet written down. */
export interface NotifyPlan {
  readonly deliveries: readonly NewDelivery[];
  readonly digests: readonly PlannedDigest[];
  readonly episodes: readonly PlannedEpisode[];
  /** Put off for quiet hours, and urgent since. */
  readonly hurried: readonly { readonly rule: string; readonly ids: readonly number[] }[];
  /** What limits left for later, by rule. */
  readonly heldBack: readonly { readonly rule: string; readonly signals: number }[];
  /** Rules that cannot be followed, in words. */
  readonly problems: readonly string[];
}

/** Looks at every rule; writes nothing. */
export async function draftPlan(parts: NotifyParts): Promise<NotifyPlan> {
  const now = parts.clock.now();
  const deliveries: NewDelivery[] = [];
  const digests: PlannedDigest[] = [];
  const episodes: PlannedEpisode[] = [];
  const hurried: { rule: string; ids: readonly number[] }[] = [];
  const heldBack: { rule: string; signals: number }[] = [];
  const problems: string[] = [];
  // A rule that names a source which is gone is no reason to leave the others out.
  const attempt = async (rule: Rule, draft: () => Promise<void>): Promise<void> => {
    try {
      await draft();
    } catch (error) {
      if (!(error instanceof UserError) || error.code.startsWith('store-')) throw error;
      problems.push(`rule ${rule.name}: ${lastLineOf(error)}`);
    }
  };
  // One delivery per signal and notifier, also within this plan.
  const taken = new Set<string>();
  for (const rule of parts.rules.filter(tellsAtOnce)) {
    await attempt(rule, async () => {
      const drafted =
        rule.on === 'signal'
          ? await draftRule(parts, rule, now, taken)
          : await draftEvents(parts, rule, now, taken);
      deliveries.push(...drafted.deliveries);
      if (drafted.heldBack > 0) heldBack.push({ rule: rule.name, signals: drafted.heldBack });
      if (drafted.urgent.length > 0) hurried.push({ rule: rule.name, ids: drafted.urgent });
    });
  }
  deliveries.push(...(await draftUpdates(parts, now)));
  for (const rule of parts.rules.filter(({ on }) => on === 'signal')) {
    await attempt(rule, async () => {
      digests.push(...(await draftDigest(parts, rule, now, taken)));
      episodes.push(...(await draftSpikes(parts, rule, now)));
    });
  }
  return { deliveries, digests, episodes, hurried, heldBack, problems };
}

/** Each signal, or event, as a message of its own. */
function tellsAtOnce({ on, digest, spike }: Rule): boolean {
  return on !== 'signal' || (digest === null && spike === null);
}

/** Writes a plan down; from here on nothing of it is lost. Returns how many deliveries are new. */
export async function writePlan({ store, clock }: NotifyParts, plan: NotifyPlan): Promise<number> {
  const at = clock.now();
  const planned = await store.planDeliveries(plan.deliveries, at);
  for (const { rule, ids } of plan.hurried) await store.hurryDeliveries(rule, ids, at);
  for (const { rule, dueAt, delivery } of plan.digests) await store.planDigest(rule, dueAt, delivery, at);
  for (const { episode, delivery } of plan.episodes) await store.saveEpisode(episode, delivery, at);
  const more = [...plan.digests, ...plan.episodes].filter(({ delivery }) => delivery !== null).length;
  return planned + more;
}

/** A search that cannot be read is shown in lines, with the place marked; the last one says what is wrong. */
export function lastLineOf({ message }: Error): string {
  return (message.split('\n').at(-1) ?? '').replace(/^[\s^]+/, '');
}

async function draftRule(parts: NotifyParts, rule: Rule, now: number, taken: Set<string>) {
  const { store } = parts;
  const filter = openOnly(await parts.matching(rule.query, rule.minSalience));
  const capacity = Math.min(rule.perRun, rule.perHour - (await store.ruleLoad(rule.name, now - hourMs)));
  const quiet = quietEnd(parts, rule, now);
  const found: Omit<NewDelivery, 'nextAttemptAt'>[] = [];
  let heldBack = 0;
  const add = (signalId: number, draft: Pick<NewDelivery, 'kind' | 'reason' | 'rootId'>) => {
    const place = `${rule.notifier}/${signalId}`;
    if (taken.has(place)) return;
    if (found.length >= capacity) {
      heldBack += 1;
      return;
    }
    taken.add(place);
    found.push({ ...draft, signalId, notifier: rule.notifier, rule: rule.name, content: null, covers: [] });
  };
  for (const woken of await wokenMatches(parts, rule, filter, now)) add(woken.signalId, woken);
  for await (const id of untold(parts, rule, { ...filter, since: newsSince(rule, now) })) {
    add(id, { kind: 'new', reason: 'new', rootId: null });
  }
  const urgent =
    quiet === null
      ? []
      : await urgentIds(
          parts,
          rule,
          now,
          found.flatMap(({ signalId }) => signalId ?? []),
        );
  const deliveries = found.map(
    (delivery): NewDelivery => ({
      ...delivery,
      nextAttemptAt: quiet === null || urgent.includes(delivery.signalId ?? 0) ? now : quiet,
    }),
  );
  return { deliveries, heldBack, urgent };
}

/** Signals that match and were not told to the notifier, most salient first. */
async function* untold(parts: NotifyParts, rule: Rule, filter: SignalFilter): AsyncGenerator<number> {
  for await (const page of signalPages(parts, filter, 'rank', mostLookedAt)) {
    const ids = page.map(({ id }) => id);
    const told = await parts.store.toldAmong(rule.notifier, ids, false);
    for (const id of ids) if (!told.has(id)) yield id;
  }
}

/**
 * What came back by itself (a snooze that is over, a resolved signal that came
 * up again) is told again where the rule matches, however old it is: that is
 * what was asked for when it was snoozed.
 */
async function wokenMatches(
  parts: NotifyParts,
  rule: Rule,
  filter: SignalFilter,
  now: number,
): Promise<readonly (Pick<NewDelivery, 'kind' | 'reason' | 'rootId'> & { readonly signalId: number })[]> {
  const { store } = parts;
  const woken = await store.wokenSignals(now - wokenDays * dayMs);
  if (woken.length === 0) return [];
  const ids = woken.map(({ signalId }) => signalId);
  const matched = await matchingAmong(parts, filter, ids);
  const roots = await store.rootsOf(rule.notifier, ids);
  return woken.flatMap(({ signalId, journalId, regressed, at }) => {
    if (!matched.has(signalId)) return [];
    const root = roots.get(signalId);
    if (root === undefined) return { signalId, kind: 'new' as const, reason: 'new', rootId: null };
    // What is still to be told, or was told since, is no news.
    if (root.toldAt === null || root.toldAt >= at) return [];
    const kind = regressed ? ('regressed' as const) : ('woke' as const);
    return { signalId, kind, reason: `${kind}-${journalId}`, rootId: root.rootId };
  });
}

/** When the quiet hours of a rule are over; null when it may tell now. */
export function quietEnd({ settings }: NotifyParts, rule: Rule, now: number): number | null {
  return quietUntil(now, rule.quietHours ?? settings.quietHours, settings.timeZone);
}

/** Of `ids` and of what waits already, that which may not wait for the end of the quiet hours. */
async function urgentIds(
  parts: NotifyParts,
  rule: Rule,
  now: number,
  ids: readonly number[],
): Promise<readonly number[]> {
  if (rule.urgent === '') return [];
  const filter = openOnly(await parts.matching(rule.urgent, 0));
  const waiting = await parts.store.deliveries({ states: ['pending'], limit: 1_000 });
  const putOff = waiting.filter((each) => each.rule === rule.name && each.nextAttemptAt > now);
  const all = [...ids, ...putOff.flatMap(({ signalId }) => signalId ?? [])];
  return [...(await matchingAmong(parts, filter, all))];
}

/** What has become of signals that were told. */
async function draftUpdates(parts: NotifyParts, now: number): Promise<readonly NewDelivery[]> {
  const { store, settings, rules } = parts;
  const { days, pauseMinutes, echoes } = settings.updates;
  const changed = await store.changedSignals(now - days * dayMs);
  const drafts: NewDelivery[] = [];
  for (const { signalId, notifier, rootId, ...signal } of changed) {
    const rule = rules.find(({ name }) => name === signal.rule);
    if (rule === undefined || !rule.thread) continue;
    const draft = { signalId, notifier, rule: rule.name, rootId, content: null, covers: [] };
    if (signal.status === 'escalated' && signal.toldStatus !== 'escalated') {
      // A person has just decided that this is urgent, so it does not wait for anything.
      const reason = `escalated-${signal.decidedAt ?? now}`;
      drafts.push({ ...draft, kind: 'escalated', reason, nextAttemptAt: now });
    } else if (
      now - signal.toldAt >= pauseMinutes * 60_000 &&
      describeGrowth(signal.told, signal.now, echoes) !== null
    ) {
      const nextAttemptAt = quietEnd(parts, rule, now) ?? now;
      drafts.push({ ...draft, kind: 'update', reason: `echoes-${signal.now.echoes}`, nextAttemptAt });
    }
  }
  return drafts;
}
