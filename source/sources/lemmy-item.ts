import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import { count, optionalText } from './answer-fields.ts';
import { parseFeedDate } from './feed-date.ts';
import { foldSpace } from './html-text.ts';
import type { LooseDraft } from './numbered-pages.ts';

/** Times without a zone, which versions before 0.19 send, are UTC. */
const published = z.string().transform((text) => parseFeedDate(text));
const flag = z.boolean().catch(false);
const webAddress = z.url({ protocol: /^https?$/ });
const creator = z.object({ name: optionalText }).nullish().catch(null);
const postSchema = z.object({
  post: z.object({
    ap_id: webAddress,
    name: z.string(),
    body: optionalText,
    url: webAddress.nullish().catch(null),
    published,
    removed: flag,
    deleted: flag,
  }),
  creator,
  counts: z.object({ score: count, comments: count }).nullish().catch(null),
});
const commentSchema = z.object({
  comment: z.object({
    ap_id: webAddress,
    content: z.string(),
    published,
    removed: flag,
    deleted: flag,
  }),
  creator,
  post: z.object({ ap_id: webAddress, name: optionalText }).nullish().catch(null),
  counts: z.object({ score: count, child_count: count }).nullish().catch(null),
});

/** A post as a draft, its text in Markdown as it was written; `gone` when it was removed, null when it cannot be read. */
export function draftLemmyPost(candidate: unknown): LooseDraft | 'gone' | null {
  const view = postSchema.safeParse(candidate).data;
  if (!view) return null;
  const { post, counts } = view;
  if (post.removed || post.deleted) return 'gone';
  const title = foldSpace(post.name);
  if (title === '' || post.published === null) return null;
  const draft = draftPost({
    externalId: post.ap_id,
    url: post.ap_id,
    link: post.url ?? post.ap_id,
    author: view.creator?.name ?? null,
    title,
    text: (post.body ?? '').replace(/\r\n?/g, '\n').trim(),
    createdAt: post.published,
    engagement: { likes: counts?.score ?? 0, reposts: 0, replies: counts?.comments ?? 0, quotes: 0 },
  });
  return { at: Math.floor(post.published / 1000), draft };
}

/** The same for a comment, with the post that it answers. */
export function draftLemmyComment(candidate: unknown): LooseDraft | 'gone' | null {
  const view = commentSchema.safeParse(candidate).data;
  if (!view) return null;
  const { comment, counts } = view;
  if (comment.removed || comment.deleted) return 'gone';
  const text = comment.content.replace(/\r\n?/g, '\n').trim();
  if (text === '' || comment.published === null) return null;
  const draft = draftPost({
    externalId: comment.ap_id,
    url: comment.ap_id,
    author: view.creator?.name ?? null,
    text,
    createdAt: comment.published,
    engagement: { likes: counts?.score ?? 0, reposts: 0, replies: counts?.child_count ?? 0, quotes: 0 },
    parentUrl: view.post?.ap_id ?? null,
    parentText: foldSpace(view.post?.name ?? '') || null,
  });
  return { at: Math.floor(comment.published / 1000), draft };
}
