import { z } from 'zod';
import type { EngagementUpdate, FetchOptions, Quota } from '../ports/source.ts';
import { anyList, optionalText } from './answer-fields.ts';
import { type ApiCall, callApi, quotaFromHeaders } from './api.ts';
import type { SourceTools } from './kind.ts';
import type { Pace } from './pace.ts';
import { requiredSecret } from './required-secret.ts';
import { explainX, explainXCap } from './x-error.ts';
import { countsSchema, postFields, postId, readAll } from './x-post.ts';

/** The most posts that one request may ask for. */
export const mostResults = 100;

/** An opened source: its options, what it works with, and when it may ask next. */
export interface XApi {
  readonly query: string;
  readonly maxResults: number;
  readonly baseUrl: string;
  readonly tools: SourceTools;
  readonly pace: Pace;
}

const includes = z.object({ users: anyList, tweets: anyList }).catch({ users: [], tweets: [] });
const searchAnswer = z.object({
  data: anyList,
  includes,
  errors: anyList,
  meta: z.object({
    newest_id: postId.nullish().catch(null),
    oldest_id: postId.nullish().catch(null),
    next_token: optionalText,
  }),
});
const lookupAnswer = z.object({ data: anyList });
export type SearchAnswer = z.infer<typeof searchAnswer>;

/** One page of recent search: `parameters` say which. */
export async function searchPosts(
  api: XApi,
  parameters: Readonly<Record<string, string>>,
  request: FetchOptions,
): Promise<SearchAnswer> {
  const { query, baseUrl } = api;
  const url = new URL('/2/tweets/search/recent', baseUrl);
  url.search = new URLSearchParams({ query, ...parameters, ...postFields }).toString();
  return ask(api, url, searchAnswer, request);
}

/** 100 ids a request; only what the budget allows is asked for. */
export async function* refreshCounts(
  api: XApi,
  externalIds: readonly string[],
  request: Omit<FetchOptions, 'cursor' | 'since'>,
): AsyncIterable<readonly EngagementUpdate[]> {
  const ids = externalIds.filter((id) => postId.safeParse(id).success);
  for (let from = 0; from < ids.length; from += mostResults) {
    const batch = ids.slice(from, from + mostResults);
    const granted = request.reserveReads?.(batch.length) ?? batch.length;
    if (granted < 1) return;
    const url = new URL('/2/tweets', api.baseUrl);
    url.searchParams.set('ids', batch.slice(0, granted).join(','));
    url.searchParams.set('tweet.fields', 'id,public_metrics');
    const { data } = await ask(api, url, lookupAnswer, request);
    yield readAll(data, countsSchema).map(({ id, public_metrics: engagement }) => ({
      externalId: id,
      engagement,
    }));
    if (granted < batch.length) return;
  }
}

/** One request, when the limits allow it. */
async function ask<Answer extends z.ZodType>(
  { tools, pace }: XApi,
  url: URL,
  answer: Answer,
  request: Omit<FetchOptions, 'cursor'>,
): Promise<z.infer<Answer>> {
  const how = 'Copy the bearer token of an app from the developer console of X';
  const authorization = `Bearer ${requiredSecret(tools, 'X_BEARER_TOKEN', 'X', how)}`;
  await pace.turn(request);
  const call: ApiCall<Answer> = {
    service: 'X',
    url,
    headers: { authorization },
    answer,
    quota: (response, _parsed, now) => quotaFromHeaders(response, quotaHeaders, 'epoch-seconds', now),
    explain: explainX,
    explainCap: explainXCap,
  };
  const onQuota = (quota: Quota) => {
    pace.noteQuota(quota);
    request.onQuota?.(quota);
  };
  return (await callApi(tools, call, { ...request, onQuota })).value;
}

const quotaHeaders = {
  remaining: 'x-rate-limit-remaining',
  limit: 'x-rate-limit-limit',
  reset: 'x-rate-limit-reset',
};
