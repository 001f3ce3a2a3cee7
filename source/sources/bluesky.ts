import { z } from 'zod';
import type { PostDraft } from '../domain/post.ts';
import type { EngagementUpdate, FetchOptions, Page } from '../ports/source.ts';
import { anyList, draftItems, optionalText } from './answer-fields.ts';
import { draftBlueskyPost, postUri, refreshedCounts } from './bluesky-post.ts';
import { BlueskySession } from './bluesky-session.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond } from './lanes.ts';
import { type ListPage, readWalks, walkNewestFirst, writeWalks } from './newest-walk.ts';

const pageSize = 100;
const refreshSize = 25;
/** Posts are searchable some time after they were written: each run looks back this far. */
const overlapMs = 3_600_000;
/** Posts at the foot of a page of which the newest says where it ends: one may bear a wrong date. */
const footPosts = 5;

const options = z.object({
  query: z.string().min(1).max(1_000).describe('Words to look for; "quoted words" as they stand'),
  handle: z
    .string()
    .min(3)
    .max(300)
    .describe('Handle (or mail address) of the account that searches: you.bsky.social'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://bsky.social')
    .describe('Server of the account: your own if it is not with Bluesky'),
});
type Options = z.infer<typeof options>;

const searchAnswer = z.object({ posts: z.array(z.unknown()), cursor: optionalText });
const postsAnswer = z.object({ posts: anyList });

export const blueskyKind = defineSourceKind({
  kind: 'bluesky',
  title: 'Bluesky',
  options,
  secrets: ['BLUESKY_APP_PASSWORD'],
  target: ({ query }) => `posts with ${query}`,
  open: (name, settings, tools) => {
    const session = new BlueskySession(tools, settings.baseUrl, settings.handle);
    return {
      name,
      kind: 'bluesky',
      fetch: (request) => fetchPosts(settings, tools, session, request),
      refresh: (externalIds, request) => refreshCounts(session, externalIds, request),
    };
  },
});

/** `app.bsky.feed.searchPosts`, from the newest post down to an hour before the last run began. */
async function* fetchPosts(
  settings: Options,
  tools: SourceTools,
  session: BlueskySession,
  request: FetchOptions,
): AsyncIterable<Page> {
  const key = settings.query;
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays) * 1000;
  const walks = readWalks(request.cursor, key, ['search'], first);
  const seen = new Set<string>();
  for (const [name, start] of [...walks]) {
    const read = async (next: string | null, from: number) => {
      const page = await search(settings.query, session, request, next, from);
      return { ...page, posts: page.posts.filter(({ externalId }) => !seen.has(externalId)) };
    };
    const list = { read, overlapMs, anchored: false, cap: Number.POSITIVE_INFINITY };
    for await (const { posts, walk, warnings } of walkNewestFirst(list, start)) {
      for (const post of posts) seen.add(post.externalId);
      walks.set(name, walk);
      yield { posts, cursor: writeWalks(key, walks, name), warnings };
    }
  }
}

/**
 * One page. `next` is where it begins: a time, and the service's cursor only
 * where a page does not get past that time. The service counts its cursor from
 * the top, so a post that vanishes above would hide another; a time does not shift.
 */
async function search(
  query: string,
  session: BlueskySession,
  request: FetchOptions,
  next: string | null,
  from: number,
): Promise<ListPage> {
  const [until = '', place = ''] = (next ?? '').split(' ');
  const parameters = new URLSearchParams({
    q: query,
    sort: 'latest',
    limit: String(pageSize),
    since: new Date(from).toISOString(),
  });
  if (until !== '') parameters.set('until', until);
  if (place !== '') parameters.set('cursor', place);
  const answer = await session.get('app.bsky.feed.searchPosts', parameters, searchAnswer, request);
  const { posts, warnings } = draftItems(answer.posts, draftBlueskyPost);
  return { posts, warnings, listed: answer.posts.length, next: following(posts, until, answer.cursor) };
}

/** Null at the end. A page may be short or empty before it, since what the reader may not see is left out. */
function following(posts: readonly PostDraft[], until: string, cursor: string | null): string | null {
  if (cursor === null) return null;
  const foot = posts.slice(-footPosts).flatMap(({ createdAt }) => createdAt ?? []);
  // "until" is exclusive: the posts of this millisecond come again rather than not at all.
  const below = foot.length > 0 ? new Date(Math.max(...foot) + 1).toISOString() : '';
  return below !== '' && (until === '' || below < until) ? below : `${until} ${cursor}`;
}

async function* refreshCounts(
  session: BlueskySession,
  externalIds: readonly string[],
  request: Omit<FetchOptions, 'cursor' | 'since'>,
): AsyncIterable<readonly EngagementUpdate[]> {
  const uris = externalIds.filter((id) => postUri.safeParse(id).success);
  for (let from = 0; from < uris.length; from += refreshSize) {
    const batch = uris.slice(from, from + refreshSize);
    const parameters = new URLSearchParams(batch.map((uri): [string, string] => ['uris', uri]));
    const { posts } = await session.get('app.bsky.feed.getPosts', parameters, postsAnswer, request);
    yield posts.flatMap(refreshedCounts);
  }
}
