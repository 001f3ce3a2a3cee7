import type { SearchMoment } from './search-moment.ts';

/** What a search looks for, as it was written: aliases, "me" and "yesterday" still mean what they mean when it is run. */
export type SearchNode =
  | { readonly node: 'all' | 'any'; readonly terms: readonly SearchNode[] }
  | { readonly node: 'not'; readonly term: SearchNode }
  /** Words in a title, a text or the name of an author; more than one stand together, in this order. */
  | { readonly node: 'text'; readonly text: string; readonly prefix: boolean }
  | FieldNode;

export type FieldNode =
  | { readonly node: 'words'; readonly field: WordField; readonly values: readonly string[] }
  | { readonly node: 'number'; readonly field: NumberField; readonly range: NumberRange }
  | { readonly node: 'moment'; readonly field: MomentField; readonly moment: SearchMoment };

/** Both ends are optional; an end is part of the range unless it is open. */
export interface NumberRange {
  readonly min?: number;
  readonly minOpen?: boolean;
  readonly max?: number;
  readonly maxOpen?: boolean;
}

export const wordFields = [
  'category',
  'status',
  'sentiment',
  'source',
  'author',
  'lang',
  'tag',
  'assignee',
  'analyzer',
  'link',
  'is',
  'has',
  'id',
] as const;
export type WordField = (typeof wordFields)[number];

export const numberFields = ['score', 'urgency', 'echoes', 'confidence'] as const;
export type NumberField = (typeof numberFields)[number];

export const momentFields = ['since', 'before', 'seen'] as const;
export type MomentField = (typeof momentFields)[number];

export const searchSorts = ['rank', 'newest', 'oldest', 'echoes', 'urgent'] as const;
export type SearchSort = (typeof searchSorts)[number];

/** A whole search. Nothing to look for is everything. */
export interface Search {
  readonly node: SearchNode | null;
  /** Null leaves the order to the list. */
  readonly sort: SearchSort | null;
}

/** What is wrong with a search, and where: characters `start` to `end` (UTF-16 units, `end` excluded). */
export interface SearchError {
  /** "unknown field". */
  readonly message: string;
  /** "did you mean category?" */
  readonly fix: string;
  readonly start: number;
  readonly end: number;
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: SearchError };

/** Longest search that is read, in UTF-16 units. */
export const maxSearchLength = 2_000;
/** Terms and brackets in one search. */
export const maxSearchTerms = 100;
export const maxSearchDepth = 20;
