import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Cursor, EngagementUpdate, FetchOptions, Page, Quota } from '../ports/source.ts';
import { anyList, draftItems, optionalText } from './answer-fields.ts';
import { type ApiCall, callApi, quotaFromHeaders } from './api.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { Pace } from './pace.ts';
import { requiredSecret } from './required-secret.ts';
import { explainX, explainXCap } from './x-error.ts';
import { countsSchema, draftXPost, postFields, postId, readAll, readIncludes } from './x-post.ts';
import { beginWindow, endWindow, keepWindow, planRequest, resumeWindow, type Window } from './x-window.ts';

/** The fewest and the most posts that one request may ask for. */
const leastResults = 10;
const mostResults = 100;
/** Times in a row that a window may be begun anew before X is believed to be at fault. */
const maxRestarts = 2;
/** Pages in a row that lead no further back before the window is given up. */
const maxStuck = 4;

const options = z.object({
  query: z
    .string()
    .min(1)
    .max(
      512,
      'X reads at most 512 characters of a query: shorten it, or make two sources with half of it each',
    )
    .describe('What to look for, with the operators of X; at most 512 characters'),
  pricePerPost: z
    .number()
    .min(0)
    .max(10)
    .default(0.005)
    .describe('What X charges for reading one post, in US dollars'),
  maxResults: z
    .int()
    .min(leastResults)
    .max(mostResults)
    .default(mostResults)
    .describe('Posts that one request asks for, 10 to 100'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.x.com')
    .describe('Where the API is; for tests and mirrors'),
});
type Options = z.infer<typeof options>;

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
const partialError = z.object({ title: z.string() });

export const xKind = defineSourceKind({
  kind: 'x',
  title: 'X',
  options,
  secrets: ['X_BEARER_TOKEN'],
  target: ({ query }) => `posts of the last 7 days with ${query}`,
  open: (name, settings, tools) => {
    const api: Api = { settings, tools, pace: new Pace(tools, settings.baseUrl) };
    return {
      name,
      kind: 'x',
      pricePerRead: settings.pricePerPost,
      fetch: (request) => fetchPosts(api, request),
      refresh: (externalIds, request) => refreshCounts(api, externalIds, request),
    };
  },
});

/** An opened source: its options, what it works with, and when it may ask next. */
interface Api {
  readonly settings: Options;
  readonly tools: SourceTools;
  readonly pace: Pace;
}

/**
 * Recent search (https://docs.x.com/x-api/posts/search/quickstart/recent-search),
 * newest first, in windows. A window that a run left half read is read to its
 * end first; then one from there to now. `x-window.ts` says what the cursor holds.
 */
async function* fetchPosts(api: Api, request: FetchOptions): AsyncIterable<Page> {
  const { settings, tools } = api;
  const cursor = request.cursor?.query === settings.query ? request.cursor : null;
  const left = resumeWindow(cursor);
  let position: Cursor | null = cursor;
  if (left !== null) {
    position = yield* readWindow(left, api, request);
    if (position === null) return;
  }
  const window = beginWindow(position, settings.query, request.since, tools.clock.now());
  yield* readWindow(window, api, request);
}

/** Returns the cursor after the window, or null when the budget ended it early. */
async function* readWindow(
  first: Window,
  api: Api,
  request: FetchOptions,
): AsyncGenerator<Page, Cursor | null> {
  const { settings, tools } = api;
  let window = first;
  let restarts = 0;
  let stuck = 0;
  let lost: string[] = [];
  for (;;) {
    const plan = planRequest(window, tools.clock.now());
    if (plan.lost !== null) {
      lost = [plan.lost];
      window = plan.window;
    }
    if (plan.parameters === null) {
      const cursor = endWindow(window);
      yield { posts: [], cursor, warnings: lost };
      return cursor;
    }
    const granted = request.reserveReads?.(settings.maxResults) ?? settings.maxResults;
    if (granted < leastResults) return null;
    const parameters: Record<string, string> = {
      ...plan.parameters,
      max_results: String(Math.min(granted, settings.maxResults)),
    };
    let answer: z.infer<typeof searchAnswer>;
    try {
      answer = await search(api, parameters, request);
    } catch (error) {
      restarts += 1;
      const next = error instanceof UserError && error.code === 'stale-window' ? withoutStale(window) : null;
      if (next === null || restarts > maxRestarts) throw error;
      window = next;
      continue;
    }
    const known = readIncludes(answer.includes);
    const { posts, warnings } = draftItems(answer.data, (item) => draftXPost(item, known));
    const { next_token: nextToken } = answer.meta;
    const oldestId = answer.meta.oldest_id ?? null;
    const isStuck =
      nextToken !== null &&
      (nextToken === parameters.next_token ||
        (window.oldestId !== null && !isBelow(oldestId, window.oldestId)));
    stuck = isStuck ? stuck + 1 : 0;
    restarts = isStuck ? restarts : 0;
    window = {
      ...window,
      newestId: window.newestId ?? answer.meta.newest_id ?? null,
      oldestId: isBelow(oldestId, window.oldestId) ? oldestId : window.oldestId,
      // A token that leads to itself is as good as one that has expired.
      nextToken: nextToken === parameters.next_token ? null : nextToken,
    };
    const isLast = nextToken === null || stuck > maxStuck;
    const cursor = isLast ? endWindow(window) : keepWindow(window);
    const said = [...lost, ...warnings, ...partialErrors(answer.errors)];
    if (stuck > maxStuck) said.push('X repeats the same page: older posts may be missing');
    yield { posts, cursor, warnings: said, reads: answer.data.length };
    if (isLast) return cursor;
    lost = [];
  }
}

function isBelow(id: string | null, bound: string | null): boolean {
  return id !== null && (bound === null || BigInt(id) < BigInt(bound));
}

/** The window without what X no longer accepts; null when nothing is left to leave out. */
function withoutStale(window: Window): Window | null {
  if (window.nextToken !== null) return { ...window, nextToken: null };
  return window.sinceId === null ? null : { ...window, sinceId: null };
}

async function search(api: Api, parameters: Readonly<Record<string, string>>, request: FetchOptions) {
  const { query, baseUrl } = api.settings;
  const url = new URL('/2/tweets/search/recent', baseUrl);
  url.search = new URLSearchParams({ query, ...parameters, ...postFields }).toString();
  return ask(api, url, searchAnswer, request);
}

/** 100 ids a request; only what the budget allows is asked for. */
async function* refreshCounts(
  api: Api,
  externalIds: readonly string[],
  request: Omit<FetchOptions, 'cursor' | 'since'>,
): AsyncIterable<readonly EngagementUpdate[]> {
  const ids = externalIds.filter((id) => postId.safeParse(id).success);
  for (let from = 0; from < ids.length; from += mostResults) {
    const batch = ids.slice(from, from + mostResults);
    const granted = request.reserveReads?.(batch.length) ?? batch.length;
    if (granted < 1) return;
    const url = new URL('/2/tweets', api.settings.baseUrl);
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
  { tools, pace }: Api,
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

/** Mostly posts referred to that were deleted or are protected: said once, with how many. */
function partialErrors(errors: readonly unknown[]): string[] {
  const titles = new Map<string, number>();
  for (const { title } of readAll(errors, partialError)) titles.set(title, (titles.get(title) ?? 0) + 1);
  const parts = [...titles].map(([title, times]) => `${title.slice(0, 80)} (${times})`).slice(0, 3);
  return parts.length > 0 ? [`X left out part of what was asked for: ${parts.join(', ')}`] : [];
}
