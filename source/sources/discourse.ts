import { z } from 'zod';
import type { Engagement } from '../domain/post.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { anyList, optionalText, quoteMessage } from './answer-fields.ts';
import { callApi } from './api.ts';
import { draftForumPost, readReplyCounts, readTopics } from './discourse-post.ts';
import type { HttpAnswer } from './http.ts';
import { rateLimitedError } from './http-error.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, type Lane, readLanes, writeLanes } from './lanes.ts';
import { goneError, lookUpEach } from './lookups.ts';
import { type NumberedAnswer, walkNumberedPages } from './numbered-pages.ts';
import { Pace } from './pace.ts';
import { badQueryError } from './service-error.ts';

const lane = 'posts';
const secondsPerDay = 86_400;
/** "page parameter must not be greater than 10" (search_controller.rb). */
const maxPages = 10;
/** Posts held for approval appear with the time at which they were written. */
const overlapSeconds = secondsPerDay;
/** What anonymous visitors may search unless the forum sets it otherwise (settings rate_limit_search_anon_user…). */
const limits = [
  { calls: 1, perMs: 1_000 },
  { calls: 8, perMs: 60_000 },
];
/** Posts are not searched: of them a visitor may read far more than one a second. */
const lookupLimits = [{ calls: 1, perMs: 1_000 }];
const limitPauseMs = 60_000;

const options = z.object({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the forum'),
  query: z.string().max(300).default('').describe('Words to look for; empty means every post'),
  category: z
    .string()
    .regex(/^[^\s"]*$/)
    .default('')
    .describe('Short name of a category (support, or support:billing); empty means all'),
  tags: z
    .array(z.string().regex(/^[^\s,"]+$/))
    .default([])
    .describe('Tags of which a topic has at least one; empty means any'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(7)
    .describe('How far back the first run looks, in days; each day is a request'),
});
type Options = z.infer<typeof options>;

const answerSchema = z.object({
  posts: anyList,
  topics: anyList,
  grouped_search_result: z.object({
    more_full_page_results: z.boolean().nullish().catch(null),
    error: optionalText,
  }),
});
const refusalSchema = z.object({
  errors: z.array(z.string()).catch([]),
  message: optionalText,
  error_type: optionalText,
  extras: z.object({ wait_seconds: z.number() }).nullish().catch(null),
});

export const discourseKind = defineSourceKind({
  kind: 'discourse',
  title: 'Discourse',
  options,
  target: ({ url, query }) => `${new URL(url).host}${query === '' ? '' : ` with ${query}`}`,
  question: {
    prompt: 'Address of a Discourse forum',
    example: 'https://meta.discourse.org',
    answer: findForum,
  },
  open: (name, settings, tools) => {
    const pace = new Pace(tools, settings.url, limits);
    const lookupPace = new Pace(tools, settings.url, lookupLimits);
    return {
      name,
      kind: 'discourse',
      fetch: (request) => fetchPosts(settings, tools, pace, request),
      refresh: (externalIds, request) => {
        const known = externalIds.filter((id) => /^\d+$/.test(id));
        return lookUpEach(known, request, (id) => readCounts(settings, tools, lookupPace, request, id));
      },
    };
  },
});

/**
 * Posts of `/search.json`, day by day: dates in a search have no time, and a
 * search shows only the newest matching post of each topic, so a topic yields
 * one post a day. A day is read by its page numbers, ten at most.
 */
async function* fetchPosts(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
): AsyncIterable<Page> {
  const { url, query, category, tags, backfillDays } = settings;
  const key = JSON.stringify([url, query, category, tags]);
  const now = tools.clock.now();
  const lanes = readLanes(request.cursor, key, [lane], firstSecond(request, now, backfillDays));
  const known = lanes.get(lane) ?? { until: 0, page: 1, complete: false };
  const today = Math.floor(now / 1000 / secondsPerDay);
  let until = known.complete ? known.until - overlapSeconds : known.until;
  for (let day = Math.min(today, Math.floor(until / secondsPerDay)); day <= today; day += 1) {
    const read = (page: number) => search(settings, tools, pace, request, day, page);
    const dayStart: Lane = { until: Math.max(until, day * secondsPerDay - 1), page: 1, complete: false };
    for await (const { posts, lane: reached, warnings } of walkNumberedPages(
      { read, maxPages, overlapSeconds: 0 },
      dayStart,
    )) {
      request.signal.throwIfAborted();
      // A day that is over is read for good, and passed even if nothing was written on it.
      until = reached.complete && day < today ? (day + 1) * secondsPerDay - 1 : reached.until;
      lanes.set(lane, {
        until: Math.max(until, known.until),
        page: 1,
        complete: reached.complete && day === today,
      });
      if (posts.length === 0 && warnings.length === 0 && day < today) continue;
      yield { posts, cursor: writeLanes(key, lanes, lane), warnings };
    }
  }
}

async function search(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
  day: number,
  page: number,
): Promise<NumberedAnswer> {
  const terms = [
    settings.query,
    settings.category === '' ? '' : `#${settings.category}`,
    settings.tags.length === 0 ? '' : `tags:${settings.tags.join(',')}`,
    `after:${dateOf(day)}`,
    `before:${dateOf(day + 1)}`,
    'order:latest',
  ];
  const base = settings.url.replace(/\/+$/, '');
  const url = new URL(`${base}/search.json`);
  url.searchParams.set('q', terms.filter(Boolean).join(' '));
  url.searchParams.set('page', String(page));
  await pace.turn(request);
  const { value } = await callApi(
    tools,
    {
      service: url.host,
      url,
      answer: answerSchema,
      limit: readLimit,
      explain: (...refusal) => explain(url.host, ...refusal),
    },
    request,
  );
  // An overloaded forum answers that it found nothing.
  if (value.grouped_search_result.error !== null) throw rateLimitedError(url.host, null);
  const topics = readTopics(value.topics);
  const items = value.posts.map((post) => draftForumPost(post, topics, base));
  const broken = items.filter((item) => item === null).length;
  const have = broken === 1 ? 'post has' : 'posts have';
  return {
    items: items.filter((item) => item !== null),
    hasMore: value.grouped_search_result.more_full_page_results === true,
    warnings: broken > 0 ? [`${broken} ${have} no id, no date or no text: left out`] : [],
  };
}

async function readCounts(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: Omit<FetchOptions, 'cursor' | 'since'>,
  id: string,
): Promise<Engagement | null> {
  const url = new URL(`${settings.url.replace(/\/+$/, '')}/posts/${id}.json`);
  await pace.turn(request);
  const { value } = await callApi(
    tools,
    {
      service: url.host,
      url,
      answer: z.unknown(),
      limit: readLimit,
      explain: (...refusal) => (isGone(...refusal) ? goneError(url.host) : explain(url.host, ...refusal)),
    },
    request,
  );
  return readReplyCounts(value, id);
}

/** Deleted, or moved to where members only may read. A 404 that is not JSON comes from another site. */
function isGone({ status }: HttpAnswer, parsed: unknown): boolean {
  const refusal = refusalSchema.safeParse(parsed).data;
  return refusal !== undefined && (status === 404 || refusal.error_type === 'invalid_access');
}

function dateOf(day: number): string {
  return new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10);
}

/** The search says its limit without a time; the forum's general limits say one in a header or in the body. */
function readLimit(answer: HttpAnswer, parsed: unknown): number | null | undefined {
  if (answer.status !== 429) return undefined;
  const seconds = refusalSchema.safeParse(parsed).data?.extras?.wait_seconds;
  if (seconds !== undefined) return seconds * 1000;
  return answer.header('retry-after') === null ? limitPauseMs : null;
}

function explain(host: string, answer: HttpAnswer, parsed: unknown): UserError | null {
  const refusal = refusalSchema.safeParse(parsed).data;
  const said = quoteMessage(refusal?.errors.join('; ') || refusal?.message);
  if (answer.status === 403 && refusal) {
    return new UserError('no-access', `${host} shows its posts to members only${said ? `: ${said}` : ''}`, {
      fix: 'Choose a public forum, or remove this source',
      exitCode: exitCodes.unreachable,
    });
  }
  if (answer.status === 400 || answer.status === 422) {
    return badQueryError(host, said, 'Use words of three letters or more, and check category and tags');
  }
  if (answer.status !== 404) return null;
  return notForumError(host);
}

function notForumError(host: string): UserError {
  return new UserError('bad-answer', `${host} does not answer as a Discourse forum does`, {
    fix: 'Check the address; a forum in a folder needs it too, as in https://example.com/forum',
    exitCode: exitCodes.unreachable,
  });
}

/** A forum's address, if there is one: `/site/basic-info.json` is open even where the posts are not. */
async function findForum(answer: string, tools: SourceTools, signal: AbortSignal) {
  const trimmed = answer.trim().replace(/\/+$/, '');
  const url = /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (trimmed === '' || !URL.canParse(url)) {
    throw new UserError('bad-address', `"${answer.slice(0, 200)}" is not a web address`, {
      fix: 'Give the address of a forum, such as https://meta.discourse.org',
    });
  }
  const { host, hostname } = new URL(url);
  await callApi(
    tools,
    {
      service: host,
      url: `${url}/site/basic-info.json`,
      answer: z.object({ title: z.string() }),
      explain: () => notForumError(host),
    },
    { signal },
  );
  const name = hostname
    .toLowerCase()
    .replace(/^www\./, '')
    .slice(0, 60);
  return { name, options: { url } };
}
