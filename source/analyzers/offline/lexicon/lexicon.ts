import type { CategoryId } from '../../../domain/taxonomy.ts';
import type { WordClasses } from '../phrases.ts';

/** Phrases by weight: 3 decides alone, 1 is the least that decides, below 1 needs company. Separated by `;`. */
export type Weighted = Readonly<Record<number, string>>;

/** What one language knows. The phrase language is described in phrases.ts. */
export interface Lexicon {
  readonly lang: string;
  readonly classes: WordClasses;
  /** Phrases whose words mean nothing here, however alarming each is: "scroll down", "social security". */
  readonly ignore: string;
  readonly categories: Readonly<Partial<Record<Exclude<CategoryId, 'other'>, Weighted>>>;
  /** Words that turn what follows them in the clause. */
  readonly negators: string;
  /** Words that take a trouble away: "fixed a crash". */
  readonly relievers?: string;
  /** Words that make what follows them in the sentence a mere possibility. */
  readonly conditionals: string;
  /** The trouble is over, or said to be. */
  readonly resolved: string;
  /** How soon somebody must act. */
  readonly urgency: Weighted;
  /** Words of the first and second person: somebody speaks from experience. */
  readonly persons: string;
  /** Polarity of words, -4 to 4, where the language has no library. */
  readonly polarity?: Weighted;
}
