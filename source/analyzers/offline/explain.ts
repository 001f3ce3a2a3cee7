import type { Sentiment } from '../../domain/analysis.ts';
import type { CategoryId } from '../../domain/taxonomy.ts';
import type { CategoryScore } from './classifier.ts';
import type { Verdict } from './verdict.ts';

const longestReason = 400;
const mostQuotes = 3;
const longestQuote = 60;

/**
 * One sentence that names the words that decided, short enough for the schema
 * and safe to draw. `unread` is the language when only international terms are
 * known of it.
 */
export function explainVerdict(verdict: Verdict, unread: string | null): string {
  const parts = [verdict.decided === null ? undecided(verdict.runnerUp) : decided(verdict.decided, verdict)];
  if (unread !== null) parts.push(`no word list for language ${unread}, so read with care`);
  return parts.join('; ').slice(0, longestReason);
}

/**
 * Says what the analyst's corrections changed, before the words that the
 * program found by itself; the reasoning as it is where they changed nothing.
 */
export function explainLearned(
  reasoning: string,
  before: { readonly verdict: Verdict; readonly sentiment: Sentiment; readonly urgency: number },
  after: {
    readonly category: CategoryId;
    readonly sentiment: Sentiment;
    readonly urgency: number;
    words(from: CategoryId): readonly string[];
  },
): string {
  const changes: string[] = [];
  const { category } = before.verdict;
  if (category !== after.category) {
    const words = after.words(category);
    changes.push(`${after.category}, not ${category}${words.length === 0 ? '' : ` (${quoteAll(words)})`}`);
  }
  if (before.sentiment !== after.sentiment) changes.push(`${after.sentiment}, not ${before.sentiment}`);
  if (before.urgency !== after.urgency) changes.push(`urgency ${after.urgency}, not ${before.urgency}`);
  if (changes.length === 0) return reasoning;
  return `learned from your corrections: ${changes.join('; ')}. ${reasoning}`.slice(0, longestReason);
}

function decided(score: CategoryScore, verdict: Verdict): string {
  const others =
    verdict.weaker === 0
      ? 'no other category has evidence'
      : verdict.weaker === 1
        ? `${verdict.runnerUp?.category ?? 'another'} is weaker`
        : `${verdict.weaker} other categories weaker, next ${verdict.runnerUp?.category ?? 'other'}`;
  return `${score.category}: ${quoteEvidence(score)}; ${others}`;
}

function undecided(runnerUp: CategoryScore | null): string {
  if (runnerUp === null) return 'other: no words of any category found';
  return `other: not enough evidence; nearest is ${runnerUp.category} by ${quoteEvidence(runnerUp)}`;
}

/** Phrases of the lists first; then what the model learned to count, called so since nobody wrote it down. */
function quoteEvidence({ evidence, learned = [] }: CategoryScore): string {
  const parts = evidence.length > 0 ? [quoteAll(evidence)] : [];
  if (learned.length > 0) parts.push(`learned words ${quoteAll(learned)}`);
  // What has neither was found by what the analyst corrected elsewhere.
  return parts.length === 0 ? 'your corrections' : parts.join(' and ');
}

function quoteAll(words: readonly string[]): string {
  return words
    .slice(0, mostQuotes)
    .map((word) => `“${word.length > longestQuote ? `${word.slice(0, longestQuote - 1)}…` : word}”`)
    .join(', ');
}
