import { draftPost, type PostDraft } from '../domain/post.ts';
import { readRetryAfter } from '../domain/retry-after.ts';
import { UserError } from '../errors.ts';
import type { FetchOptions } from '../ports/source.ts';
import { type FeedEntry, readFeed, requireWhole } from './feed.ts';
import { rateLimitedError } from './http-error.ts';
import type { SourceTools } from './kind.ts';
import type { ListPage } from './newest-walk.ts';
import { Pace } from './pace.ts';
import { type RedditPlace, redditQuota } from './reddit-api.ts';
import { feedRefused } from './reddit-error.ts';
import { fullname } from './reddit-post.ts';

type Asking = Omit<FetchOptions, 'cursor' | 'since'>;

/** The public feeds of Reddit: the newest hundred posts of a place, without counts. */
export class RedditFeeds {
  readonly #tools: SourceTools;
  readonly #origin: string;
  readonly #pace: Pace;

  constructor(tools: SourceTools, baseUrl: string) {
    this.#tools = tools;
    this.#origin = new URL(baseUrl).origin;
    // Who comes without an account is let in about ten times a minute.
    this.#pace = new Pace(tools, this.#origin, [{ calls: 10, perMs: 60_000 }]);
  }

  async list(place: RedditPlace, request: Asking): Promise<ListPage> {
    const url = new URL(
      place.path.endsWith('/new') ? `${place.path}/.rss` : `${place.path}.rss`,
      this.#origin,
    );
    url.search = new URLSearchParams({ limit: '100', ...place.parameters }).toString();
    const answer = await this.#get(url.href, place.name, request);
    try {
      const contentType = answer.header('content-type');
      const feed = await readFeed(answer.body, { url: answer.url, contentType });
      requireWhole(feed, answer.url);
      const posts = feed.entries.flatMap((entry) => draftEntry(entry) ?? []);
      const others = feed.entries.length - posts.length;
      const warnings =
        others > 0 ? [...feed.warnings, `${others} entries are no posts: left out`] : feed.warnings;
      return { posts, listed: feed.entries.length, next: null, warnings };
    } catch (error) {
      if (error instanceof UserError && error.code === 'not-a-feed')
        throw feedRefused(place.name, null, error);
      throw error;
    }
  }

  async #get(url: string, place: string, request: Asking) {
    const { http, clock } = this.#tools;
    for (let attempt = 0; ; attempt += 1) {
      await this.#pace.turn(request);
      const answer = await http.get(url, {
        headers: { accept: 'application/atom+xml, application/xml;q=0.9' },
        accept: [401, 403, 404, 410, 429],
        signal: request.signal,
        onNotice: request.onNotice,
      });
      const now = clock.now();
      const quota = redditQuota(answer, now);
      if (quota !== null) {
        this.#pace.noteQuota(quota);
        request.onQuota?.(quota);
      }
      if (answer.status < 400) return answer;
      if (answer.status !== 429) throw feedRefused(place, answer.status);
      const asked = readRetryAfter(answer.header('retry-after'), now);
      const until = asked === null ? (quota?.resetsAt ?? null) : now + asked;
      if (until === null || attempt > 0) throw rateLimitedError(new URL(url).host, until);
      this.#pace.pauseUntil(until);
    }
  }
}

/** The feed's own trailer below every text: who wrote it, and two links. */
const trailer = /\s*submitted by\s+\/?u\/\S+(?:\s+to\s+r\/\S+)?\s*\[link\]\s*\[comments\]\s*$/;

function draftEntry(entry: FeedEntry): PostDraft | null {
  if (!fullname.safeParse(entry.id).success) return null;
  return draftPost({
    externalId: entry.id,
    url: entry.url,
    author: entry.author?.replace(/^\/?u\//, '') ?? null,
    title: entry.title,
    text: entry.text.replace(trailer, ''),
    createdAt: entry.createdAt,
  });
}
