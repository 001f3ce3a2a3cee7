import type { CategoryId } from '../../domain/taxonomy.ts';
import type { Reading } from './reading.ts';
import type { WordFeatures } from './word-features.ts';

/** What a classifier is given of one post. */
export interface Features {
  readonly reading: Reading;
  /** Primary language subtag, null when it cannot be told. */
  readonly lang: string | null;
  /** Source kind: a headline speaks otherwise than a tweet. */
  readonly kind: string;
  /**
   * The post as the trained model sees it; null where the model was not
   * trained: in another language than English, and in headlines.
   */
  readonly learnable: WordFeatures | null;
}

/** How strongly a post belongs to one category, and what says so, strongest first. */
export interface CategoryScore {
  readonly category: CategoryId;
  /** 0 or more; `leastScore` is the least that decides. */
  readonly score: number;
  /** Phrases of the word lists. */
  readonly evidence: readonly string[];
  /** Words that the trained model counts for the category. */
  readonly learned?: readonly string[];
}

/** The least score that decides; below it a post is `other`. */
export const leastScore = 1.2;

/**
 * Pure and never throws. Categories may come in any order; one that is missing
 * scores 0. `other` is not scored: it is what remains when nothing reaches
 * `leastScore`.
 */
export interface Classifier {
  classify(features: Features): readonly CategoryScore[];
}
