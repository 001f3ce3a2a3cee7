import type { CategoryScore } from './classifier.ts';

const longestReason = 400;
const mostQuotes = 3;
const longestQuote = 60;

export interface Verdict {
  readonly category: string;
  /** Evidence of the category that was chosen; none for `other`. */
  readonly decided: CategoryScore | null;
  /** The next best with any evidence. */
  readonly runnerUp: CategoryScore | null;
  /** How many other categories had any evidence. */
  readonly weaker: number;
  /** The language when it is one that only international terms are known of. */
  readonly unread: string | null;
}

/** One sentence that names the words that decided, short enough for the schema and safe to draw. */
export function explainVerdict(verdict: Verdict): string {
  const parts = [verdict.decided === null ? undecided(verdict.runnerUp) : decided(verdict.decided, verdict)];
  if (verdict.unread !== null) parts.push(`no word list for language ${verdict.unread}, so read with care`);
  return parts.join('; ').slice(0, longestReason);
}

function decided(score: CategoryScore, verdict: Verdict): string {
  const others =
    verdict.weaker === 0
      ? 'no other category has evidence'
      : verdict.weaker === 1
        ? `${verdict.runnerUp?.category ?? 'another'} is weaker`
        : `${verdict.weaker} other categories weaker, next ${verdict.runnerUp?.category ?? 'other'}`;
  return `${score.category}: ${quoteAll(score.evidence)}; ${others}`;
}

function undecided(runnerUp: CategoryScore | null): string {
  if (runnerUp === null) return 'other: no words of any category found';
  return `other: not enough evidence; nearest is ${runnerUp.category} by ${quoteAll(runnerUp.evidence)}`;
}

function quoteAll(evidence: readonly string[]): string {
  return evidence
    .slice(0, mostQuotes)
    .map((words) => `“${words.length > longestQuote ? `${words.slice(0, longestQuote - 1)}…` : words}”`)
    .join(', ');
}
