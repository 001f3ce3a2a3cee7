import { z } from 'zod';
import { draftPost, type Engagement } from '../domain/post.ts';
import type { UserError } from '../errors.ts';
import type { FetchOptions, Page, Quota } from '../ports/source.ts';
import { count, isoTime, optionalText } from './answer-fields.ts';
import { callApi, quotaFromHeaders } from './api.ts';
import { foldSpace, htmlToText } from './html-text.ts';
import type { HttpAnswer } from './http.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, readLanes, writeLanes } from './lanes.ts';
import { goneError, lookUpEach } from './lookups.ts';
import { type LooseDraft, type NumberedAnswer, walkNumberedPages } from './numbered-pages.ts';
import { Pace } from './pace.ts';
import { badQueryError } from './service-error.ts';
import { wordFilter } from './words.ts';

/** 25 stories each: about two weeks of the whole site. */
const maxPages = 16;
/** Stories are not edited back in time; an hour covers the caches in front of the lists. */
const overlapSeconds = 3_600;
/** What the site allows, and a second between requests, which it asks for. */
const limits = [
  { calls: 1, perMs: 1_000 },
  { calls: 30, perMs: 60_000 },
  { calls: 100, perMs: 600_000 },
  { calls: 400, perMs: 3_600_000 },
];

const name = z.string().regex(/^[^\s/,?#]+$/);
const options = z.object({
  tags: z.array(name).default([]).describe('Tags whose stories are read; with no domains either, all are'),
  domains: z.array(name).default([]).describe('Sites whose stories are read, such as acme.example'),
  query: z
    .string()
    .max(300)
    .default('')
    .describe('Words that a story must hold in its title, text, link or tags; Lobsters itself cannot search'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(365)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://lobste.rs')
    .describe('Where the site is; for sister sites and tests'),
});
type Options = z.infer<typeof options>;
type Request = Omit<FetchOptions, 'cursor' | 'since'>;

const answerSchema = z.array(z.unknown());
const webAddress = z
  .url({ protocol: /^https?$/ })
  .nullish()
  .catch(null);
const storySchema = z.object({
  short_id: z.string().min(1),
  created_at: isoTime,
  title: z.string().min(1),
  url: webAddress,
  comments_url: webAddress,
  short_id_url: webAddress,
  description: optionalText,
  description_plain: optionalText,
  score: count,
  comment_count: count,
  /** A name since 2024, a person before that. */
  submitter_user: z
    .union([z.string(), z.object({ username: z.string() }).transform(({ username }) => username)])
    .nullish()
    .catch(null),
  tags: z.array(z.string()).catch([]),
});

/** Of a refresh: a count that is not told is no count, and the known one stays. */
const toldSchema = z.object({ short_id: z.string(), score: z.number(), comment_count: z.number() });

export const lobstersKind = defineSourceKind({
  kind: 'lobsters',
  title: 'Lobsters',
  options,
  target: (settings) => {
    const lists = listsOf(settings).map((list) => list.replace(/^t\//, '').replace(/^domains\//, ''));
    return `stories ${lists.join(', ')}${settings.query === '' ? '' : ` with ${settings.query}`}`;
  },
  open: (sourceName, settings, tools) => {
    const pace = new Pace(tools, settings.baseUrl, limits);
    return {
      name: sourceName,
      kind: 'lobsters',
      fetch: (request) => fetchStories(settings, tools, pace, request),
      refresh: (externalIds, request) => {
        const known = externalIds.filter((id) => /^[a-z0-9]+$/i.test(id));
        return lookUpEach(known, request, (id) => readCounts(settings, tools, pace, request, id));
      },
    };
  },
});

/** Several tags are one list, as the site asks; each domain is a list of its own. */
function listsOf({ tags, domains }: Options): string[] {
  const lists = [
    ...(tags.length > 0 ? [`t/${[...new Set(tags)].join(',')}`] : []),
    ...[...new Set(domains)].map((domain) => `domains/${domain}`),
  ];
  return lists.length > 0 ? lists : ['newest'];
}

/** Stories, newest first on the wire, a lane for each list. What does not hold the words is passed over. */
async function* fetchStories(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
): AsyncIterable<Page> {
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays);
  // Changed words begin anew: what was passed over before may hold the new ones.
  const key = `${settings.baseUrl} ${settings.query}`;
  const lanes = readLanes(request.cursor, key, listsOf(settings), first);
  const isWanted = wordFilter(settings.query);
  for (const [list, lane] of [...lanes]) {
    const read = (page: number) => readPage(settings, tools, pace, request, list, page, isWanted);
    const pages = walkNumberedPages({ read, maxPages, overlapSeconds }, lane);
    for await (const { posts, lane: reached, warnings } of pages) {
      request.signal.throwIfAborted();
      lanes.set(list, reached);
      yield { posts, cursor: writeLanes(key, lanes, list), warnings };
    }
  }
}

async function readPage(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
  list: string,
  page: number,
  isWanted: (text: string) => boolean,
): Promise<NumberedAnswer> {
  const path = `${list}${page === 1 ? '' : `/page/${page}`}`;
  const value = await ask(settings, tools, pace, request, path, answerSchema, (answer) =>
    explain(answer, list),
  );
  const items = value.map((story) => draftStory(story, isWanted));
  const broken = items.filter((item) => item === null).length;
  const have = broken === 1 ? 'story has' : 'stories have';
  return {
    items: items.filter((item) => item !== null),
    hasMore: value.length > 0,
    warnings: broken > 0 ? [`${broken} ${have} no id, no date or no title: left out`] : [],
  };
}

/** A story that was merged into another one leads to that: its own counts are no longer told. */
async function readCounts(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: Request,
  id: string,
): Promise<Engagement | null> {
  const value = await ask(settings, tools, pace, request, `s/${id}`, z.unknown(), ({ status }) =>
    status === 404 ? goneError('Lobsters') : null,
  );
  const story = toldSchema.safeParse(value).data;
  if (story?.short_id !== id) return null;
  return { likes: story.score, reposts: 0, replies: story.comment_count, quotes: 0 };
}

/** One request, when the limits allow it. */
async function ask<Answer extends z.ZodType>(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: Request,
  path: string,
  answer: Answer,
  explainRefusal: (answer: HttpAnswer) => UserError | null,
): Promise<z.infer<Answer>> {
  await pace.turn(request);
  const { value } = await callApi(
    tools,
    {
      service: 'Lobsters',
      url: new URL(`${settings.baseUrl.replace(/\/+$/, '')}/${path}.json`),
      answer,
      quota: (from, _parsed, now) => {
        const quota = readQuota(from, now);
        if (quota !== null) pace.noteQuota(quota);
        return quota;
      },
      explain: explainRefusal,
    },
    request,
  );
  return value;
}

function draftStory(candidate: unknown, isWanted: (text: string) => boolean): LooseDraft | null {
  const story = storySchema.safeParse(candidate).data;
  if (!story || story.created_at === null) return null;
  const text = story.description_plain ?? htmlToText(story.description ?? '');
  const discussion = story.comments_url ?? story.short_id_url ?? null;
  const draft = draftPost({
    externalId: story.short_id,
    url: discussion ?? story.url ?? null,
    link: story.url ?? discussion,
    author: story.submitter_user ?? null,
    title: foldSpace(story.title),
    text: text.replace(/\r\n?/g, '\n').trim(),
    createdAt: story.created_at,
    engagement: { likes: story.score, reposts: 0, replies: story.comment_count, quotes: 0 },
  });
  const words = [story.title, text, story.url ?? '', ...story.tags].join('\n');
  return { at: Math.floor(story.created_at / 1000), draft, isWanted: isWanted(words) };
}

/** The site's own code gives the end of the window as seconds since 1970; the standard means seconds from now. */
function readQuota(answer: HttpAnswer, now: number): Quota | null {
  const isEpoch = Number(answer.header('ratelimit-reset')) > 1e9;
  const names = { remaining: 'ratelimit-remaining', limit: 'ratelimit-limit', reset: 'ratelimit-reset' };
  return quotaFromHeaders(answer, names, isEpoch ? 'epoch-seconds' : 'seconds', now);
}

function explain(answer: HttpAnswer, list: string): UserError | null {
  if (answer.status !== 404 || list === 'newest') return null;
  return badQueryError(
    'Lobsters',
    `it has no list ${list}`,
    'Correct tags or domains; lobste.rs/tags has the tags',
  );
}
