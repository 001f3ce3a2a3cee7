import type { IsValue } from './search-fields.ts';
import type { Phrase } from './search-words.ts';

/**
 * What a search means now and here: no alias, no relative time, no "me" is
 * left. It is true or false of every signal; a field that the signal lacks
 * (no category yet) makes it false.
 */
export type Condition =
  | { readonly condition: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly condition: 'not'; readonly of: Condition }
  | FactLeaf
  | PhraseLeaf;

/** Of the signal itself. */
export type FactLeaf =
  | {
      readonly condition: 'in';
      readonly field: 'status' | 'category' | 'sentiment' | 'source' | 'tag' | 'assignee' | 'analyzer';
      readonly values: readonly string[];
    }
  | { readonly condition: 'ids'; readonly ids: readonly number[] }
  /** Opened after the signal of this number. */
  | { readonly condition: 'newer'; readonly id: number }
  | {
      readonly condition: 'range';
      readonly field: 'rank' | 'urgency' | 'echoes' | 'confidence' | 'createdAt' | 'lastSeenAt';
      readonly range: Range;
    }
  | { readonly condition: 'flag'; readonly flag: Flag }
  /** One of its posts is on this site or below it, or links there. */
  | { readonly condition: 'site'; readonly site: string }
  /** One of its posts is in this language; lower case. */
  | { readonly condition: 'lang'; readonly lang: string };

/** Of one of its posts, whichever; told by reading them. */
export interface PhraseLeaf {
  readonly condition: 'phrase';
  readonly in: 'text' | 'author';
  readonly phrase: Phrase;
}

/** What the index of words can be asked for. */
export type Indexed = PhraseLeaf | Extract<FactLeaf, { condition: 'site' | 'lang' }>;

export interface Range {
  readonly min?: number;
  readonly minOpen?: boolean;
  readonly max?: number;
  readonly maxOpen?: boolean;
}

export type Flag =
  | Extract<IsValue, 'regressed' | 'corrected' | 'answered' | 'unanalyzed'>
  | 'noted'
  | 'tagged'
  | 'assigned'
  | 'linked'
  | 'answering';

export const nothingMatches: Condition = { condition: 'any', of: [] };

/** Whether the text of posts must be read to tell. */
export function readsPosts(condition: Condition): boolean {
  switch (condition.condition) {
    case 'all':
    case 'any':
      return condition.of.some(readsPosts);
    case 'not':
      return readsPosts(condition.of);
    default:
      return condition.condition === 'phrase';
  }
}

export function isIndexed(condition: Condition): condition is Indexed {
  return ['phrase', 'site', 'lang'].includes(condition.condition);
}
