import type { ScoreFactors } from './score.ts';

/** One part of a score as a bar: how much of the whole it makes, and what to say of it. */
export interface ScorePart {
  readonly label: string;
  /** Points before the factors for parts that are added; the factor itself for those that multiply. */
  readonly value: number;
  readonly kind: 'added' | 'factor';
}

/** The parts of a score in the order in which the formula uses them. */
export function scoreParts(factors: ScoreFactors): readonly ScorePart[] {
  return [
    { label: 'base', value: factors.base, kind: 'added' },
    { label: 'reach', value: factors.engagement, kind: 'added' },
    { label: 'urgency', value: factors.urgency, kind: 'added' },
    { label: 'category', value: factors.category, kind: 'factor' },
    { label: 'sentiment', value: factors.sentiment, kind: 'factor' },
    { label: 'source', value: factors.source, kind: 'factor' },
    { label: 'relevance', value: factors.relevance, kind: 'factor' },
  ];
}

interface ExplainedScore {
  readonly factors: ScoreFactors;
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly echoes: number;
  /** Now. */
  readonly salience: number;
  readonly ageHours: number;
}

/**
 * The score in one sentence, strongest reason first:
 * "97.2: reach 28.3 (12 echoes) and urgency 20; outage ×2, negative ×1.2; 2 hours old."
 */
export function explainScore({
  factors,
  category,
  sentiment,
  echoes,
  salience,
  ageHours,
}: ExplainedScore): string {
  const added = [
    {
      points: factors.engagement,
      words: `reach ${round(factors.engagement)}${echoes > 0 ? ` (${count(echoes, 'echo', 'echoes')})` : ''}`,
    },
    { points: factors.urgency, words: `urgency ${round(factors.urgency)}` },
  ]
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ words }) => words);
  const reasons = added.length === 0 ? 'no reach and no urgency' : added.join(' and ');
  const factorWords = [
    factorOf(category ?? 'category', factors.category),
    factorOf(sentiment ?? 'sentiment', factors.sentiment),
    factorOf('source', factors.source),
    factorOf('relevance', factors.relevance),
  ].filter((words) => words !== null);
  const multiplied = factorWords.length === 0 ? '' : `; ${factorWords.join(', ')}`;
  return `${round(salience)}: ${reasons}${multiplied}; ${age(ageHours)} old.`;
}

function factorOf(name: string, factor: number): string | null {
  return factor === 1 ? null : `${name} ×${round(factor)}`;
}

function age(hours: number): string {
  if (hours < 1) return count(Math.max(1, Math.round(hours * 60)), 'minute', 'minutes');
  if (hours < 48) return count(Math.round(hours), 'hour', 'hours');
  return count(Math.round(hours / 24), 'day', 'days');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
