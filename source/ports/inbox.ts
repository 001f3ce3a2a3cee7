import type { PostDraft } from '../domain/post.ts';

export interface PushedPost {
  /** Grows; never given twice. */
  readonly id: number;
  readonly draft: PostDraft;
}

/** Where pushed posts wait until a run takes them. */
export interface PushInbox {
  /** Posts of a source behind `afterId`, in the order in which they came. */
  pushed(source: string, afterId: number, limit: number): Promise<readonly PushedPost[]>;
}

export interface Push {
  readonly source: string;
  readonly drafts: readonly PostDraft[];
  /** With a key, a push that comes again changes nothing and gets the answer of the first. */
  readonly idempotency: {
    readonly actor: string;
    readonly key: string;
    /** SHA-256 of what was sent: the same key with other content is refused. */
    readonly request: string;
  } | null;
}

export type PushResult =
  | { readonly state: 'stored' | 'replayed'; readonly accepted: number }
  /** The key was used for something else. */
  | { readonly state: 'conflict' };

export interface PushStore extends PushInbox {
  /** One transaction: all of it waits, or nothing does. */
  push(push: Push, at: number): Promise<PushResult>;
  /** Forgets pushed posts that their source has taken, and idempotency keys older than `olderThan`. */
  prunePushed(olderThan: number): Promise<void>;
}
