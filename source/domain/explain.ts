import type { RelevanceWords } from './relevance.ts';
import type { ScoreFactors } from './score.ts';

interface ExplainedScore {
  readonly factors: ScoreFactors;
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly echoes: number;
  /** Now. */
  readonly salience: number;
  readonly ageHours: number;
  /** What the learned relevance rests on. */
  readonly relevanceWords?: RelevanceWords | null;
}

/**
 * The score in one sentence, strongest reason first:
 * "97.2: engagement 28.3 (12 echoes) and urgency 20; outage ×2, negative ×1.2; 2 hours old."
 */
export function explainScore({
  factors,
  category,
  sentiment,
  echoes,
  salience,
  ageHours,
  relevanceWords = null,
}: ExplainedScore): string {
  const added = [
    {
      points: factors.engagement,
      words: `engagement ${round(factors.engagement)}${echoes > 0 ? ` (${count(echoes, 'echo', 'echoes')})` : ''}`,
    },
    { points: factors.urgency, words: `urgency ${round(factors.urgency)}` },
  ]
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ words }) => words);
  const reasons = added.length === 0 ? 'no engagement and no urgency' : added.join(' and ');
  const factorWords = [
    factorOf(category ?? 'category', factors.category),
    factorOf(sentiment ?? 'sentiment', factors.sentiment),
    factorOf('source', factors.source),
    describeRelevance(factors.relevance, relevanceWords),
  ].filter((words) => words !== null);
  const multiplied = factorWords.length === 0 ? '' : `; ${factorWords.join(', ')}`;
  return `${round(salience)}: ${reasons}${multiplied}; ${age(ageHours)} old.`;
}

function factorOf(name: string, factor: number): string | null {
  return factor === 1 ? null : `${name} ×${round(factor)}`;
}

/** "relevance ×1.32 (you keep: checkout, payment)". */
function describeRelevance(factor: number, words: RelevanceWords | null): string | null {
  if (factor === 1) return null;
  const shown = `relevance ×${Math.round(factor * 100) / 100}`;
  const [verb, because] = factor > 1 ? ['keep', words?.keeps] : ['dismiss', words?.dismisses];
  return because === undefined || because.length === 0
    ? shown
    : `${shown} (you ${verb}: ${because.join(', ')})`;
}

function age(hours: number): string {
  if (hours < 1) return count(Math.max(1, Math.floor(hours * 60)), 'minute', 'minutes');
  if (hours < 48) return count(Math.floor(hours), 'hour', 'hours');
  return count(Math.floor(hours / 24), 'day', 'days');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
