import { type Labelled, readLabelledSet, withoutOverlap } from './labelled-sets.ts';

/** The labelled sets, by what may be done with them (decision 0006). */
export interface Sets {
  /** Trained on, and tested by cross-validation. */
  readonly issues: readonly Labelled[];
  readonly reviews: readonly Labelled[];
  readonly overflow: readonly Labelled[];
  /** Only ever tested on. */
  readonly marc: readonly Labelled[];
  readonly churn: readonly Labelled[];
  readonly security: readonly Labelled[];
  readonly tweets: readonly Labelled[];
}

/** Reads all sets; reviews that the MARC set holds too are left out of those to train on. */
export function readSets(folder: string): Sets {
  const marc = readLabelledSet(folder, 'category-app-reviews-marc');
  return {
    issues: readLabelledSet(folder, 'category-github-issues'),
    reviews: withoutOverlap(readLabelledSet(folder, 'category-app-reviews-maalej'), marc),
    overflow: readLabelledSet(folder, 'sentiment-stack-overflow'),
    marc,
    churn: readLabelledSet(folder, 'category-churn'),
    security: readLabelledSet(folder, 'category-security-issues'),
    tweets: readLabelledSet(folder, 'sentiment-tech-tweets'),
  };
}
