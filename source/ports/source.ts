import type { PostDraft } from '../domain/post.ts';

/**
 * What a source must remember between runs; JSON, opaque to everybody else.
 * The pipeline stores it in the transaction that stores the page's posts.
 */
export type Cursor = { readonly [key: string]: string | number | boolean | null };

/** One answer of a source. */
export interface Page {
  readonly posts: readonly PostDraft[];
  /** Where the next fetch resumes once this page is stored. */
  readonly cursor: Cursor;
  /** What could not be read and was left out, in words ("line 12: not JSON"). The run goes on. */
  readonly warnings: readonly string[];
}

export interface FetchOptions {
  /** Null on the first fetch ever. */
  readonly cursor: Cursor | null;
  /** Aborting ends the iteration with the signal's reason as soon as possible. */
  readonly signal: AbortSignal;
  /** Called for a state that lasts: waiting for a rate limit, a retry. Words for the screen. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * A configured place that posts come from.
 *
 * - `fetch` yields pages, each with the cursor that is valid once that page is
 *   stored. A consumer may stop after any page; fetching again from that
 *   page's cursor must miss nothing. Items may come again: identity is
 *   (source, externalId), and the store keeps one.
 * - A source that has nothing new yields nothing or one empty page.
 * - A broken item is left out with a warning; only a failure of the whole
 *   source throws. What a person can mend throws `UserError` with a fix.
 * - Retries, spacing and limits are the source's own affair: when `fetch`
 *   throws, trying again at once is pointless.
 * - It never writes to the store and never logs post text.
 */
export interface Source {
  readonly name: string;
  readonly kind: string;
  fetch(options: FetchOptions): AsyncIterable<Page>;
}
