import type { Label, LabelDraft } from '../domain/label.ts';
import type { RelevanceDecision } from '../domain/relevance.ts';
import type { RelevanceSubject } from '../domain/relevance-features.ts';
import type { Teaching } from './teacher.ts';

/** A signal of the inbox with the relevance of its present score. */
export interface ScoredSubject extends RelevanceSubject {
  readonly signalId: number;
  readonly rank: number;
  readonly relevance: number;
}

/** When what was learned was thrown away. Earlier decisions and labels are not learned from. Milliseconds, UTC; 0 is never. */
export interface LearningResets {
  readonly relevanceAt: number;
  readonly correctionsAt: number;
}

/** What the analyst has taught. Every method that writes is one transaction. */
export interface LearningStore {
  /** Newest first. `after`: only those made after that time. */
  labels(query: { readonly limit: number; readonly after: number }): Promise<readonly Label[]>;
  /** Changes whenever a label does. Cheap. */
  labelsVersion(): Promise<string>;
  countLabels(): Promise<number>;
  /** Uncorrected posts of the time of the labels, at most `limit`; posts that arrive later do not change them. */
  usualPosts(limit: number): Promise<Teaching['usual']>;
  /** A label of a text that is labelled already replaces it, unless it belongs to a signal. Returns how many were written. */
  importLabels(
    labels: readonly LabelDraft[],
  ): Promise<{ readonly added: number; readonly replaced: number; readonly kept: number }>;
  /** Returns how many were there to be removed. */
  removeLabels(ids: readonly number[]): Promise<number>;

  /** Which signals count as kept and dismissed, newest decisions first: identities alone, to see whether anything changed. */
  decidedSignals(query: {
    readonly limit: number;
    readonly after: number;
  }): Promise<readonly { readonly signalId: number; readonly kept: boolean }[]>;
  /** What those signals are; one that is gone is left out. */
  relevanceSubjects(
    signalIds: readonly number[],
  ): Promise<readonly (RelevanceSubject & { readonly signalId: number })[]>;
  decisionsOf(
    signals: readonly { readonly signalId: number; readonly kept: boolean }[],
  ): Promise<readonly RelevanceDecision[]>;
  /** Scored signals of the inbox, highest rank first, from a place on. */
  inboxSubjects(
    limit: number,
    below: { readonly rank: number; readonly signalId: number } | null,
  ): Promise<readonly ScoredSubject[]>;
  /** Makes signals due for scoring. */
  makeScoresDue(signalIds: readonly number[]): Promise<void>;

  learningResets(): Promise<LearningResets>;
  resetLearning(
    what: { readonly relevance: boolean; readonly corrections: boolean },
    at: number,
  ): Promise<void>;
  /** Of the relevance model that the inbox was last scored with; null when none was. */
  relevanceVersion(): Promise<string | null>;
  saveRelevanceVersion(version: string): Promise<void>;
}
