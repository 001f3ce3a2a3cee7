import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { EngagementUpdate, FetchOptions, Quota } from '../ports/source.ts';
import { draftItems, optionalText } from './answer-fields.ts';
import { type ApiCall, callApi, quotaFromHeaders } from './api.ts';
import type { HttpAnswer } from './http.ts';
import type { SourceTools } from './kind.ts';
import type { ListPage } from './newest-walk.ts';
import { Pace } from './pace.ts';
import { badRedditKeys, placeError } from './reddit-error.ts';
import { draftRedditPost, fullname, listingSchema, redditCounts } from './reddit-post.ts';
import { requiredSecret } from './required-secret.ts';

type Asking = Omit<FetchOptions, 'cursor' | 'since'>;

const pageSize = 100;
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().catch(3_600) });
const refusalSchema = z.object({ reason: optionalText });

/** What is read: a subreddit's newest posts, or a search in it or everywhere. */
export interface RedditPlace {
  /** For people: "r/acme", "the search". */
  readonly name: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reddit's API for an app without a user: https://github.com/reddit-archive/reddit/wiki/OAuth2#application-only-oauth */
export class RedditApi {
  readonly #tools: SourceTools;
  readonly #tokenUrl: string;
  readonly #apiUrl: string;
  readonly #pace: Pace;
  #token: { readonly value: string; readonly until: number } | null = null;

  /** @param baseUrl where Reddit is; the API of www.reddit.com is at oauth.reddit.com */
  constructor(tools: SourceTools, baseUrl: string) {
    const { origin } = new URL(baseUrl);
    this.#tools = tools;
    this.#tokenUrl = `${origin}/api/v1/access_token`;
    this.#apiUrl = origin.replace('//www.reddit.com', '//oauth.reddit.com');
    this.#pace = new Pace(tools, this.#apiUrl, [{ calls: 100, perMs: 60_000 }]);
  }

  /** One page of a place, newest first. Throws `UserError` `no-access` for one that Reddit does not show. */
  async list(place: RedditPlace, after: string | null, request: Asking): Promise<ListPage> {
    const parameters = { ...place.parameters, ...(after !== null && { after }) };
    const { data } = await this.#get(place.path, parameters, place.name, request);
    const { posts, warnings } = draftItems(data.children, draftRedditPost);
    return { posts, warnings, listed: data.children.length, next: data.after };
  }

  async *refresh(
    externalIds: readonly string[],
    request: Asking,
  ): AsyncIterable<readonly EngagementUpdate[]> {
    const names = externalIds.filter((id) => fullname.safeParse(id).success);
    for (let from = 0; from < names.length; from += pageSize) {
      const id = names.slice(from, from + pageSize).join(',');
      const { data } = await this.#get('/api/info', { id }, 'the posts', request);
      yield data.children.flatMap(redditCounts);
    }
  }

  async #get(
    path: string,
    parameters: Readonly<Record<string, string>>,
    place: string,
    request: Asking,
  ): Promise<z.infer<typeof listingSchema>> {
    const url = new URL(path, this.#apiUrl);
    url.search = new URLSearchParams({ raw_json: '1', limit: String(pageSize), ...parameters }).toString();
    for (let attempt = 0; ; attempt += 1) {
      const token = await this.#currentToken(request);
      try {
        const { value, answer } = await this.#call(
          { url, headers: { authorization: `Bearer ${token}` }, answer: listingSchema, place },
          request,
        );
        // Reddit sends who asks for a subreddit that does not exist on to a search for subreddits.
        if (new URL(answer.url).pathname.startsWith('/subreddits/search')) throw placeError(place, 404, null);
        return value;
      } catch (error) {
        // A token can end before its time; a new one that is refused as well is a matter of the keys.
        if (!(error instanceof UserError) || error.code !== 'bad-key' || attempt > 0) throw error;
        this.#token = null;
      }
    }
  }

  async #currentToken(request: Asking): Promise<string> {
    const now = this.#tools.clock.now();
    if (this.#token !== null && now < this.#token.until) return this.#token.value;
    const how = 'Register an app of the type "script" at https://www.reddit.com/prefs/apps';
    const id = requiredSecret(this.#tools, 'REDDIT_CLIENT_ID', 'Reddit', how);
    const secret = requiredSecret(this.#tools, 'REDDIT_CLIENT_SECRET', 'Reddit', how);
    const { value } = await this.#call(
      {
        url: this.#tokenUrl,
        headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
        body: { form: { grant_type: 'client_credentials' } },
        answer: tokenAnswer,
        place: 'the token',
      },
      request,
    );
    // Renewed a minute early, so that it does not end on the way.
    this.#token = { value: value.access_token, until: now + (value.expires_in - 60) * 1000 };
    return value.access_token;
  }

  async #call<Answer extends z.ZodType>(
    call: Pick<ApiCall<Answer>, 'url' | 'headers' | 'body' | 'answer'> & { readonly place: string },
    request: Asking,
  ) {
    const { place, ...rest } = call;
    await this.#pace.turn(request);
    const onQuota = (quota: Quota) => {
      this.#pace.noteQuota(quota);
      request.onQuota?.(quota);
    };
    const explain = ({ status }: HttpAnswer, parsed: unknown) => {
      if (status === 401) return badRedditKeys();
      if (status !== 403 && status !== 404) return null;
      return placeError(place, status, refusalSchema.safeParse(parsed).data?.reason ?? null);
    };
    const full: ApiCall<Answer> = {
      service: 'Reddit',
      ...rest,
      quota: (answer, _parsed, now) => redditQuota(answer, now),
      explain,
    };
    return callApi(this.#tools, full, { ...request, onQuota });
  }
}

/** `used` and `remaining` make the limit; `reset` counts seconds. */
export function redditQuota(answer: HttpAnswer, now: number): Quota | null {
  const names = { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset' };
  const quota = quotaFromHeaders(answer, names, 'seconds', now);
  const used = Number(answer.header('x-ratelimit-used') ?? Number.NaN);
  return quota && { ...quota, limit: Number.isFinite(used) ? quota.remaining + Math.floor(used) : null };
}
