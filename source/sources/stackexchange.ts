import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { EngagementUpdate, FetchOptions, Page, Quota } from '../ports/source.ts';
import { count, optionalText, quoteMessage } from './answer-fields.ts';
import { callApi } from './api.ts';
import { htmlToText, titleToText } from './html-text.ts';
import type { HttpAnswer } from './http.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, laneStart, readLanes, writeLanes } from './lanes.ts';
import { Pace } from './pace.ts';
import { badKeyError, badQueryError } from './service-error.ts';
import { type OldestFirstAnswer, readItems, type TimedDraft, walkOldestFirst } from './time-walk.ts';

const keyVariable = 'STACKEXCHANGE_KEY';
/** Also the most ids that one request may name. */
const pageSize = 100;
/** Without a key, "page above 25 requires access token or app key". */
const keylessPages = 25;
const keyedPages = 250;
/** Answers are cached and the search index is late: each run looks back this far. */
const overlapSeconds = 3_600;

const options = z.object({
  query: z.string().max(500).default('').describe('Words to look for in questions; empty with tags alone'),
  tagged: z
    .array(z.string().regex(/^[^;\s]+$/))
    .default([])
    .describe('Tags of which a question has at least one; empty means any'),
  site: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/)
    .default('stackoverflow')
    .describe('Name of the site as in its address: stackoverflow, serverfault, askubuntu'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(7300)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.stackexchange.com')
    .describe('Where the API is; for tests'),
});
type Options = z.infer<typeof options>;

const answerSchema = z.object({
  items: z.array(z.unknown()),
  has_more: z.boolean(),
  backoff: z.number().optional().catch(undefined),
});
const quotaSchema = z.object({ quota_remaining: z.number(), quota_max: z.number().nullish().catch(null) });
const countsSchema = z.object({ question_id: z.number(), score: count, answer_count: count });
/** Of a refresh: a count that is not told is no count, and the known one stays. */
const toldSchema = z.object({ question_id: z.number(), score: z.number(), answer_count: z.number() });
const questionSchema = countsSchema.extend({
  link: z.url({ protocol: /^https?$/ }),
  title: z.string().min(1),
  body: optionalText,
  owner: z.object({ display_name: optionalText }).nullish().catch(null),
  creation_date: z.number(),
});
const errorSchema = z.object({ error_name: z.string(), error_message: optionalText });

export const stackexchangeKind = defineSourceKind({
  kind: 'stackexchange',
  title: 'Stack Exchange',
  options,
  target: ({ query, tagged, site }) =>
    [`questions on ${site}`, query && `with ${query}`, tagged.length > 0 && `tagged ${tagged.join(' or ')}`]
      .filter(Boolean)
      .join(' '),
  propose: (topic) => [{ name: 'stack-overflow', options: { query: topic } }],
  open: (name, settings, tools) => {
    const pace = new Pace(tools, settings.baseUrl);
    return {
      name,
      kind: 'stackexchange',
      fetch: (request) => fetchQuestions(settings, tools, pace, request),
      refresh: (externalIds, request) => refreshCounts(settings, tools, pace, externalIds, request),
    };
  },
});

/**
 * Questions of `/search/advanced`, oldest first (https://api.stackexchange.com/docs).
 * A `backoff` in an answer is obeyed before the next call, by the next run
 * too: it is kept in the cursor as `notBefore`.
 */
async function* fetchQuestions(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
): AsyncIterable<Page> {
  const { query, tagged, site, backfillDays } = settings;
  if (query.trim() === '' && tagged.length === 0) {
    throw badQueryError('Stack Exchange', 'it is empty', 'Set query, tagged or both');
  }
  const key = JSON.stringify([site, query, tagged]);
  const lanes = readLanes(request.cursor, key, [site], firstSecond(request, tools.clock.now(), backfillDays));
  pace.pauseUntil(Number(request.cursor?.notBefore ?? 0));
  const maxPages = tools.secrets[keyVariable] ? keyedPages : keylessPages;
  for (const [name, lane] of [...lanes]) {
    const read = (from: number, page: number) => search(settings, tools, pace, request, from, page);
    const start = { ...lane, until: laneStart(lane, overlapSeconds) };
    for await (const { posts, lane: reached, warnings } of walkOldestFirst({ read, maxPages }, start)) {
      lanes.set(name, reached);
      const cursor = { ...writeLanes(key, lanes, name), notBefore: pace.pausedUntil };
      yield { posts, cursor, warnings };
    }
  }
}

async function search(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
  from: number,
  page: number,
): Promise<OldestFirstAnswer> {
  const parameters = {
    q: settings.query,
    tagged: settings.tagged.join(';'),
    filter: 'withbody',
    sort: 'creation',
    order: 'asc',
    fromdate: String(from),
    pagesize: String(pageSize),
    page: String(page),
  };
  const value = await ask(settings, tools, pace, request, '/2.3/search/advanced', parameters);
  const { items, warnings } = readItems(value.items, draftQuestion);
  return { items, hasMore: value.has_more, warnings };
}

/** `/2.3/questions/{ids}`, 100 ids a request; questions that were deleted are not answered. */
async function* refreshCounts(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  externalIds: readonly string[],
  request: Omit<FetchOptions, 'cursor' | 'since'>,
): AsyncIterable<readonly EngagementUpdate[]> {
  const known = externalIds.filter((id) => /^\d+$/.test(id));
  for (let from = 0; from < known.length; from += pageSize) {
    const path = `/2.3/questions/${known.slice(from, from + pageSize).join(';')}`;
    const { items } = await ask(settings, tools, pace, request, path, { pagesize: String(pageSize) });
    yield items.flatMap((item) => {
      const question = toldSchema.pipe(countsSchema).safeParse(item).data;
      return question ? [{ externalId: String(question.question_id), engagement: readCounts(question) }] : [];
    });
  }
}

/** One request, when the limits allow it. */
async function ask(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: Omit<FetchOptions, 'cursor' | 'since'>,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<z.infer<typeof answerSchema>> {
  const url = new URL(path, settings.baseUrl);
  const key = tools.secrets[keyVariable] ?? '';
  for (const [name, value] of Object.entries({ site: settings.site, ...parameters, key })) {
    if (value !== '') url.searchParams.set(name, value);
  }
  await pace.turn(request);
  const { value } = await callApi(
    tools,
    { service: 'Stack Exchange', url, answer: answerSchema, quota: readQuota, limit: readLimit, explain },
    request,
  ).catch((error: unknown) => {
    throw withoutKey(error, key);
  });
  if (value.backoff !== undefined) pace.pauseUntil(tools.clock.now() + value.backoff * 1000);
  return value;
}

/** The default filters are "safe": titles and names are HTML-encoded, bodies are HTML. */
function draftQuestion(candidate: unknown): TimedDraft | null {
  const question = questionSchema.safeParse(candidate).data;
  if (!question) return null;
  const draft = draftPost({
    externalId: String(question.question_id),
    url: question.link,
    link: question.link,
    author: titleToText(question.owner?.display_name ?? '') || null,
    title: titleToText(question.title),
    text: htmlToText(question.body ?? ''),
    createdAt: question.creation_date * 1000,
    engagement: readCounts(question),
  });
  return { at: Math.floor(question.creation_date), draft };
}

function readCounts({ score, answer_count: answers }: z.infer<typeof countsSchema>) {
  return { likes: score, reposts: 0, replies: answers, quotes: 0 };
}

/** When the quota of the day begins anew is not told. */
function readQuota(_answer: HttpAnswer, parsed: unknown): Quota | null {
  const quota = quotaSchema.safeParse(parsed).data;
  return quota ? { remaining: quota.quota_remaining, limit: quota.quota_max ?? null, resetsAt: null } : null;
}

/** "too many requests from this IP, more requests available in 17524 seconds", with status 400. */
function readLimit(_answer: HttpAnswer, parsed: unknown): number | null | undefined {
  const error = errorSchema.safeParse(parsed).data;
  if (error?.error_name !== 'throttle_violation') return undefined;
  const seconds = /in (\d+) seconds/.exec(error.error_message ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function explain(_answer: HttpAnswer, parsed: unknown): UserError | null {
  const error = errorSchema.safeParse(parsed).data;
  if (!error) return null;
  const said = quoteMessage(error.error_message ?? error.error_name);
  if (/\bkey\b/.test(error.error_message ?? '')) return badKeyError('Stack Exchange', keyVariable, said);
  return badQueryError('Stack Exchange', said, 'Correct query, tagged or site');
}

/** The key is part of the address, which some errors quote. */
function withoutKey(error: unknown, key: string): unknown {
  if (key === '' || !(error instanceof UserError) || !error.message.includes(key)) return error;
  return new UserError(error.code, error.message.replaceAll(key, '***'), {
    fix: error.fix,
    exitCode: error.exitCode,
  });
}
