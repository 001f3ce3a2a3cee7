import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { count, isoTime, optionalText } from './answer-fields.ts';
import { callApi } from './api.ts';
import { explainRefusal, readLimit, readQuota, tokenVariable } from './github-api.ts';
import { type DiscussionsApi, listDiscussions, refreshDiscussions } from './github-discussions.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, laneStart, readLanes, writeLanes } from './lanes.ts';
import { Pace } from './pace.ts';
import { requiredSecret } from './required-secret.ts';
import {
  type OldestFirstAnswer,
  type OldestFirstList,
  readItems,
  type TimedDraft,
  walkOldestFirst,
} from './time-walk.ts';

const perPage = 100;
/** No more than 1,000 results of one query are shown. */
const maxPages = 10;
/** New issues reach the search index after a while: each run looks back this far. */
const overlapSeconds = 3_600;

const options = z.object({
  query: z
    .string()
    .min(1)
    .max(256)
    .describe('Words and qualifiers of GitHub’s issue search, such as "acme cloud" -repo:acme/site'),
  types: z
    .array(z.enum(['issue', 'pull-request', 'discussion']))
    .min(1)
    .default(['issue', 'pull-request'])
    .describe('What is returned: issue, pull-request, discussion; the last needs GITHUB_TOKEN'),
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
const inWords = new Intl.ListFormat('en-GB');

export const githubKind = defineSourceKind({
  kind: 'github',
  title: 'GitHub',
  options,
  target: ({ query, types }) =>
    `${inWords.format(types.map((type) => `${type.replace('-', ' ')}s`))} with ${query}`,
  propose: (topic) => [
    { name: 'github', options: { query: /\s/.test(topic) ? `"${topic.replaceAll('"', '')}"` : topic } },
  ],
  open: (name, settings, tools) => {
    const pace = new Pace(tools, settings.baseUrl);
    const discussions = openDiscussions(settings, tools);
    return {
      name,
      kind: 'github',
      fetch: (request) => fetchPosts(settings, tools, pace, discussions, request),
      ...(discussions === null
        ? {}
        : { refresh: (externalIds, request) => refreshDiscussions(discussions, externalIds, request) }),
    };
  },
});

/** Null when they are not asked for, or cannot be for want of a token. */
function openDiscussions({ types, query, baseUrl }: Options, tools: SourceTools): DiscussionsApi | null {
  const token = tools.secrets[tokenVariable]?.trim() ?? '';
  if (!types.includes('discussion') || token === '') return null;
  return { query, baseUrl, token, tools, pace: new Pace(tools, baseUrl) };
}

/**
 * Issues, pull requests and discussions by the time at which they were opened,
 * one after the other: GitHub searches for one of them, not for all. A lane each; see
 * `walkOldestFirst` for why neither the cap of 1,000 results nor changes
 * between two requests lose anything. Goes by `created` and not by `updated`,
 * which would fetch an issue anew with every comment on it.
 *
 * Where the token for discussions is missing, the others are read first and
 * only then is it told; the lane of the discussions waits where it stands.
 */
async function* fetchPosts(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  discussions: DiscussionsApi | null,
  request: FetchOptions,
): AsyncIterable<Page> {
  const types = [...new Set(settings.types)];
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays);
  const lanes = readLanes(request.cursor, settings.query, types, first);
  const listOf = (type: string): OldestFirstList | null => {
    if (type === 'discussion') return discussions && listDiscussions(discussions, request);
    return { read: (from, page) => search(settings, tools, pace, request, type, from, page), maxPages };
  };
  for (const [type, lane] of [...lanes]) {
    const list = listOf(type);
    if (list === null) continue;
    const start = { ...lane, until: laneStart(lane, overlapSeconds) };
    for await (const { posts, lane: reached, warnings } of walkOldestFirst(list, start)) {
      lanes.set(type, reached);
      yield { posts, cursor: writeLanes(settings.query, lanes, type), warnings };
    }
  }
  if (types.includes('discussion')) requireToken(tools);
}

function requireToken(tools: SourceTools): void {
  const how = 'Make a token that may read public repositories, at https://github.com/settings/tokens,';
  requiredSecret(tools, tokenVariable, 'GitHub’s discussions', how);
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
  const token = tools.secrets[tokenVariable]?.trim();
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
