import { say } from './failing.ts';
import type { Handler } from './loopback.ts';

export const channelId = `UC${'a'.repeat(22)}`;

export interface FakeVideo {
  readonly id: string;
  readonly title: string;
  readonly publishedAt: string;
  /** As `videos` tells them: text, and absent where a channel hides them. */
  readonly statistics?: Readonly<Record<string, string>>;
}

export interface FakeComment {
  readonly id: string;
  readonly text: string;
  readonly publishedAt: string;
}

export interface FakeYoutubeContent {
  readonly feed?: readonly FakeVideo[];
  readonly videos?: readonly FakeVideo[];
  readonly comments?: readonly FakeComment[];
}

export const refusal = (status: number, reason: string, message = reason): Handler =>
  say(status, { error: { code: status, message, errors: [{ message, domain: 'youtube', reason }] } });

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&#39;');

/**
 * A channel's feed (fifteen newest, Atom with media: elements), `search` and
 * `commentThreads` and `videos` of the Data API: a key in the header,
 * `publishedAfter`, opaque page tokens, HTML-encoded titles, errors with
 * reasons, fifty ids a request of which the unknown ones are not answered.
 */
export function fakeYoutube(content: FakeYoutubeContent, { key = 'good', pageSize = 100 } = {}): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const ask = (name: string) => url.searchParams.get(name);
    const refuse = (status: number, reason: string, message = reason) =>
      refusal(status, reason, message)(request, response);
    if (url.pathname === '/feeds/videos.xml') {
      if (ask('channel_id') !== channelId) return say(404, '')(request, response);
      const newest = newestFirst(content.feed ?? []).slice(0, 15);
      return void response.setHeader('content-type', 'text/xml; charset=UTF-8').end(feedOf(newest));
    }
    if (url.searchParams.has('key') || request.headers['x-goog-api-key'] !== key) {
      return refuse(400, 'badRequest', 'API key not valid. Please pass a valid API key.');
    }
    const token = ask('pageToken');
    const start = token === null ? 0 : Number(/^T(\d+)$/.exec(token)?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) return refuse(400, 'invalidPageToken');
    const answer = (items: readonly unknown[], limit: number) => {
      const size = Math.min(limit, pageSize);
      const end = start + size;
      say(200, {
        kind: 'youtube#listResponse',
        pageInfo: { totalResults: 1_000_000, resultsPerPage: size },
        items: items.slice(start, end),
        ...(items.length > end ? { nextPageToken: `T${end}` } : {}),
      })(request, response);
    };
    if (url.pathname === '/youtube/v3/search') {
      if (ask('part') !== 'snippet' || ask('type') !== 'video' || ask('order') !== 'date') {
        return refuse(400, 'missingRequiredParameter');
      }
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(ask('publishedAfter') ?? ''))
        return refuse(400, 'badRequest');
      const found = newestFirst(content.videos ?? [])
        .filter(({ publishedAt }) => publishedAt >= (ask('publishedAfter') ?? ''))
        .filter(({ title }) => title.toLowerCase().includes((ask('q') ?? '').toLowerCase()))
        .slice(0, 500);
      return answer(found.map(searchResultOf), Math.min(50, Number(ask('maxResults') ?? 5)));
    }
    if (url.pathname === '/youtube/v3/videos') {
      const ids = ask('id')?.split(',') ?? [];
      if (ask('part') !== 'statistics' || ids.length === 0) return refuse(400, 'missingRequiredParameter');
      if (ids.length > 50 || ids.some((id) => !/^[\w-]{11}$/.test(id))) {
        return refuse(400, 'invalidFilters');
      }
      // The API refuses maxResults together with id.
      if (ask('maxResults') !== null) return refuse(400, 'unexpectedParameter');
      const known = (content.videos ?? []).filter(({ id }) => ids.includes(id));
      return answer(known.map(statisticsOf), 50);
    }
    if (url.pathname !== '/youtube/v3/commentThreads') return say(404, '')(request, response);
    if (ask('allThreadsRelatedToChannelId') !== channelId) return refuse(404, 'channelNotFound');
    if (ask('order') !== 'time' || ask('textFormat') !== 'plainText') return refuse(400, 'badRequest');
    answer(newestFirst(content.comments ?? []).map(threadOf), Math.min(100, Number(ask('maxResults') ?? 20)));
  };
}

function newestFirst<Item extends { readonly publishedAt: string }>(items: readonly Item[]): Item[] {
  return [...items].sort((left, right) => right.publishedAt.localeCompare(left.publishedAt));
}

function searchResultOf({ id, title, publishedAt }: FakeVideo): unknown {
  return {
    kind: 'youtube#searchResult',
    id: { kind: 'youtube#video', videoId: id },
    snippet: {
      publishedAt,
      channelId,
      title: escapeHtml(title),
      description: 'We had an outage & a <b> ...',
      channelTitle: 'Acme',
    },
  };
}

function statisticsOf({ id, statistics }: FakeVideo): unknown {
  return { kind: 'youtube#video', id, statistics: statistics ?? { viewCount: '90' } };
}

function threadOf({ id, text, publishedAt }: FakeComment): unknown {
  return {
    kind: 'youtube#commentThread',
    id,
    snippet: {
      channelId,
      videoId: 'video000001',
      topLevelComment: {
        id,
        snippet: {
          textDisplay: text,
          authorDisplayName: '@ann',
          likeCount: 4,
          publishedAt,
          updatedAt: publishedAt,
        },
      },
      totalReplyCount: 2,
    },
  };
}

function feedOf(videos: readonly FakeVideo[]): string {
  const entries = videos.map(
    ({ id, title, publishedAt }) => `<entry>
  <id>yt:video:${id}</id><yt:videoId>${id}</yt:videoId><yt:channelId>${channelId}</yt:channelId>
  <title>${escapeHtml(title)}</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=${id}"/>
  <author><name>Acme</name><uri>https://www.youtube.com/channel/${channelId}</uri></author>
  <published>${publishedAt.replace('Z', '+00:00')}</published>
  <media:group><media:title>${escapeHtml(title)}</media:title>
   <media:description>We had an outage.</media:description>
   <media:community><media:starRating count="7" average="5.00" min="1" max="5"/><media:statistics views="90"/></media:community>
  </media:group></entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <id>yt:channel:${channelId.slice(2)}</id><title>Acme</title>
 ${entries.join('\n')}
</feed>`;
}
