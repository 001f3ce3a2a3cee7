import type { Rule } from './rules.ts';
import { type HourlyCounts, isOverRate, isSpikeRate, judgeRate } from './spike.ts';

/** A stored signal as a trial of the rules sees it. */
export interface TrialSignal {
  readonly id: number;
  /** When it was written. Milliseconds, UTC. */
  readonly at: number;
  /** When it was written, with the reactions that it has had since. */
  readonly salience: number;
  readonly headline: string;
}

/** What a rule would have sent on one day (UTC). */
export interface TrialDay {
  /** Midnight. Milliseconds, UTC. */
  readonly day: number;
  /** Messages. */
  readonly sent: number;
  /** Signals that the limits would have left for later. */
  readonly heldBack: number;
}

export interface RuleTrial {
  readonly rule: string;
  readonly notifier: string;
  /** Why the rule cannot be followed; null when it can. */
  readonly problem: string | null;
  /** Signals that the query matched at all. */
  readonly matched: number;
  readonly sent: number;
  /** Days with anything to tell, oldest first. */
  readonly days: readonly TrialDay[];
  /** The newest signals that it would have told. */
  readonly samples: readonly TrialSignal[];
  /** Of spikes: what rose, and when. */
  readonly episodes: readonly {
    readonly value: string;
    readonly at: number;
    readonly peak: number;
    readonly usual: number;
  }[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const mostSamples = 5;

/**
 * Replays a rule over signals as if each had been told in the hour in which it
 * was written. `taken` are those that an earlier rule told the same notifier;
 * what this rule tells joins them.
 */
export function tryRule(rule: Rule, signals: readonly TrialSignal[], taken: Set<string>): RuleTrial {
  const loud = signals.filter(({ salience }) => salience >= rule.minSalience);
  const fresh = loud.filter(({ id }) => !taken.has(`${rule.notifier}/${id}`));
  const told: TrialSignal[] = [];
  const days = new Map<number, { messages: number; heldBack: number }>();
  const dayOf = (at: number) => {
    const day = Math.floor(at / dayMs) * dayMs;
    const counts = days.get(day) ?? { messages: 0, heldBack: 0 };
    days.set(day, counts);
    return counts;
  };
  // A digest is one message a day or week, whatever it holds.
  const limit = rule.digest === null ? Math.min(rule.perHour, rule.perRun) : Number.POSITIVE_INFINITY;
  for (const [hour, group] of Map.groupBy(fresh, ({ at }) => Math.floor(at / hourMs))) {
    const sorted = group.toSorted((a, b) => b.salience - a.salience);
    told.push(...sorted.slice(0, limit));
    const counts = dayOf(hour * hourMs);
    counts.heldBack += Math.max(0, sorted.length - limit);
    if (rule.digest === null) counts.messages += Math.min(sorted.length, limit);
  }
  if (rule.digest !== null) {
    const periodMs = rule.digest.every === 'daily' ? dayMs : 7 * dayMs;
    for (const [period] of Map.groupBy(fresh, ({ at }) => Math.floor(at / periodMs))) {
      dayOf(period * periodMs).messages += 1;
    }
  }
  for (const { id } of told) taken.add(`${rule.notifier}/${id}`);
  const listed = [...days]
    .map(([day, { messages, heldBack }]) => ({ day, sent: messages, heldBack }))
    .filter(({ sent, heldBack }) => sent + heldBack > 0)
    .toSorted((a, b) => a.day - b.day);
  return {
    rule: rule.name,
    notifier: rule.notifier,
    problem: null,
    matched: signals.length,
    sent: listed.reduce((sum, { sent }) => sum + sent, 0),
    days: listed,
    samples: told.toSorted((a, b) => b.at - a.at).slice(0, mostSamples),
    episodes: [],
  };
}

/** Replays a spike rule hour by hour, over whole hours. */
export function trySpikeRule(
  rule: Rule,
  byHour: ReadonlyMap<string, HourlyCounts>,
  {
    firstHour,
    fromHour,
    toHour,
  }: { readonly firstHour: number; readonly fromHour: number; readonly toHour: number },
): RuleTrial {
  const episodes: { value: string; at: number; peak: number; usual: number }[] = [];
  const { by = 'category', least = 0, only = [] } = rule.spike ?? {};
  for (const [value, history] of byHour) {
    if (only.length > 0 && !only.includes(value)) continue;
    let open: { value: string; at: number; peak: number; usual: number } | null = null;
    const first = by === 'source' ? Math.min(...history.keys()) : firstHour;
    for (let hour = fromHour; hour <= toHour; hour += 1) {
      const rate = judgeRate(
        { count: history.get(hour) ?? 0, history },
        { hour, firstHour: first },
        { least },
      );
      if (rate === null) continue;
      if (open === null && isSpikeRate(rate)) {
        open = { value, at: hour * hourMs, peak: rate.count, usual: rate.usual };
        episodes.push(open);
      } else if (open !== null && isOverRate(rate)) open = null;
      else if (open !== null) open.peak = Math.max(open.peak, rate.count);
    }
  }
  const days = [...Map.groupBy(episodes, ({ at }) => Math.floor(at / dayMs) * dayMs)]
    .map(([day, group]) => ({ day, sent: group.length, heldBack: 0 }))
    .toSorted((a, b) => a.day - b.day);
  return {
    rule: rule.name,
    notifier: rule.notifier,
    problem: null,
    matched: episodes.length,
    sent: episodes.length,
    days,
    samples: [],
    episodes: episodes.toSorted((a, b) => b.at - a.at),
  };
}

/** A rule that tells of events: each of them once. @param times of the events. Milliseconds, UTC */
export function trialOfEvents({ name, notifier }: Rule, times: readonly number[]): RuleTrial {
  const byDay = Map.groupBy(times, (at) => Math.floor(at / dayMs) * dayMs);
  const days = [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([day, of]) => ({ day, sent: of.length, heldBack: 0 }));
  const sent = times.length;
  return { rule: name, notifier, problem: null, matched: sent, sent, days, samples: [], episodes: [] };
}
