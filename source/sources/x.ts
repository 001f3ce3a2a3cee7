import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Cursor, FetchOptions, Page } from '../ports/source.ts';
import { draftItems } from './answer-fields.ts';
import { defineSourceKind } from './kind.ts';
import { Pace } from './pace.ts';
import { mostResults, refreshCounts, type SearchAnswer, searchPosts, type XApi } from './x-api.ts';
import { draftXPost, readAll, readIncludes } from './x-post.ts';
import { beginWindow, endWindow, keepWindow, planRequest, resumeWindow, type Window } from './x-window.ts';

/** The fewest posts that one request may ask for. */
const leastResults = 10;
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

const partialError = z.object({ title: z.string() });

export const xKind = defineSourceKind({
  kind: 'x',
  title: 'X',
  options,
  secrets: ['X_BEARER_TOKEN'],
  target: ({ query }) => `posts of the last 7 days with ${query}`,
  open: (name, settings, tools) => {
    const api: XApi = { ...settings, tools, pace: new Pace(tools, settings.baseUrl) };
    return {
      name,
      kind: 'x',
      pricePerRead: settings.pricePerPost,
      fetch: (request) => fetchPosts(api, request),
      refresh: (externalIds, request) => refreshCounts(api, externalIds, request),
    };
  },
});

/**
 * Recent search (https://docs.x.com/x-api/posts/search/quickstart/recent-search),
 * newest first, in windows. A window that a run left half read is read to its
 * end first; then one from there to now. `x-window.ts` says what the cursor holds.
 */
async function* fetchPosts(api: XApi, request: FetchOptions): AsyncIterable<Page> {
  const cursor = request.cursor?.query === api.query ? request.cursor : null;
  const left = resumeWindow(cursor);
  let position: Cursor | null = cursor;
  if (left !== null) {
    position = yield* readWindow(left, api, request);
    if (position === null) return;
  }
  const window = beginWindow(position, api.query, request.since, api.tools.clock.now());
  yield* readWindow(window, api, request);
}

/** Returns the cursor after the window, or null when the budget ended it early. */
async function* readWindow(
  first: Window,
  api: XApi,
  request: FetchOptions,
): AsyncGenerator<Page, Cursor | null> {
  const { tools, maxResults } = api;
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
    const granted = request.reserveReads?.(maxResults) ?? maxResults;
    if (granted < leastResults) return null;
    const parameters: Record<string, string> = {
      ...plan.parameters,
      max_results: String(Math.min(granted, maxResults)),
    };
    let answer: SearchAnswer;
    try {
      answer = await searchPosts(api, parameters, request);
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

/** Mostly posts referred to that were deleted or are protected: said once, with how many. */
function partialErrors(errors: readonly unknown[]): string[] {
  const titles = new Map<string, number>();
  for (const { title } of readAll(errors, partialError)) titles.set(title, (titles.get(title) ?? 0) + 1);
  const parts = [...titles].map(([title, times]) => `${title.slice(0, 80)} (${times})`).slice(0, 3);
  return parts.length > 0 ? [`X left out part of what was asked for: ${parts.join(', ')}`] : [];
}
