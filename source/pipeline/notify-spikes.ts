import { headlineOf, type Message } from '../domain/message.ts';
import { quietUntil } from '../domain/quiet-hours.ts';
import type { Rule } from '../domain/rules.ts';
import { shorten } from '../domain/shorten.ts';
import { type Episode, isOverRate, isSpikeRate, judgeRate, type Rate } from '../domain/spike.ts';
import type { DeliveryStore } from '../ports/deliveries.ts';
import type { NotifyParts } from './notify-parts.ts';

type SpikeMessage = Extract<Message, { type: 'spike' }>;

/** An episode as it is to be saved, and what is told of it; null when nothing is. */
export interface PlannedEpisode {
  readonly episode: Parameters<DeliveryStore['saveEpisode']>[0];
  readonly delivery: Parameters<DeliveryStore['saveEpisode']>[1];
}

const hourMs = 3_600_000;
const historyHours = 8 * 168 + 2;
const mostSignals = 3;
const headlineCharacters = 100;

/** Rates that rise far above their usual, and those that have come down again. */
export async function draftSpikes(
  { store, settings }: NotifyParts,
  rule: Rule,
  now: number,
): Promise<readonly PlannedEpisode[]> {
  if (rule.spike === null) return [];
  const { by, least, only } = rule.spike;
  const hour = Math.floor(now / hourMs);
  const { byHour, lastHour, firstHour } = await store.postRates(by, hour - historyHours, now);
  const open = await store.openEpisodes(rule.name);
  const values = new Set([...lastHour.keys(), ...open.map(({ value }) => value)]);
  const quiet = quietUntil(now, rule.quietHours ?? settings.quietHours, settings.timeZone);
  const planned: PlannedEpisode[] = [];
  for (const value of values) {
    if (only.length > 0 && !only.includes(value)) continue;
    const history = byHour.get(value) ?? new Map<number, number>();
    // A source is known from its own first post on; categories and tags from the first of all.
    const first = by === 'source' ? Math.min(...history.keys()) : (firstHour ?? hour);
    const rate = judgeRate(
      { count: lastHour.get(value) ?? 0, history },
      { hour, firstHour: first },
      { least },
    );
    if (rate === null) continue;
    const episode = open.find((each) => each.value === value) ?? null;
    const step = nextStep(episode, rate, now);
    if (step === null) continue;
    const saved = { ...step.episode, rule: rule.name, by, value };
    const tell = async (phase: SpikeMessage['phase']): Promise<SpikeMessage> => ({
      type: 'spike',
      rule: rule.name,
      phase,
      subject: `${by} ${value}`,
      startedAt: saved.startedAt,
      endedAt: saved.endedAt,
      count: rate.count,
      usual: saved.usual,
      peak: saved.peak,
      peakAt: saved.peakAt,
      top: (await store.signalsOf(by, value, now - hourMs, mostSignals)).map((signal) => ({
        id: signal.id,
        headline: shorten(headlineOf(signal), { characters: headlineCharacters }),
      })),
    });
    const delivery =
      step.phase === null
        ? null
        : {
            // Each doubling of a peak is told once.
            phase: step.phase === 'peak' ? `peak-${saved.toldPeak}` : step.phase,
            content: await tell(step.phase),
            notifier: rule.notifier,
            nextAttemptAt: quiet ?? now,
          };
    planned.push({ episode: saved, delivery });
  }
  return planned;
}

type EpisodeState = Omit<Episode, 'id' | 'rule' | 'by' | 'value'> & { readonly id: number | null };

/** What a rate makes of an episode; null when nothing changes. */
export function nextStep(
  episode: Episode | null,
  rate: Rate,
  now: number,
): { readonly episode: EpisodeState; readonly phase: SpikeMessage['phase'] | null } | null {
  const { count, usual } = rate;
  if (episode === null) {
    if (!isSpikeRate(rate)) return null;
    const fresh = {
      id: null,
      startedAt: now,
      endedAt: null,
      peak: count,
      peakAt: now,
      usual,
      toldPeak: count,
    };
    return { episode: fresh, phase: 'start' };
  }
  const { rule: _rule, by: _by, value: _value, ...state } = episode;
  if (isOverRate(rate)) return { episode: { ...state, endedAt: now }, phase: 'end' };
  if (count <= episode.peak) return null;
  const doubled = count >= 2 * episode.toldPeak;
  const raised = { ...state, peak: count, peakAt: now };
  return doubled
    ? { episode: { ...raised, toldPeak: count }, phase: 'peak' }
    : { episode: raised, phase: null };
}
