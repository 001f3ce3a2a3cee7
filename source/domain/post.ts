/** Public reactions to a post, as counted by its source. Whole numbers, 0 when the source has no such count. */
export interface Engagement {
  readonly likes: number;
  readonly reposts: number;
  readonly replies: number;
  readonly quotes: number;
}

export const noEngagement: Engagement = { likes: 0, reposts: 0, replies: 0, quotes: 0 };

/**
 * One item as a source read it, before the program's own identity is added.
 * Text is decoded and readable (no HTML), but not yet cleaned: the fetch stage
 * passes every draft through `cleanDraft`, so no source can forget to.
 */
export interface PostDraft {
  /** The source's own stable name for the item: unique within the source. */
  readonly externalId: string;
  /** Where a person reads it; http or https. */
  readonly url: string | null;
  /** The page that the post is about: its own for an article, the linked one for a post that shares a link. */
  readonly link: string | null;
  readonly author: string | null;
  readonly title: string | null;
  readonly text: string;
  /** Primary language subtag (`en`, `ja`) when the source says it. */
  readonly lang: string | null;
  /** Milliseconds, UTC; null when the source gives no usable date. */
  readonly createdAt: number | null;
  readonly engagement: Engagement;
  /** What this post answers, where the source says so. */
  readonly parentUrl: string | null;
  readonly parentText: string | null;
}

/** A draft that passed `cleanDraft`: safe to store and to draw. */
export interface CleanPost extends PostDraft {
  readonly createdAt: number;
}

/** A stored post. */
export interface Post extends CleanPost {
  readonly id: number;
  readonly source: string;
  readonly kind: string;
  /** When this program first saw it. Milliseconds, UTC. */
  readonly fetchedAt: number;
  /** Null until the group stage has placed it. */
  readonly signalId: number | null;
}

type DraftFields = Pick<PostDraft, 'externalId' | 'text'> & Partial<Omit<PostDraft, 'externalId' | 'text'>>;

/** A draft with every field that was not given set to "unknown". */
export function draftPost(fields: DraftFields): PostDraft {
  return {
    url: null,
    link: null,
    author: null,
    title: null,
    lang: null,
    createdAt: null,
    engagement: noEngagement,
    parentUrl: null,
    parentText: null,
    ...fields,
  };
}
