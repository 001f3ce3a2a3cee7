import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond } from './lanes.ts';
import { type NewestFirstList, readWalks, walkNewestFirst, writeWalks } from './newest-walk.ts';
import { RedditApi, type RedditPlace } from './reddit-api.ts';
import { RedditFeeds } from './reddit-feed.ts';

/** Posts that moderators let through later stand where they were written: each run looks back this far. */
const overlapMs = 3_600_000;

const options = z.object({
  subreddits: z
    .array(z.string().regex(/^[A-Za-z0-9_]{2,50}$/, 'the name of a subreddit, without r/'))
    .max(50)
    .default([])
    .describe('Names of subreddits, without r/; none means all of Reddit'),
  query: z
    .string()
    .max(512)
    .default('')
    .describe('Words to look for, in the subreddits if any are named; empty means all their posts'),
  mode: z
    .enum(['auto', 'oauth', 'rss'])
    .default('auto')
    .describe('oauth uses the app in REDDIT_CLIENT_ID, rss the public feeds; auto goes by the keys'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://www.reddit.com')
    .describe('Where Reddit is; for tests'),
});
type Options = z.infer<typeof options>;

export const redditKind = defineSourceKind({
  kind: 'reddit',
  title: 'Reddit',
  options,
  target: ({ subreddits, query }) => {
    const where = subreddits.length > 0 ? subreddits.map((name) => `r/${name}`).join(', ') : 'all of Reddit';
    return query === '' ? `posts in ${where}` : `posts in ${where} with ${query}`;
  },
  open: (name, settings, tools) => {
    const hasKeys = Boolean(tools.secrets.REDDIT_CLIENT_ID && tools.secrets.REDDIT_CLIENT_SECRET);
    if (settings.mode === 'oauth' || (settings.mode === 'auto' && hasKeys)) {
      const api = new RedditApi(tools, settings.baseUrl);
      return {
        name,
        kind: 'reddit',
        fetch: (request) => {
          const listOf = (place: RedditPlace): NewestFirstList => ({
            read: (next) => api.list(place, next, request),
            overlapMs,
            anchored: true,
            // Reddit lists 1,000 posts at most, less those that were removed; its search stops earlier.
            cap: 200,
          });
          return fetchPlaces(settings, tools, request, listOf);
        },
        refresh: (externalIds, request) => api.refresh(externalIds, request),
      };
    }
    const feeds = new RedditFeeds(tools, settings.baseUrl);
    return {
      name,
      kind: 'reddit',
      fetch: (request) => {
        const listOf = (place: RedditPlace): NewestFirstList => ({
          read: () => feeds.list(place, request),
          overlapMs,
          anchored: false,
          // Asked for a hundred entries, Reddit may show the usual 25; with fewer the list is whole.
          cap: 25,
        });
        return fetchPlaces(settings, tools, request, listOf);
      },
    };
  },
});

/**
 * Every place from its newest post down to where the last run began. A place
 * that Reddit does not show leaves the others readable: it is told at the end.
 */
async function* fetchPlaces(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
  listOf: (place: RedditPlace) => NewestFirstList,
): AsyncIterable<Page> {
  const places = placesOf(settings);
  // One id and one time in both modes, so changing between them doubles nothing.
  const key = settings.query;
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays) * 1000;
  const walks = readWalks(request.cursor, key, [...places.keys()], first);
  const refused: UserError[] = [];
  for (const [name, walk] of [...walks]) {
    const place = places.get(name);
    if (place === undefined) continue;
    try {
      for await (const page of walkNewestFirst(listOf(place), walk)) {
        walks.set(name, page.walk);
        yield { posts: page.posts, cursor: writeWalks(key, walks, name), warnings: page.warnings };
      }
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'no-access') throw error;
      refused.push(error);
    }
  }
  if (refused[0]) throw refused.length === 1 ? refused[0] : joined(refused);
}

function joined([first, ...others]: readonly UserError[]): UserError {
  const messages = [first, ...others].map((error) => error?.message).join('; ');
  return new UserError('no-access', messages, {
    fix: first?.fix ?? '',
    ...(first && { exitCode: first.exitCode }),
  });
}

/** By the name under which the cursor keeps them. */
function placesOf({ subreddits, query }: Options): Map<string, RedditPlace> {
  const words = query.trim();
  if (subreddits.length === 0) {
    if (words === '') {
      throw new UserError(
        'bad-query',
        'Reddit cannot be read whole: the source names no subreddit and no words',
        {
          fix: 'Set subreddits, query or both',
        },
      );
    }
    const parameters = { q: words, sort: 'new', t: 'all', type: 'link' };
    return new Map([['search', { name: 'the search', path: '/search', parameters }]]);
  }
  return new Map(
    subreddits.map((subreddit) => {
      const name = `r/${subreddit}`;
      const parameters = { q: words, restrict_sr: '1', sort: 'new', t: 'all', type: 'link' };
      return [
        name.toLowerCase(),
        words === ''
          ? { name, path: `/${name}/new`, parameters: {} }
          : { name, path: `/${name}/search`, parameters },
      ];
    }),
  );
}
