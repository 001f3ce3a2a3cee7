import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import type { UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { anyList, count, isoTime, optionalText, quoteMessage } from './answer-fields.ts';
import { callApi, quotaFromHeaders } from './api.ts';
import type { HttpAnswer } from './http.ts';
import { readRetryAfter } from './http-retry.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, laneStart, readLanes, writeLanes } from './lanes.ts';
import { Pace } from './pace.ts';
import { badKeyError, badQueryError } from './service-error.ts';
import { type OldestFirstAnswer, readItems, type TimedDraft, walkOldestFirst } from './time-walk.ts';

const tokenVariable = 'GITHUB_TOKEN';
const perPage = 100;
/** No more than 1,000 results of one query are shown. */
const maxPages = 10;
/** New issues reach the search index after a while: each run looks back this far. */
const overlapSeconds = 3_600;
/** "If neither header is present, wait for at least one minute" (GitHub, Rate limits for the REST API). */
const secondaryPauseMs = 60_000;

const options = z.object({
  query: z
    .string()
    .min(1)
    .max(256)
    .describe('Words and qualifiers of GitHub’s issue search, such as "acme cloud" -repo:acme/site'),
  types: z
    .array(z.enum(['issue', 'pull-request']))
    .min(1)
    .default(['issue', 'pull-request'])
    .describe('What is returned: issue, pull-request'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(7300)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.github.com')
    .describe('Where the API is; for GitHub Enterprise and tests'),
});
type Options = z.infer<typeof options>;

const answerSchema = z.object({
  total_count: z.number(),
  incomplete_results: z.boolean().catch(false),
  items: z.array(z.unknown()),
});
const itemSchema = z.object({
  id: z.number(),
  html_url: z.url({ protocol: /^https?$/ }),
  title: z.string().min(1),
  body: optionalText,
  user: z.object({ login: z.string() }).nullish().catch(null),
  created_at: isoTime,
  comments: count,
  reactions: z.object({ total_count: count, '-1': count, confused: count }).nullish().catch(null),
});
const refusalSchema = z.object({ message: optionalText, errors: anyList });
const mistakeSchema = z.object({ message: z.string() });

export const githubKind = defineSourceKind({
  kind: 'github',
  title: 'GitHub',
  options,
  target: ({ query, types }) =>
    `${types.map((type) => `${type.replace('-', ' ')}s`).join(' and ')} with ${query}`,
  propose: (topic) => [
    { name: 'github', options: { query: /\s/.test(topic) ? `"${topic.replaceAll('"', '')}"` : topic } },
  ],
  open: (name, settings, tools) => {
    const pace = new Pace(tools, settings.baseUrl);
    return { name, kind: 'github', fetch: (request) => fetchIssues(settings, tools, pace, request) };
  },
});

/**
 * Issues and pull requests by the time at which they were opened, one after
 * the other: GitHub searches for either, not for both. A lane each; see
 * `walkOldestFirst` for why neither the cap of 1,000 results nor changes
 * between two requests lose anything. Goes by `created` and not by `updated`,
 * which would fetch an issue anew with every comment on it.
 */
async function* fetchIssues(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
): AsyncIterable<Page> {
  const types = [...new Set(settings.types)];
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays);
  const lanes = readLanes(request.cursor, settings.query, types, first);
  for (const [type, lane] of [...lanes]) {
    const read = (from: number, page: number) => search(settings, tools, pace, request, type, from, page);
    const start = { ...lane, until: laneStart(lane, overlapSeconds) };
    for await (const { posts, lane: reached, warnings } of walkOldestFirst({ read, maxPages }, start)) {
      lanes.set(type, reached);
      yield { posts, cursor: writeLanes(settings.query, lanes, type), warnings };
    }
  }
}

async function search(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
  type: string,
  from: number,
  page: number,
): Promise<OldestFirstAnswer> {
  const url = new URL(`${settings.baseUrl.replace(/\/+$/, '')}/search/issues`);
  const since = new Date(from * 1000).toISOString().replace('.000Z', 'Z');
  url.searchParams.set('q', `${settings.query} is:${type} created:>=${since}`);
  url.searchParams.set('sort', 'created');
  url.searchParams.set('order', 'asc');
  url.searchParams.set('per_page', String(perPage));
  url.searchParams.set('page', String(page));
  const token = tools.secrets[tokenVariable];
  const call = async () => {
    await pace.turn(request);
    const { value } = await callApi(
      tools,
      {
        service: 'GitHub',
        url,
        headers: {
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        answer: answerSchema,
        quota: (answer, _parsed, now) => {
          const quota = readQuota(answer, now);
          if (quota !== null) pace.noteQuota(quota);
          return quota;
        },
        limit: readLimit,
        explain: explainRefusal,
      },
      request,
    );
    return value;
  };
  let value = await call();
  // A search that took too long shows what it had found; another try often has time enough.
  if (value.incomplete_results) value = await call();
  const { items, warnings } = readItems(value.items, draftIssue);
  if (value.incomplete_results) {
    const what = `${type.replace('-', ' ')}s`;
    warnings.push(`GitHub ran out of time and may have left ${what} out: a narrower query helps`);
  }
  const shown = (page - 1) * perPage + value.items.length;
  return { items, hasMore: value.items.length > 0 && shown < value.total_count, warnings };
}

/** Text stays as it was written, in Markdown. Reactions count as likes, but for the two that say no. */
function draftIssue(candidate: unknown): TimedDraft | null {
  const issue = itemSchema.safeParse(candidate).data;
  if (!issue || issue.created_at === null) return null;
  const { reactions } = issue;
  const likes = reactions ? reactions.total_count - reactions['-1'] - reactions.confused : 0;
  const draft = draftPost({
    externalId: String(issue.id),
    url: issue.html_url,
    link: issue.html_url,
    author: issue.user?.login ?? null,
    title: issue.title,
    text: (issue.body ?? '').replace(/\r\n?/g, '\n').trim(),
    createdAt: issue.created_at,
    engagement: { likes: Math.max(0, likes), reposts: 0, replies: issue.comments, quotes: 0 },
  });
  return { at: Math.floor(issue.created_at / 1000), draft };
}

function readQuota(answer: HttpAnswer, now: number) {
  const names = {
    remaining: 'x-ratelimit-remaining',
    limit: 'x-ratelimit-limit',
    reset: 'x-ratelimit-reset',
  };
  return quotaFromHeaders(answer, names, 'epoch-seconds', now);
}

/** GitHub says both its limits with 403 or 429; the secondary ones often without a time. */
function readLimit(answer: HttpAnswer, parsed: unknown, now: number): number | null | undefined {
  if (answer.status !== 403 && answer.status !== 429) return undefined;
  const asked = readRetryAfter(answer.header('retry-after'), now);
  if (asked !== null) return asked;
  const quota = readQuota(answer, now);
  if (quota?.remaining === 0) return null;
  return /rate limit|abuse detection/i.test(refusalOf(parsed)) || answer.status === 429
    ? secondaryPauseMs
    : undefined;
}

function explainRefusal(answer: HttpAnswer, parsed: unknown): UserError | null {
  const said = quoteMessage(refusalOf(parsed));
  if (answer.status === 401) return badKeyError('GitHub', tokenVariable, said);
  if (answer.status !== 422) return null;
  return badQueryError(
    'GitHub',
    said,
    'Correct query; https://docs.github.com/search-github explains its language',
  );
}

function refusalOf(parsed: unknown): string {
  const { message, errors } = refusalSchema.safeParse(parsed).data ?? { message: null, errors: [] };
  const mistakes = errors.map((error) => mistakeSchema.safeParse(error).data?.message);
  return [message, ...mistakes].filter(Boolean).join('; ');
}
