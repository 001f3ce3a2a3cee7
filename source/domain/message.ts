import type { Digest } from './digest.ts';
import type { Engagement } from './post.ts';
import type { EventKind } from './rules.ts';
import type { SignalDetail } from './signal.ts';

/** What a message says of a signal. */
export interface SignalFacts {
  readonly id: number;
  readonly status: string;
  readonly category: string;
  readonly sentiment: string;
  readonly urgency: number;
  /** When the message was made, 0–100. */
  readonly salience: number;
  /** The score in one sentence. */
  readonly explanation: string;
  /** Source name and kind of the lead post. */
  readonly source: string;
  readonly kind: string;
  readonly author: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly url: string | null;
  /** When the lead post was written. Milliseconds, UTC. */
  readonly createdAt: number;
  readonly engagement: Engagement;
  readonly echoes: number;
  /** Of all its posts, that of the lead first. */
  readonly sources: readonly string[];
  readonly tags: readonly string[];
}

/** Why a signal is told: it is new to the rule, its snooze is over, or it was resolved and came up again. */
export type Occasion = 'new' | 'woke' | 'regressed';

/** What one delivery says. Plain data; a notifier gives it the form of its service. */
export type Message =
  | {
      readonly type: 'signal';
      readonly rule: string;
      readonly occasion: Occasion;
      readonly template: string;
      readonly signal: SignalFacts;
    }
  /** What became of a signal that was told. */
  | {
      readonly type: 'update';
      readonly rule: string;
      readonly signal: SignalFacts;
      /** "+12 reports, now on hn and x". */
      readonly change: string;
      /** The analyst escalated it: whoever reads along should see that. */
      readonly escalated: boolean;
    }
  | { readonly type: 'digest'; readonly rule: string; readonly digest: Digest }
  | {
      readonly type: 'spike';
      readonly rule: string;
      readonly phase: 'start' | 'peak' | 'end';
      /** "category outage". */
      readonly subject: string;
      readonly startedAt: number;
      readonly endedAt: number | null;
      /** Posts of the last hour, or at the peak. */
      readonly count: number;
      readonly usual: number;
      readonly peak: number;
      readonly peakAt: number;
      /** Most salient signals of the last hour. */
      readonly top: readonly { readonly id: number; readonly headline: string }[];
    }
  /** What is no signal: somebody gave feedback, for one. */
  | {
      readonly type: 'event';
      readonly rule: string;
      readonly event: EventKind;
      /** One line. */
      readonly title: string;
      /** As much as there is to say; may be empty. */
      readonly text: string;
      /** When it happened. Milliseconds, UTC. */
      readonly at: number;
    }
  /** Nothing has happened: somebody wants to see whether messages arrive. */
  | { readonly type: 'test'; readonly rule: string };

export function factsOf(detail: SignalDetail): SignalFacts {
  const { id, status, urgency, source, kind, author, title, text, url, createdAt, engagement, echoes } =
    detail;
  return {
    id,
    status,
    category: detail.category ?? 'other',
    sentiment: detail.sentiment ?? 'neutral',
    urgency: urgency ?? 0,
    salience: detail.salience ?? 0,
    explanation: detail.explanation ?? 'not scored yet',
    source,
    kind,
    author,
    title,
    text,
    url,
    createdAt,
    engagement,
    echoes,
    sources: [...new Set([source, ...detail.posts.map((post) => post.source)])],
    tags: detail.tags,
  };
}

/** The first words of a signal on one line. */
export function headlineOf({
  title,
  text,
}: {
  readonly title: string | null;
  readonly text: string;
}): string {
  return (title ?? text).replace(/\s+/g, ' ').trim() || '(no text)';
}
