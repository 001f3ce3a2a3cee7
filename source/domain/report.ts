import type { Sentiment } from './analysis.ts';
import type { Insight } from './insight.ts';
import type { SignalStatus } from './signal.ts';

/**
 * What a team is told of a span: plain data, which the formats are drawn from.
 * Fields are added to it, never taken away or changed; when that cannot be
 * helped, `version` is one higher.
 */
export interface Report {
  readonly version: 1;
  /** What is listened to, from the configuration; '' when it says nothing. */
  readonly topic: string;
  /** Milliseconds, UTC, like every time here. */
  readonly madeAt: number;
  /** IANA name of the zone whose days are counted, and in which times are written. */
  readonly timeZone: string;
  /** Name of the view that was asked for. */
  readonly view: string | null;
  /** The search that chose the signals; null for all. */
  readonly search: string | null;
  readonly insight: Insight;
  /** In the order of the taxonomy; one without signals now and before is left out. */
  readonly categories: readonly CategoryReport[];
  readonly decisions: DecisionReport;
  readonly method: ReportMethod;
}

export interface CategoryReport {
  readonly category: string;
  /** As the taxonomy describes it. */
  readonly description: string;
  /** Most salient first. */
  readonly examples: readonly ReportExample[];
}

/** A signal as a report quotes it. */
export interface ReportExample {
  readonly id: number;
  readonly status: SignalStatus;
  /** Of the lead post, cut. */
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
  readonly source: string;
  /** http or https. */
  readonly url: string | null;
  readonly createdAt: number;
  /** Posts that joined the lead post. */
  readonly echoes: number;
  readonly category: string | null;
  readonly sentiment: Sentiment | null;
  readonly urgency: number | null;
  /** 0–100, as if read at the moment of writing, so that early and late signals of a span compare. */
  readonly salience: number | null;
}

/** What people decided in the span. What was taken back is not counted, nor what the program did by itself. */
export interface DecisionReport {
  /** Entries of the journal; one may be about many signals. */
  readonly decisions: number;
  /** Signals that any of them was about. */
  readonly signals: number;
  /** By what was done, most signals first: a status, or `assigned`, `tagged`, `corrected`, `noted`, `merged`, `split`. */
  readonly outcomes: readonly { readonly outcome: string; readonly signals: number }[];
  /** By who decided, most signals first. */
  readonly people: readonly PersonReport[];
  /** Signals that were escalated in the span and still are, newest decision first. */
  readonly escalated: readonly (ReportExample & { readonly by: string; readonly decidedAt: number })[];
  /** True when there were more decisions than are read. */
  readonly capped: boolean;
}

export interface PersonReport {
  /** The analyst at this machine, or the name of an API key. */
  readonly actor: string;
  readonly decisions: number;
  readonly signals: number;
  /** From a signal's first post in the store to its first decision, of those whose first it was; null without any. */
  readonly medianToDecisionMs: number | null;
}

export interface ReportMethod {
  readonly programVersion: string;
  /** Who categorized the signals of the span; `capped` counts are lower bounds. */
  readonly analyzers: readonly {
    readonly analyzer: string;
    readonly signals: number;
    readonly capped: boolean;
  }[];
  /** Signals of the span that nobody has analyzed yet. */
  readonly unanalyzed: { readonly signals: number; readonly capped: boolean };
  /** Sources that could not be read when they were asked last, in words. */
  readonly failing: readonly string[];
  /** Examples a category, at most. */
  readonly examplesPerCategory: number;
  /** True when time was up before the whole span was looked through for examples: its beginning was not. */
  readonly examplesCapped: boolean;
}
