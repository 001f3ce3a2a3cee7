import { z } from 'zod';
import { draftPost, type PostDraft } from '../domain/post.ts';
import { anyList, count, optionalText } from './answer-fields.ts';
import { foldSpace } from './html-text.ts';

const site = 'https://www.reddit.com';

/** A list of things: https://www.reddit.com/dev/api#listings */
export const listingSchema = z.object({
  kind: z.literal('Listing'),
  data: z.object({ after: optionalText, children: anyList }),
});

/** The name of a post in every answer of Reddit and in its feeds. */
export const fullname = z.string().regex(/^t3_[a-z0-9]{1,13}$/);

const postSchema = z.object({
  kind: z.literal('t3'),
  data: z.object({
    name: fullname,
    title: optionalText,
    selftext: optionalText,
    author: optionalText,
    created_utc: z.number().nullable().catch(null),
    permalink: optionalText,
    url: optionalText,
    is_self: z.boolean().catch(false),
    score: count,
    num_comments: count,
  }),
});

/** Null for what is no post, or a post of which nothing is left. Text stays in Markdown, as written. */
export function draftRedditPost(item: unknown): PostDraft | null {
  const parsed = postSchema.safeParse(item);
  if (!parsed.success) return null;
  const { data: post } = parsed.data;
  const title = foldSpace(written(post.title));
  const text = written(post.selftext).trim();
  if (title === '' && text === '') return null;
  return draftPost({
    externalId: post.name,
    // A search adds to it where it was found.
    url:
      absolute(post.permalink?.split('?')[0] ?? null) ?? `${site}/comments/${post.name.slice('t3_'.length)}/`,
    link: post.is_self ? null : absolute(post.url),
    author: written(post.author) || null,
    title: title || null,
    text,
    createdAt: post.created_utc === null ? null : Math.trunc(post.created_utc * 1000),
    engagement: { likes: post.score, reposts: 0, replies: post.num_comments, quotes: 0 },
  });
}

/** The counts of one post, as `refresh` reads them. */
export function redditCounts(item: unknown) {
  const parsed = postSchema.safeParse(item);
  if (!parsed.success) return [];
  const { name, score, num_comments } = parsed.data.data;
  return [{ externalId: name, engagement: { likes: score, reposts: 0, replies: num_comments, quotes: 0 } }];
}

/** What stands in place of words that were taken back is none. */
function written(text: string | null): string {
  return /^\s*\[(?:deleted|removed|deleted by user|removed by reddit)\]\s*$/i.test(text ?? '')
    ? ''
    : (text ?? '');
}

function absolute(address: string | null): string | null {
  return address !== null && URL.canParse(address, site) ? new URL(address, site).href : null;
}
