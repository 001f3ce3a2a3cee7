import { z } from 'zod';
import { draftPost, type PostDraft } from '../domain/post.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { EngagementUpdate, FetchOptions } from '../ports/source.ts';
import { anyList, count, draftItems, isoTime, optionalText, quoteMessage } from './answer-fields.ts';
import { callApi } from './api.ts';
import { htmlToText, titleToText } from './html-text.ts';
import type { HttpAnswer } from './http.ts';
import type { SourceTools } from './kind.ts';
import type { ListPage } from './newest-walk.ts';
import { nextPacificMidnight } from './pacific-midnight.ts';
import { badKeyError, badQueryError } from './service-error.ts';

/** The most ids that one request may name. */
const videosPerRequest = 50;
export const keyVariable = 'YOUTUBE_API_KEY';
/** "userRateLimitExceeded" and its like are counted by the minute. */
const minutePauseMs = 60_000;
const dayQuotas = new Set(['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceededUnreg']);
const minuteLimits = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);

export interface YoutubeCall {
  readonly tools: SourceTools;
  readonly request: Omit<FetchOptions, 'cursor' | 'since'>;
  readonly apiUrl: string;
  readonly key: string;
}

const listSchema = z.object({ items: z.array(z.unknown()), nextPageToken: optionalText });
const refusalSchema = z.object({ error: z.object({ message: optionalText, errors: anyList }) });
const mistakeSchema = z.object({ reason: z.string() });

const videoSchema = z.object({
  id: z.object({ videoId: z.string().min(1) }),
  snippet: z.object({
    publishedAt: isoTime,
    title: z.string().min(1),
    description: optionalText,
    channelTitle: optionalText,
  }),
});
/** Counts are told as text; likes that a channel hides and comments that are off are not told at all. */
const toldCount = z.string().regex(/^\d+$/).transform(Number);
const statisticsSchema = z.object({
  id: z.string(),
  statistics: z.object({ likeCount: toldCount, commentCount: toldCount }),
});
const threadSchema = z.object({
  snippet: z.object({
    videoId: optionalText,
    totalReplyCount: count,
    topLevelComment: z.object({
      id: z.string().min(1),
      snippet: z.object({
        textOriginal: optionalText,
        textDisplay: optionalText,
        authorDisplayName: optionalText,
        likeCount: count,
        publishedAt: isoTime,
      }),
    }),
  }),
});

/** Videos with words, newest first, written at `from` (milliseconds) or later. */
export async function searchVideos(
  call: YoutubeCall,
  query: string,
  next: string | null,
  from: number,
): Promise<ListPage> {
  return await list(call, 'search', draftVideo, next, {
    part: 'snippet',
    type: 'video',
    order: 'date',
    q: query,
    publishedAfter: new Date(Math.max(0, from)).toISOString().replace(/\.\d+Z$/, 'Z'),
    maxResults: '50',
  });
}

/** Comments on the videos of a channel, newest first, without the replies to them. */
export async function listComments(
  call: YoutubeCall,
  channelId: string,
  next: string | null,
): Promise<ListPage> {
  return await list(call, 'commentThreads', draftComment, next, {
    part: 'snippet',
    allThreadsRelatedToChannelId: channelId,
    order: 'time',
    textFormat: 'plainText',
    maxResults: '100',
  });
}

/** Likes and comments of videos, fifty a request; videos that are gone are not answered. Ids of comments are passed over. */
export async function* readStatistics(
  call: YoutubeCall,
  externalIds: readonly string[],
): AsyncIterable<readonly EngagementUpdate[]> {
  const known = externalIds.filter((id) => /^[\w-]{11}$/.test(id));
  for (let from = 0; from < known.length; from += videosPerRequest) {
    call.request.signal.throwIfAborted();
    const ids = known.slice(from, from + videosPerRequest).join(',');
    const { items } = await ask(call, 'videos', { part: 'statistics', id: ids });
    yield items.flatMap((item) => {
      // A count that is not told is no count: the known one stays.
      const video = statisticsSchema.safeParse(item).data;
      if (!video) return [];
      const { likeCount, commentCount } = video.statistics;
      const engagement = { likes: likeCount, reposts: 0, replies: commentCount, quotes: 0 };
      return [{ externalId: video.id, engagement }];
    });
  }
}

async function list(
  call: YoutubeCall,
  resource: string,
  draft: (item: unknown) => PostDraft | null,
  next: string | null,
  parameters: Readonly<Record<string, string>>,
): Promise<ListPage> {
  try {
    const value = await ask(call, resource, next === null ? parameters : { ...parameters, pageToken: next });
    const { posts, warnings } = draftItems(value.items, draft);
    return { posts, listed: value.items.length, next: value.nextPageToken, warnings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A token is good for a while only: the walk begins again at the top.
    if (error.code === 'stale-page' && next !== null)
      return { posts: [], listed: 0, next: null, warnings: [] };
    if (error.code !== 'no-comments') throw error;
    return { posts: [], listed: 0, next: null, warnings: [error.message] };
  }
}

async function ask(
  { tools, request, apiUrl, key }: YoutubeCall,
  resource: string,
  parameters: Readonly<Record<string, string>>,
): Promise<z.infer<typeof listSchema>> {
  const url = new URL(`/youtube/v3/${resource}`, apiUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { value } = await callApi(
    tools,
    {
      service: 'YouTube',
      url,
      // In a header, so that no error ever quotes it.
      headers: { 'x-goog-api-key': key },
      answer: listSchema,
      limit: readLimit,
      explain: explainRefusal,
    },
    request,
  );
  return value;
}

/** The titles of a search are HTML-encoded, its descriptions cut short. */
function draftVideo(candidate: unknown): PostDraft | null {
  const video = videoSchema.safeParse(candidate).data;
  if (!video || video.snippet.publishedAt === null) return null;
  const url = videoUrl(video.id.videoId);
  return draftPost({
    externalId: video.id.videoId,
    url,
    link: url,
    author: titleToText(video.snippet.channelTitle ?? '') || null,
    title: titleToText(video.snippet.title),
    text: htmlToText((video.snippet.description ?? '').replaceAll('<', '&lt;')),
    createdAt: video.snippet.publishedAt,
  });
}

function draftComment(candidate: unknown): PostDraft | null {
  const thread = threadSchema.safeParse(candidate).data?.snippet;
  const comment = thread?.topLevelComment;
  const text = (comment?.snippet.textOriginal ?? comment?.snippet.textDisplay ?? '').trim();
  if (!thread || !comment || text === '' || comment.snippet.publishedAt === null) return null;
  const parentUrl = thread.videoId === null ? null : videoUrl(thread.videoId);
  return draftPost({
    externalId: comment.id,
    url: parentUrl === null ? null : `${parentUrl}&lc=${encodeURIComponent(comment.id)}`,
    author: comment.snippet.authorDisplayName,
    text,
    createdAt: comment.snippet.publishedAt,
    engagement: {
      likes: comment.snippet.likeCount,
      reposts: 0,
      replies: thread.totalReplyCount,
      quotes: 0,
    },
    parentUrl,
  });
}

export function videoUrl(id: string): string {
  return `https://www.youtube.com/watch?v=${encodeURIComponent(id)}`;
}

function reasonsOf(parsed: unknown): readonly string[] {
  const errors = refusalSchema.safeParse(parsed).data?.error.errors ?? [];
  return errors.flatMap((error) => mistakeSchema.safeParse(error).data?.reason ?? []);
}

/** The quota of the day is told with 403 and begins anew at midnight in California. */
function readLimit(answer: HttpAnswer, parsed: unknown, now: number): number | null | undefined {
  const reasons = reasonsOf(parsed);
  if (reasons.some((reason) => dayQuotas.has(reason))) return nextPacificMidnight(now) - now;
  if (reasons.some((reason) => minuteLimits.has(reason))) return minutePauseMs;
  return answer.status === 429 && answer.header('retry-after') === null ? minutePauseMs : undefined;
}

function explainRefusal(answer: HttpAnswer, parsed: unknown): UserError | null {
  const reasons = reasonsOf(parsed);
  const message = refusalSchema.safeParse(parsed).data?.error.message ?? null;
  // Messages hold links as HTML.
  const said = quoteMessage(message === null ? null : htmlToText(message));
  const is = (reason: string) => reasons.includes(reason);
  if (is('keyInvalid') || /API key (?:not valid|expired)/i.test(message ?? '') || answer.status === 401) {
    return badKeyError('YouTube', keyVariable, said);
  }
  if (is('commentsDisabled')) {
    return new UserError('no-comments', 'comments are switched off on a channel: none of them can be read', {
      fix: 'Set comments to false',
    });
  }
  if (is('invalidPageToken')) {
    return new UserError('stale-page', 'YouTube does not go on from where the last run stopped', {
      fix: 'Run again',
      exitCode: exitCodes.unreachable,
    });
  }
  if (is('accessNotConfigured') || is('forbidden') || is('ipRefererBlocked')) {
    return new UserError('no-access', `YouTube refuses the key in ${keyVariable}${said ? `: ${said}` : ''}`, {
      fix: 'In the Google Cloud console switch on the YouTube Data API v3 for the project of the key, and lift what the key is restricted to',
    });
  }
  if (answer.status === 404)
    return badQueryError('YouTube', said, 'Check channels: each is an id that begins with UC');
  return answer.status === 400 ? badQueryError('YouTube', said, 'Correct query or channels') : null;
}
