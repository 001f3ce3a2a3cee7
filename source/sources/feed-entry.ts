/** One item of a feed as its format says it: HTML not yet turned into text, addresses not yet resolved. */
export interface RawEntry {
  readonly id?: string | undefined;
  readonly link?: string | undefined;
  /** The link that FeedBurner replaced with its own. */
  readonly originalLink?: string | undefined;
  readonly title?: Markup | undefined;
  /** Candidates for the text, best first; the first that is not empty is used. */
  readonly texts: readonly Markup[];
  readonly author?: string | undefined;
  /** Candidates for the date, best first; the first that can be read is used. */
  readonly dates: readonly string[];
  readonly lang?: string | undefined;
  readonly likes?: number | undefined;
  readonly replies?: number | undefined;
  /** Base of relative addresses, itself possibly relative. */
  readonly base?: string | undefined;
  readonly parentUrl?: string | undefined;
}

/** Text with what the format says about its nature: `unknown` where it says nothing. */
export interface Markup {
  readonly value: string;
  readonly as: 'html' | 'plain' | 'unknown';
}

export interface RawFeed {
  readonly format: 'rss' | 'atom' | 'rdf' | 'json';
  readonly title?: string | undefined;
  /** The site that the feed belongs to. */
  readonly link?: string | undefined;
  readonly lang?: string | undefined;
  readonly base?: string | undefined;
  /** Author of every entry that names none. */
  readonly author?: string | undefined;
  readonly entries: readonly RawEntry[];
  /** True when the document ends before its root element does. */
  readonly breaksOff?: boolean;
}

/** Drops candidates that are missing or empty. */
export function present<T>(values: readonly (T | null | undefined)[]): T[] {
  return values.filter((value): value is T => value !== null && value !== undefined && value !== '');
}
