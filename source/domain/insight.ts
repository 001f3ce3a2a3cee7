/** A span of time, `until` excluded. Milliseconds, UTC. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** What is asked about: a span, and the signals that a search finds (all when absent). */
export interface InsightRequest extends Span {
  /** In the language of searches; a view is asked about by its search. */
  readonly search?: string;
  /** How wide a bucket is; chosen by the length of the span when absent. Days are those of `timeZone`. */
  readonly bucket?: 'hour' | 'day';
  /** IANA name; the machine's own when absent. */
  readonly timeZone?: string;
}

/** A count over time, beside the same count in the span of equal length before. */
export interface Trend {
  readonly total: number;
  readonly before: number;
  /** One number a bucket, oldest first; as many as `Insight.bucketStarts`. */
  readonly buckets: readonly number[];
}

/** Something that is counted by name, and the search that finds the signals behind it. */
export interface Leader {
  readonly name: string;
  readonly count: number;
  readonly before: number;
  readonly search: string;
}

/** A term that is said more often than it was (log-likelihood ratio against its own past). */
export interface RisingTerm extends Leader {
  readonly score: number;
}

/** A bucket in which far more was said than usual. */
export interface InsightSpike extends Span {
  readonly category: string | null;
  readonly count: number;
  readonly usual: number;
  readonly search: string;
}

/** How triage keeps up. */
export interface Pace {
  /** Signals by when their lead post was written. */
  readonly opened: Trend;
  /** Signals by when the decision was made that stands now. */
  readonly decided: Trend;
  /** From a signal's first post in the store to its first decision; null when nothing was decided in the span. */
  readonly medianToDecisionMs: number | null;
  readonly medianToDecisionBeforeMs: number | null;
  readonly inbox: number;
  readonly oldestInboxAt: number | null;
  /** Signals of the inbox by age: under an hour, a day, three days, a week, older. */
  readonly inboxAges: readonly { readonly label: string; readonly count: number; readonly search: string }[];
}

/**
 * What was said in a span, how that compares with the span before, and how
 * triage keeps up. A signal counts at the time at which its lead post was
 * written, not at that of its arrival, so that the searches `since:` and
 * `before:` find what was counted.
 */
export interface Insight {
  readonly span: Span;
  readonly previous: Span;
  readonly bucket: 'hour' | 'day';
  /** Start of each bucket, oldest first. */
  readonly bucketStarts: readonly number[];
  /** By when each was written: echoes too. With a search, the posts of the signals of both spans that it finds. */
  readonly posts: Trend;
  readonly signals: Trend;
  /** In the order of the taxonomy. */
  readonly categories: readonly (Trend & { readonly category: string; readonly search: string })[];
  readonly sentiment: {
    readonly negative: Trend;
    readonly neutral: Trend;
    readonly positive: Trend;
  };
  readonly sources: readonly Leader[];
  readonly authors: readonly Leader[];
  readonly tags: readonly Leader[];
  readonly terms: readonly RisingTerm[];
  readonly spikes: readonly InsightSpike[];
  readonly pace: Pace;
  /** The books are kept by day (UTC): each day counts where it begins. */
  readonly spend: {
    readonly totalUsd: number;
    readonly beforeUsd: number;
    readonly usdByBucket: readonly number[];
  };
  /** True when the time for the answer was over before all was read, so that counts are lower bounds. */
  readonly capped: boolean;
  /** True when the spans have so many signals that authors and terms were looked for in a part of them. */
  readonly sampled: boolean;
}
