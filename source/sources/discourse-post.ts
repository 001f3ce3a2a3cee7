import { z } from 'zod';
import { draftPost, type Engagement } from '../domain/post.ts';
import { count, isoTime, optionalText } from './answer-fields.ts';
import { foldSpace, htmlToText } from './html-text.ts';
import type { LooseDraft } from './numbered-pages.ts';

const topicSchema = z.object({
  id: z.number(),
  title: z.string(),
  slug: optionalText,
  posts_count: count,
});
type Topic = z.infer<typeof topicSchema>;

const postSchema = z.object({
  id: z.number(),
  topic_id: z.number(),
  post_number: z.number(),
  username: optionalText,
  created_at: isoTime,
  like_count: count,
  blurb: optionalText,
});

/** A like is the action of type 2. An action that nobody took has no number, or is not listed. */
const likeAction = 2;
const shownSchema = z.object({
  id: z.number(),
  post_number: z.number(),
  user_deleted: z.boolean().catch(false),
  actions_summary: z.array(z.object({ id: z.number(), count })),
});

/**
 * The counts of a reply in `/posts/<id>.json`; null when they are not told.
 * Those of a topic's first post are not: how many posts a topic has is said elsewhere.
 */
export function readReplyCounts(candidate: unknown, externalId: string): Engagement | null {
  const post = shownSchema.safeParse(candidate).data;
  if (!post || String(post.id) !== externalId || post.user_deleted || post.post_number === 1) return null;
  const likes = post.actions_summary.find(({ id }) => id === likeAction)?.count ?? 0;
  return { likes, reposts: 0, replies: 0, quotes: 0 };
}

/** The topics of a search by number; the posts only name them. */
export function readTopics(candidates: readonly unknown[]): ReadonlyMap<number, Topic> {
  const topics = candidates.flatMap((candidate) => topicSchema.safeParse(candidate).data ?? []);
  return new Map(topics.map((topic) => [topic.id, topic]));
}

/**
 * A search shows the beginning or the matching part of a post, about 300
 * characters, as HTML. A reply carries the topic that it is part of.
 */
export function draftForumPost(
  candidate: unknown,
  topics: ReadonlyMap<number, Topic>,
  base: string,
): LooseDraft | null {
  const post = postSchema.safeParse(candidate).data;
  if (!post || post.created_at === null) return null;
  const topic = topics.get(post.topic_id);
  const topicTitle = foldSpace(topic?.title ?? '') || null;
  const isFirst = post.post_number === 1;
  const text = htmlToText(post.blurb ?? '');
  if (text === '' && !(isFirst && topicTitle !== null)) return null;
  const topicUrl = `${base}/t/${topic?.slug ?? '-'}/${post.topic_id}`;
  const draft = draftPost({
    externalId: String(post.id),
    url: `${topicUrl}/${post.post_number}`,
    link: isFirst ? topicUrl : null,
    author: post.username,
    title: isFirst ? topicTitle : null,
    text,
    createdAt: post.created_at,
    engagement: {
      likes: post.like_count,
      reposts: 0,
      replies: isFirst ? Math.max(0, (topic?.posts_count ?? 1) - 1) : 0,
      quotes: 0,
    },
    parentUrl: isFirst ? null : topicUrl,
    parentText: isFirst ? null : topicTitle,
  });
  return { at: Math.floor(post.created_at / 1000), draft };
}
