import { z } from 'zod';
import { draftPost, type Engagement, type PostDraft } from '../domain/post.ts';
import { anyList, count, isoTime, optionalText } from './answer-fields.ts';

/** What is asked of a post: https://docs.x.com/x-api/fundamentals/data-dictionary */
export const postFields = {
  'tweet.fields':
    'id,text,note_tweet,author_id,created_at,lang,public_metrics,referenced_tweets,conversation_id,entities',
  expansions: 'author_id,referenced_tweets.id',
  'user.fields': 'username,name,verified,public_metrics',
} as const;

/** A post's number. It holds the time of writing: see `timeOfId`. */
export const postId = z.string().regex(/^\d{1,19}$/);

const metrics = z
  .object({ like_count: count, retweet_count: count, reply_count: count, quote_count: count })
  .transform(
    (counts): Engagement => ({
      likes: counts.like_count,
      reposts: counts.retweet_count,
      replies: counts.reply_count,
      quotes: counts.quote_count,
    }),
  );
const noMetrics = { likes: 0, reposts: 0, replies: 0, quotes: 0 };

const urlSchema = z.object({ url: z.string().min(1), expanded_url: optionalText, unwound_url: optionalText });
const entities = z.object({ urls: anyList }).catch({ urls: [] });
const referenceSchema = z.object({ type: z.string(), id: postId });

const postSchema = z.object({
  id: postId,
  text: z.string(),
  note_tweet: z.object({ text: z.string(), entities }).nullish().catch(null),
  author_id: optionalText,
  created_at: isoTime,
  lang: optionalText,
  public_metrics: metrics.catch(noMetrics),
  referenced_tweets: anyList,
  entities,
});
type XPost = z.infer<typeof postSchema>;

/** The counts alone, as `refresh` asks for them. */
export const countsSchema = z.object({ id: postId, public_metrics: metrics });

const userSchema = z.object({ id: z.string(), username: z.string().regex(/^\w{1,50}$/) });

/** What an answer holds beside its posts: their authors, and the posts that they refer to. */
export interface Includes {
  readonly usernames: ReadonlyMap<string, string>;
  readonly posts: ReadonlyMap<string, XPost>;
}

export function readIncludes(includes: { users: readonly unknown[]; tweets: readonly unknown[] }): Includes {
  const users = readAll(includes.users, userSchema);
  const posts = readAll(includes.tweets, postSchema);
  return {
    usernames: new Map(users.map((user) => [user.id, user.username])),
    posts: new Map(posts.map((post) => [post.id, post])),
  };
}

/** Null for what is no post. */
export function draftXPost(item: unknown, includes: Includes): PostDraft | null {
  const parsed = postSchema.safeParse(item);
  if (!parsed.success) return null;
  const post = parsed.data;
  const author = includes.usernames.get(post.author_id ?? '') ?? null;
  const references = readAll(post.referenced_tweets, referenceSchema);
  const parent = ['replied_to', 'quoted', 'retweeted']
    .map((type) => references.find((reference) => reference.type === type))
    .find((reference) => reference !== undefined);
  const original = parent && includes.posts.get(parent.id);
  const text = textOf(post);
  // The text of a retweet is cut off at 140 characters or so; its original is whole.
  const retweet = parent?.type === 'retweeted' ? /^RT @\w+: /.exec(text)?.[0] : undefined;
  return draftPost({
    externalId: post.id,
    url: `https://x.com/${author ?? 'i'}/status/${post.id}`,
    link: linkOf(post),
    author,
    text: retweet !== undefined && original ? retweet + textOf(original) : text,
    lang: languageOf(post.lang),
    createdAt: post.created_at ?? timeOfId(post.id),
    engagement: post.public_metrics,
    parentUrl: parent ? `https://x.com/i/status/${parent.id}` : null,
    parentText: original ? textOf(original) : null,
  });
}

/** As people read it: the long form where there is one, t.co links as what they stand for. */
function textOf(post: XPost): string {
  let { text } = post.note_tweet ?? post;
  for (const { url, expanded_url, unwound_url } of urlsOf(post)) {
    text = text.replaceAll(url, unwound_url ?? expanded_url ?? url);
  }
  // The API escapes these three characters and no others.
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The first page outside X; links to X are its own photos and the posts it quotes. */
function linkOf(post: XPost): string | null {
  const links = urlsOf(post).map((url) => url.unwound_url ?? url.expanded_url ?? '');
  return links.find((link) => /^https?:\/\/(?!(?:\w+\.)?(?:x|twitter)\.com[/?#])/i.test(link)) ?? null;
}

function urlsOf(post: XPost) {
  return readAll([...post.entities.urls, ...(post.note_tweet?.entities.urls ?? [])], urlSchema);
}

/** X has codes of its own for what is in no language: `und`, `zxx`, `art`, `qme` and the like. */
function languageOf(lang: string | null): string | null {
  return lang === null || /^(?:und|zxx|art|q..)$/.test(lang) ? null : lang;
}

/** Ids count milliseconds since this moment in all but their lowest 22 bits ("snowflakes"). */
const snowflakeEpoch = 1_288_834_974_657;

/** When a post was written, milliseconds UTC. */
export function timeOfId(id: string): number {
  return Number(BigInt(id) >> 22n) + snowflakeEpoch;
}

/** The id below every post that was written at `at` or later. */
export function idOfTime(at: number): string {
  return String(BigInt(Math.max(0, Math.floor(at) - snowflakeEpoch)) << 22n);
}

export function readAll<Shape extends z.ZodType>(items: readonly unknown[], shape: Shape): z.infer<Shape>[] {
  return items.flatMap((item) => {
    const parsed = shape.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}
