import { type CategoryId, categoryIds } from '../../domain/taxonomy.ts';
import { type CategoryScore, leastScore } from './classifier.ts';

/** What a post's scores come to. */
export interface Verdict {
  readonly category: CategoryId;
  /** The score of the category that was chosen; null for `other`. */
  readonly decided: CategoryScore | null;
  /** The next best with any evidence. */
  readonly runnerUp: CategoryScore | null;
  /** How many other categories had any evidence. */
  readonly weaker: number;
  /**
   * By how much the choice was made, 0 or more: the lead over the next best,
   * or over the bar when that is nearer; for `other`, how far below the bar the
   * best one stayed.
   */
  readonly margin: number;
}

/** The category with the highest score, `other` when none reaches the bar. */
export function reachVerdict(scores: readonly CategoryScore[]): Verdict {
  const ranked = scores.filter((score) => score.score > 0).sort(byScore);
  const [first, second] = ranked;
  const weaker = Math.max(0, ranked.length - 1);
  if (first === undefined || first.score < leastScore) {
    const margin = leastScore - (first?.score ?? 0);
    // Named is what a reader can check: a phrase that somebody wrote down before words that were learned.
    const runnerUp = ranked.find(({ evidence }) => evidence.length > 0) ?? first ?? null;
    return { category: 'other', decided: null, runnerUp, weaker, margin };
  }
  // The bar stands below the rivals by nature: a choice is not unsure because it stands alone.
  const margin = first.score - Math.max(second?.score ?? 0, leastScore / 2);
  return { category: first.category, decided: first, runnerUp: second ?? null, weaker, margin };
}

/** Most evidence first; the taxonomy's order, most pressing first, breaks ties. */
function byScore(a: CategoryScore, b: CategoryScore): number {
  return b.score - a.score || rankOf(a.category) - rankOf(b.category);
}

function rankOf(category: CategoryId): number {
  return categoryIds.indexOf(category);
}
