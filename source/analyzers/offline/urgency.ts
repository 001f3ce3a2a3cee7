import type { CategoryId } from '../../domain/taxonomy.ts';
import type { Features } from './classifier.ts';
import { isHeadline, isNegated, isResolved } from './context.ts';
import { findWeighted, lexiconFor } from './lexicon-index.ts';
import type { Mood } from './sentiment.ts';

/** What a category alone is worth, before anyone says how bad it is. */
const categoryUrgency: Readonly<Record<CategoryId, number>> = {
  outage: 3,
  security: 3,
  churn: 2,
  bug: 1.5,
  question: 0.7,
  feature: 0.4,
  praise: 0,
  other: 0,
};

/** The most that words can add: no post is urgent by shouting alone. */
const mostFromWords: Readonly<Record<CategoryId, number>> = {
  outage: 2.6,
  security: 2.5,
  churn: 1.5,
  bug: 2.5,
  question: 1.3,
  feature: 0.6,
  praise: 0,
  other: 1.6,
};

const wordWorth: Readonly<Record<number, number>> = { 1: 0.35, 2: 0.9, 3: 1.6 };

/** 0 nothing to do, 3 this week, 5 people are blocked now. */
export function readUrgency(
  features: Features,
  category: CategoryId,
  confidence: number,
  mood: Mood,
): number {
  const { reading, lang } = features;
  const lexicon = lexiconFor(lang);
  const seen = new Set<unknown>();
  let words = 0;
  for (const { phrase, weight, start } of findWeighted(reading, lexicon.urgency)) {
    if (seen.has(phrase) || isNegated({ start }, reading, lexicon)) continue;
    seen.add(phrase);
    words += wordWorth[weight] ?? 0;
  }
  if (mood.sentiment === 'negative') {
    if (reading.exclamations >= 2 || reading.shouted >= 4) words += 0.4;
    if (mood.polarity < -4) words += 0.3;
  }
  if (mood.sentiment === 'positive' && category !== 'outage' && category !== 'security') words *= 0.4;
  let urgency =
    categoryUrgency[category] * (0.6 + 0.4 * confidence) + Math.min(words, mostFromWords[category]);
  if (isResolved(reading, lexicon) && (category === 'outage' || category === 'bug')) urgency -= 1.5;
  if (isHeadline(features, lexicon)) urgency = Math.min(urgency * 0.6, 3);
  return Math.max(0, Math.min(5, Math.round(urgency)));
}
