import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { decodeText } from './charset.ts';
import { findFeedLinks } from './discover.ts';
import { readFeed, requireWhole } from './feed.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond } from './lanes.ts';
import {
  type ListPage,
  type NewestFirstList,
  readWalks,
  walkNewestFirst,
  writeWalks,
} from './newest-walk.ts';
import { requiredSecret } from './required-secret.ts';
import { badQueryError } from './service-error.ts';
import { keyVariable, listComments, readStatistics, searchVideos, videoUrl } from './youtube-api.ts';

/** A channel's feed holds its newest fifteen videos. */
const feedSize = 15;
/** A search shows about five hundred results, whatever it found. */
const searchCap = 500;
/** Videos appear in a search some hours after they were published. */
const overlapMs = 24 * 3_600_000;

const options = z.object({
  channels: z
    .array(z.string().regex(/^UC[\w-]{22}$/, 'an id that begins with UC and has 24 characters'))
    .default([])
    .describe('Channels whose videos are read, by id; needs no key'),
  query: z
    .string()
    .max(300)
    .default('')
    .describe('Words to look for in all of YouTube; needs YOUTUBE_API_KEY'),
  comments: z
    .boolean()
    .default(false)
    .describe('true also reads the comments on the videos of channels; needs YOUTUBE_API_KEY'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://www.youtube.com')
    .describe('Where the feeds are; for tests'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://www.googleapis.com')
    .describe('Where the API is; for tests'),
});
type Options = z.infer<typeof options>;

export const youtubeKind = defineSourceKind({
  kind: 'youtube',
  title: 'YouTube',
  options,
  target: ({ channels, query, comments }) =>
    [
      channels.length > 0 && `${channels.length} ${channels.length === 1 ? 'channel' : 'channels'}`,
      comments && 'comments on them',
      query !== '' && `videos with ${query}`,
    ]
      .filter(Boolean)
      .join(', '),
  question: {
    prompt: 'Address of a YouTube channel',
    example: 'https://www.youtube.com/@YouTube',
    answer: findChannel,
  },
  open: (name, settings, tools) => {
    const fetch = (request: FetchOptions) => fetchVideos(settings, tools, request);
    const key = tools.secrets[keyVariable] ?? '';
    if (key === '') return { name, kind: 'youtube', fetch };
    const { apiUrl } = settings;
    return {
      name,
      kind: 'youtube',
      fetch,
      refresh: (externalIds, request) => readStatistics({ tools, request, apiUrl, key }, externalIds),
    };
  },
});

/**
 * Videos of channels from their feeds, without a key; and with one, videos
 * that are found by words, and comments. A walk for each list. The lists
 * without a key are read first when it is missing, and only then is it told.
 */
async function* fetchVideos(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
): AsyncIterable<Page> {
  const lists = listsOf(settings, tools, request);
  if (lists.size === 0) throw badQueryError('YouTube', 'it is empty', 'Set channels, query or both');
  const key = settings.query;
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays) * 1000;
  const walks = readWalks(request.cursor, key, [...lists.keys()], first);
  for (const [name, start] of [...walks]) {
    const list = lists.get(name);
    if (!list) continue;
    request.signal.throwIfAborted();
    for await (const { posts, walk, warnings } of walkNewestFirst(list, start)) {
      request.signal.throwIfAborted();
      walks.set(name, walk);
      yield { posts, cursor: writeWalks(key, walks, name), warnings };
    }
  }
  if (needsKey(settings)) readKey(tools);
}

function needsKey({ query, comments, channels }: Options): boolean {
  return query !== '' || (comments && channels.length > 0);
}

function readKey(tools: SourceTools): string {
  return requiredSecret(tools, keyVariable, 'YouTube search', 'Make an API key in the Google Cloud console');
}

function listsOf(settings: Options, tools: SourceTools, request: FetchOptions): Map<string, NewestFirstList> {
  const lists = new Map<string, NewestFirstList>();
  const channels = [...new Set(settings.channels)];
  for (const channel of channels) {
    const read = () => readChannel(settings, tools, request, channel);
    lists.set(`feed ${channel}`, { read, overlapMs, anchored: false, cap: feedSize });
  }
  const hasKey = (tools.secrets[keyVariable] ?? '') !== '';
  if (!needsKey(settings) || (!hasKey && channels.length > 0)) return lists;
  const call = { tools, request, apiUrl: settings.apiUrl, key: readKey(tools) };
  if (settings.query !== '') {
    const read = (next: string | null, from: number) => searchVideos(call, settings.query, next, from);
    lists.set('search', { read, overlapMs, anchored: true, cap: searchCap });
  }
  for (const channel of settings.comments ? channels : []) {
    const read = (next: string | null) => listComments(call, channel, next);
    lists.set(`comments ${channel}`, { read, overlapMs, anchored: true, cap: Number.POSITIVE_INFINITY });
  }
  return lists;
}

async function readChannel(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
  channel: string,
): Promise<ListPage> {
  const url = new URL('/feeds/videos.xml', settings.baseUrl);
  url.searchParams.set('channel_id', channel);
  const { signal, onNotice } = request;
  const answer = await tools.http.get(url.href, { signal, onNotice, accept: [404] });
  if (answer.status === 404) {
    const fix = 'Check the id of the channel; the feeds fail at times, so try once more before that';
    throw badQueryError('YouTube', `it has no feed of channel ${channel}`, fix);
  }
  const feed = await readFeed(answer.body, { url: answer.url, contentType: answer.header('content-type') });
  requireWhole(feed, answer.url);
  const posts = feed.entries
    .map((entry) => {
      const id = entry.id.replace(/^yt:video:/, '');
      const { author, title, text, createdAt } = entry;
      const engagement = { likes: entry.likes, reposts: 0, replies: 0, quotes: 0 };
      const page = entry.url ?? videoUrl(id);
      return draftPost({ externalId: id, url: page, link: page, author, title, text, createdAt, engagement });
    })
    .sort((left, right) => (right.createdAt ?? 0) - (left.createdAt ?? 0));
  return { posts, listed: feed.entries.length, next: null, warnings: feed.warnings };
}

/** The id in an address, or the one that the channel's page names as its feed. */
async function findChannel(answer: string, tools: SourceTools, signal: AbortSignal) {
  const trimmed = answer.trim();
  const given = /(?:^|\/channel\/)(UC[\w-]{22})(?=$|[/?#])/.exec(trimmed)?.[1];
  const handle = /\/@([\w.-]+)/.exec(trimmed)?.[1] ?? /^@([\w.-]+)$/.exec(trimmed)?.[1];
  const channel = given ?? (await findChannelOnPage(trimmed, tools, signal));
  const name = `youtube-${(handle ?? channel).toLowerCase()}`.slice(0, 60);
  return { name, options: { channels: [channel] } };
}

async function findChannelOnPage(trimmed: string, tools: SourceTools, signal: AbortSignal): Promise<string> {
  const address = trimmed.startsWith('@') ? `https://www.youtube.com/${trimmed}` : trimmed;
  const url = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  if (trimmed !== '' && URL.canParse(url)) {
    const page = await tools.http.get(url, { signal });
    const { text } = await decodeText(page.body, page.header('content-type'));
    for (const link of findFeedLinks(text, page.url)) {
      const id = new URL(link).searchParams.get('channel_id');
      if (id !== null && /^UC[\w-]{22}$/.test(id)) return id;
    }
  }
  throw new UserError('bad-address', `"${trimmed.slice(0, 200)}" leads to no YouTube channel`, {
    fix: 'Open the channel in a browser and copy its address, as in https://www.youtube.com/@YouTube',
  });
}
