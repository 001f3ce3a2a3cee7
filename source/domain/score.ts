import type { Sentiment } from './analysis.ts';
import type { Engagement } from './post.ts';

/** The weights of the score formula; every one is a setting. */
export interface ScoreSettings {
  readonly base: number;
  readonly likes: number;
  readonly reposts: number;
  readonly replies: number;
  readonly quotes: number;
  readonly echoes: number;
  readonly urgency: number;
  readonly cap: number;
  readonly halfLifeHours: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly sentiments: Readonly<Record<Sentiment, number>>;
}

/** What is known of a signal when it is scored. */
export interface ScoreInput {
  readonly engagement: Engagement;
  readonly echoes: number;
  readonly urgency: number;
  readonly category: string;
  readonly sentiment: Sentiment;
  /** Boost of the source, 1 is neutral. */
  readonly source: number;
  /** Learned from the analyst's own decisions, 0.5–1.5; 1 until something is learned. */
  readonly relevance: number;
  /** Milliseconds, UTC. */
  readonly createdAt: number;
}

/** The parts that were multiplied and added, kept with the score so that it can be explained later. */
export interface ScoreFactors {
  readonly base: number;
  readonly engagement: number;
  readonly urgency: number;
  readonly category: number;
  readonly sentiment: number;
  readonly source: number;
  readonly relevance: number;
}

export interface Score {
  /** Salience at the moment of writing, before the cap. Above 0. */
  readonly weight: number;
  readonly rank: number;
  readonly factors: ScoreFactors;
}

const msPerHour = 3_600_000;

/**
 * Scores one signal. Pure.
 *
 *     engagement = 10 * ln(1 + likes*wl + reposts*wr + replies*wp + quotes*wq + echoes*we)
 *     weight     = (base + engagement + urgency*wu) * category * sentiment * source * relevance
 *     rank       = log2(weight) + createdAtHours / halfLifeHours
 *
 * `rank` does not change as time passes: two signals keep their order for as
 * long as neither is capped, so a list by rank is an index scan and nothing is
 * scored again because the clock moved.
 */
export function scoreSignal(input: ScoreInput, settings: ScoreSettings): Score {
  const { likes, reposts, replies, quotes } = input.engagement;
  const reactions =
    likes * settings.likes +
    reposts * settings.reposts +
    replies * settings.replies +
    quotes * settings.quotes +
    input.echoes * settings.echoes;
  const factors: ScoreFactors = {
    base: settings.base,
    engagement: 10 * Math.log(1 + reactions),
    urgency: input.urgency * settings.urgency,
    category: settings.categories[input.category] ?? 1,
    sentiment: settings.sentiments[input.sentiment],
    source: input.source,
    relevance: input.relevance,
  };
  const weight =
    (factors.base + factors.engagement + factors.urgency) *
    factors.category *
    factors.sentiment *
    factors.source *
    factors.relevance;
  return { weight, rank: rankOf(weight, input.createdAt, settings.halfLifeHours), factors };
}

function rankOf(weight: number, createdAt: number, halfLifeHours: number): number {
  return Math.log2(weight) + createdAt / msPerHour / halfLifeHours;
}

/** Salience 0–`cap` of a rank at a moment: the weight halved once every `halfLifeHours`. */
export function salienceAt(
  rank: number,
  now: number,
  settings: Pick<ScoreSettings, 'cap' | 'halfLifeHours'>,
): number {
  return Math.min(settings.cap, 2 ** (rank - now / msPerHour / settings.halfLifeHours));
}

/** The rank at which salience is exactly `salience` now: `salience >= s` is `rank >= rankForSalience(s)`. */
export function rankForSalience(
  salience: number,
  now: number,
  settings: Pick<ScoreSettings, 'halfLifeHours'>,
): number {
  return Math.log2(salience) + now / msPerHour / settings.halfLifeHours;
}
