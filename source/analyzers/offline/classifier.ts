import type { CategoryId } from '../../domain/taxonomy.ts';
import type { Reading } from './reading.ts';

/** What a classifier is given of one post. */
export interface Features {
  readonly reading: Reading;
  /** Primary language subtag, null when it cannot be told. */
  readonly lang: string | null;
  /** Source kind: a headline speaks otherwise than a tweet. */
  readonly kind: string;
}

/** How strongly a post belongs to one category, and the words that say so, strongest first. */
export interface CategoryScore {
  readonly category: CategoryId;
  /** 0 or more; 1 is the least that decides. */
  readonly score: number;
  readonly evidence: readonly string[];
}

/**
 * The seam where a trained model takes the lexicon's place. Pure and never
 * throws. Categories may come in any order; one that is missing scores 0.
 * `other` is not scored: it is what remains when nothing reaches 1.
 */
export interface Classifier {
  classify(features: Features): readonly CategoryScore[];
}
