import type { Analysis } from './analysis.ts';
import type { Engagement, Post } from './post.ts';
import type { ScoreFactors } from './score.ts';
import type { Snooze } from './triage.ts';

export const signalStatuses = ['inbox', 'escalated', 'resolved', 'dismissed', 'snoozed'] as const;
export type SignalStatus = (typeof signalStatuses)[number];

/** One row of a list: the signal with its lead post's face. */
export interface SignalRow {
  readonly id: number;
  readonly status: SignalStatus;
  /** Source name and kind of the lead post. */
  readonly source: string;
  readonly kind: string;
  readonly author: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly url: string | null;
  /** When the lead post was written. Milliseconds, UTC. */
  readonly createdAt: number;
  /** When its newest echo was written; equals `createdAt` without echoes. */
  readonly lastSeenAt: number;
  /** Posts that joined the lead post: 0 when it is alone. */
  readonly echoes: number;
  /** Null until analyzed. */
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly urgency: number | null;
  /** Time-invariant sort key; null until scored. */
  readonly rank: number | null;
  /** 0–100 at the time of reading; null until scored. */
  readonly salience: number | null;
  /** Those of the analysis, until the analyst has changed them. */
  readonly tags: readonly string[];
  readonly assignee: string | null;
  /** What wakes it; null unless snoozed. */
  readonly snooze: Snooze | null;
  /** It was resolved, and then came up again. */
  readonly regressed: boolean;
}

/** Everything about one signal. */
export interface SignalDetail extends SignalRow {
  readonly lang: string | null;
  readonly engagement: Engagement;
  readonly parentUrl: string | null;
  readonly parentText: string | null;
  readonly analysis: Analysis | null;
  /** Stored when the signal was last scored. */
  readonly factors: ScoreFactors | null;
  /** The score in one sentence; null until scored. */
  readonly explanation: string | null;
  /** All posts, lead first, then echoes oldest first (at most 200). */
  readonly posts: readonly Post[];
  /** Newest first. */
  readonly notes: readonly Note[];
  /** Which of category, sentiment and urgency are the analyst's own words. */
  readonly corrected: readonly ('category' | 'sentiment' | 'urgency')[];
  readonly journal: readonly JournalEntry[];
}

export interface Note {
  readonly id: number;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly author: string;
  readonly text: string;
}

/** One decision, as the triage journal remembers it. */
export interface JournalEntry {
  readonly id: number;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly action: string;
  /** Who: the analyst at this machine, `program`, or the name of an API key. */
  readonly actor: string;
  readonly signals: number;
  readonly undoneAt: number | null;
}
