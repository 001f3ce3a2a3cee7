import type { Engagement, PostDraft } from '../domain/post.ts';
import type { QuotaLeft } from '../domain/run.ts';

/** How much a service lets us ask before it wants a pause. */
export type Quota = QuotaLeft;

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
  /** Metered items that this page was charged for; 0 or absent where reading is free. */
  readonly reads?: number;
}

/** What a post's counts are now. */
export interface EngagementUpdate {
  readonly externalId: string;
  readonly engagement: Engagement;
}

export interface FetchOptions {
  /** Null on the first fetch ever. */
  readonly cursor: Cursor | null;
  /** Aborting ends the iteration with the signal's reason as soon as possible. */
  readonly signal: AbortSignal;
  /** Called for a state that lasts: waiting for a rate limit, a retry. Words for the screen. */
  readonly onNotice?: (notice: string) => void;
  /**
   * A backfill: read from this time (milliseconds UTC) on, whatever the kind's
   * own first reach. Given together with a null cursor. What the service no
   * longer has is said in a warning of the first page: a gap is never silent.
   */
  readonly since?: number;
  /** Called when an answer tells how much may still be asked. */
  readonly onQuota?: (quota: Quota) => void;
  /**
   * Metered sources ask before each request how many items they may be charged
   * for: 0 to `wanted`. One that gets fewer than its smallest request ends,
   * with a cursor that misses nothing. Absent: no limit.
   */
  readonly reserveReads?: (wanted: number) => number;
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
 *   throws, trying again at once is pointless. A limit that lasts longer than a
 *   run may wait is `UserError` `rate-limited`: a state with an end, not a failure.
 * - It never writes to the store and never logs post text.
 */
export interface Source {
  readonly name: string;
  readonly kind: string;
  /** US dollars a metered item costs; 0 or absent where reading is free. */
  readonly pricePerRead?: number;
  fetch(options: FetchOptions): AsyncIterable<Page>;
  /**
   * The counts of known posts as they are now, where the service tells them
   * for a list of ids; posts that are gone are left out. Charged like `fetch`.
   */
  refresh?(
    externalIds: readonly string[],
    options: Omit<FetchOptions, 'cursor' | 'since'>,
  ): AsyncIterable<readonly EngagementUpdate[]>;
}
