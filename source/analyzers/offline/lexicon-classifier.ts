import type { CategoryId } from '../../domain/taxonomy.ts';
import type { CategoryScore, Classifier, Features } from './classifier.ts';
import { contextWeight } from './context.ts';
import { type Finding, findAll, lexiconFor } from './lexicon-index.ts';
import { hasSarcasm, wordPolarity } from './sentiment.ts';

/** What one written weight is worth. A hint needs company; two hints of one kind are still not a decision. */
const worth: Readonly<Record<number, number>> = { 1: 0.45, 2: 1.5, 3: 2.6 };

/** A second and third piece of evidence add less each: a rant is not twice as much an outage. */
const diminishing = [1, 0.6, 0.4, 0.25, 0.15];

/** Words after which a long text no longer says more about its category, only more. */
const headWords = 90;

interface Hit {
  readonly finding: Finding;
  readonly value: number;
}

/** Classifies by weighted phrases, each weighed by its context. */
export function createLexiconClassifier(): Classifier {
  return { classify };
}

function classify(features: Features): readonly CategoryScore[] {
  const { reading } = features;
  const lexicon = lexiconFor(features.lang);
  const hits = new Map<CategoryId, Hit[]>();
  for (const finding of findAll(reading, lexicon.phrases, lexicon.ignored)) {
    const value =
      (worth[finding.weight] ?? 0) *
      contextWeight(finding, features, lexicon) *
      placeWeight(finding, reading.titleWords);
    if (value <= 0) continue;
    const list = hits.get(finding.category);
    if (list === undefined) hits.set(finding.category, [{ finding, value }]);
    else list.push({ finding, value });
  }
  const scores = [...hits].map(([category, list]) => summarize(category, list, features));
  return withMood(scores, features);
}

/**
 * Words of praise in a complaint are politeness ("thanks, still broken"), and
 * faint ones in a happy post are praise.
 */
function withMood(scores: readonly CategoryScore[], features: Features): readonly CategoryScore[] {
  if (!scores.some(({ category }) => category === 'praise')) return scores;
  const { positive, negative } = wordPolarity(features);
  const trouble = Math.max(
    0,
    ...scores.filter(({ category }) => complaints.has(category)).map(({ score }) => score),
  );
  return scores.map((entry) => {
    if (entry.category !== 'praise') return entry;
    if (hasSarcasm(features.reading) || negative > positive * 1.5)
      return { ...entry, score: entry.score * 0.5 };
    if (trouble >= 1.4) return { ...entry, score: entry.score * 0.75 };
    const lift = negative === 0 && entry.score >= 0.4 ? Math.min(1, Math.max(0, positive - 2) * 0.2) : 0;
    return { ...entry, score: entry.score + lift };
  });
}

const complaints: ReadonlySet<CategoryId> = new Set(['outage', 'security', 'churn', 'bug']);

function placeWeight(finding: Finding, titleWords: number): number {
  if (finding.start < titleWords) return 1.25;
  return finding.start < headWords ? 1 : 0.5;
}

/** Overlapping phrases of one category say one thing: the heaviest is counted. */
function summarize(category: CategoryId, hits: Hit[], features: Features): CategoryScore {
  hits.sort((a, b) => b.value - a.value || a.finding.start - b.finding.start);
  const kept: Hit[] = [];
  const quotes: string[] = [];
  for (const hit of hits) {
    if (kept.length === diminishing.length) break;
    if (kept.some((other) => hit.finding.start < other.finding.end && other.finding.start < hit.finding.end))
      continue;
    const quote = quoteOf(hit.finding, features);
    if (quotes.includes(quote)) continue;
    kept.push(hit);
    quotes.push(quote);
  }
  let score = 0;
  kept.forEach((hit, index) => {
    score += hit.value * (diminishing[index] ?? 0);
  });
  return { category, score, evidence: quotes };
}

/** The words of a finding as the post has them. */
function quoteOf(finding: Finding, features: Features): string {
  return joinWords(features.reading.surfaces.slice(finding.start, finding.end));
}

const cjk = /^[\u3005\u3040-\u30ff\u3400-\u9fff]/;

function joinWords(words: readonly string[]): string {
  let text = '';
  for (const word of words)
    text += text === '' || word.startsWith("'") || (cjk.test(word) && cjk.test(text)) ? word : ` ${word}`;
  return text;
}
