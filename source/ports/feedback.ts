import type { Feedback } from '../domain/feedback.ts';

export interface FeedbackQuery {
  readonly limit: number;
  /** Older than the one with this id. */
  readonly before?: number;
  /** Given after this time. Milliseconds, UTC. */
  readonly since?: number;
}

/** What people say of the program. Every method is one transaction. */
export interface FeedbackStore {
  /** Resolves with its id; null, and nothing is kept, when there are `most` already. */
  addFeedback(feedback: Omit<Feedback, 'id'>, most: number): Promise<number | null>;
  /** Newest first. */
  feedback(query: FeedbackQuery): Promise<readonly Feedback[]>;
  feedbackById(id: number): Promise<Feedback | null>;
  /** Takes it away with every message about it in the ledger, named by `reasons`; returns how many there were. */
  removeFeedback(ids: readonly number[], reasons: readonly string[]): Promise<number>;
}
