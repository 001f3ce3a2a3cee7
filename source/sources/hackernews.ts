import { z } from 'zod';
import { draftPost, type PostDraft } from '../domain/post.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { EngagementUpdate, FetchOptions, Page } from '../ports/source.ts';
import { foldSpace, htmlToText } from './html-text.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';

/** The most that Algolia shows of one query, however much it found; also the most it puts on one page. */
const hitsCap = 1_000;
/** Slices are cut so that they should hold about this many hits: some air below the cap. */
const aimedHits = 700;
/** Items appear in the index some time after they were written: each run looks back this far. */
const overlapSeconds = 3_600;
/** How far our clock and theirs may be apart. */
const skewSeconds = 86_400;
const secondsPerDay = 86_400;
/** Ids that one request of a refresh asks for: their tags make an address of about 2,000 characters. */
const refreshSize = 100;
const itemUrl = 'https://news.ycombinator.com/item?id=';

const options = z.object({
  query: z
    .string()
    .min(1)
    .max(500)
    .describe('Words to look for; "quoted words" are looked for as they stand'),
  tags: z
    .array(z.enum(['story', 'comment', 'poll', 'show_hn', 'ask_hn']))
    .min(1)
    .default(['story', 'comment'])
    .describe('What is returned'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://hn.algolia.com')
    .describe('Where the search is; for tests and mirrors'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(7300)
    .default(7)
    .describe('How far back the first run looks, in days'),
});
type Options = z.infer<typeof options>;

const answerSchema = z.object({
  nbHits: z.number(),
  hits: z.array(z.unknown()),
  exhaustiveNbHits: z.boolean().optional().catch(undefined),
});

const text = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);
const countsSchema = z.object({
  objectID: z.union([z.string().min(1), z.number()]).transform(String),
  points: number,
  num_comments: number,
});
const hitSchema = countsSchema.extend({
  created_at_i: z.number(),
  author: text,
  title: text,
  url: text,
  story_text: text,
  comment_text: text,
  story_title: text,
  story_url: text,
  story_id: number,
  parent_id: number,
});
type Hit = z.infer<typeof hitSchema>;

export const hackernewsKind = defineSourceKind({
  kind: 'hackernews',
  title: 'Hacker News',
  options,
  target: ({ query, tags }) => `${tags.map((tag) => tag.replace('_', ' ')).join(' and ')} with ${query}`,
  propose: (topic) => [{ name: 'hacker-news', options: { query: topic } }],
  open: (name, settings, tools) => ({
    name,
    kind: 'hackernews',
    fetch: (request) => fetchHits(settings, tools, request),
    refresh: (externalIds, request) => refreshCounts(settings, tools, externalIds, request),
  }),
});

/**
 * Hits of `search_by_date` (https://hn.algolia.com/api), oldest first.
 *
 * The time from the cursor (or, of a backfill, from `since`) to now is read in slices
 * `[from, to)` of whole seconds, one request each. A slice that holds more
 * hits than its answer shows is cut shorter until it fits, so the cap loses
 * nothing, and a page never shifts under the reader. A single second cannot be
 * cut: its answer is kept as far as it is shown, with a warning.
 *
 * The cursor `until` passes over slices that were yielded, but within a day of
 * now only up to their newest hit: our clock may be ahead of theirs, and what
 * is empty today may only not have been written yet. For a clock that is
 * behind, the last slice reaches a day beyond it.
 *
 * A run that came to its end (`complete`) is followed by one that looks back
 * an hour; a run that was stopped goes on exactly where it stopped, or it might
 * never get past an hour with more posts than one run may take.
 */
async function* fetchHits(settings: Options, tools: SourceTools, request: FetchOptions): AsyncIterable<Page> {
  const key = `${settings.tags.join(',')} ${settings.query}`;
  const now = Math.floor(tools.clock.now() / 1000);
  const end = now + skewSeconds + 1;
  // A cursor of another query says nothing of this one.
  const until = request.cursor?.query === key ? Number(request.cursor.until) : Number.NaN;
  let from = Number.isFinite(until)
    ? Math.min(until, end) - (request.cursor?.complete === false ? 0 : overlapSeconds)
    : startOf(settings, request, now);
  let position = from;
  let span = end - from;
  while (from < end) {
    const to = Math.min(end, from + span);
    const slice = await searchSlice(settings, tools, request, from, to);
    if (slice.found > slice.hits.length && to - from > 1) {
      const fitting = Math.floor(((to - from) * aimedHits) / slice.found);
      span = Math.max(1, Math.min(fitting, Math.floor((to - from) / 2)));
      continue;
    }
    const { posts, warnings } = draftHits(slice.hits);
    if (slice.found > slice.hits.length) {
      const second = new Date(from * 1000).toISOString();
      warnings.push(`${slice.found} hits at ${second}, of which only ${slice.hits.length} can be read`);
    }
    const newest = newestSecond(slice.hits);
    position = Math.max(position, newest === null ? 0 : newest + 1, Math.min(to, now - skewSeconds));
    const complete = to === end;
    // A page that moves nothing on would be read again for ever by runs that stop after one.
    if (complete || slice.hits.length > 0 || position === to) {
      yield { posts, cursor: { query: key, until: position, complete }, warnings };
    }
    from = to;
    span = Math.max(1, Math.ceil((span * aimedHits) / Math.max(slice.found, aimedHits / 4)));
  }
}

/** When the newest hit was written, in seconds; null without hits. Broken ones count: they were read. */
function newestSecond(hits: readonly unknown[]): number | null {
  const times = hits.flatMap((hit) => {
    const parsed = z.object({ created_at_i: z.number() }).safeParse(hit);
    return parsed.success ? [Math.floor(parsed.data.created_at_i)] : [];
  });
  return times.length > 0 ? Math.max(...times) : null;
}

/** Where a first run or a backfill begins, in seconds. */
function startOf({ backfillDays }: Options, { since }: FetchOptions, now: number): number {
  return since === undefined
    ? now - Math.ceil(backfillDays * secondsPerDay)
    : Math.max(0, Math.floor(since / 1000));
}

/** One request: the hits shown, and how many there are. */
async function searchSlice(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
  from: number,
  to: number,
) {
  const url = new URL('/api/v1/search_by_date', settings.baseUrl);
  url.searchParams.set('query', settings.query);
  url.searchParams.set('tags', `(${settings.tags.join(',')})`);
  url.searchParams.set('numericFilters', `created_at_i>=${from},created_at_i<${to}`);
  url.searchParams.set('hitsPerPage', String(hitsCap));
  const { nbHits, hits, exhaustiveNbHits } = await ask(url, tools, request);
  // An estimate says nothing about a page that is not full.
  const isEstimate = exhaustiveNbHits === false && hits.length < hitsCap;
  return { hits, found: isEstimate ? hits.length : Math.max(nbHits, hits.length) };
}

/**
 * The counts of stories and polls, 100 ids a request. Each carries the tag
 * `story_ID` with its own id, and so do the comments below it, which are ruled
 * out. Comments have no public counts, and what was deleted has left the index.
 */
async function* refreshCounts(
  settings: Options,
  tools: SourceTools,
  externalIds: readonly string[],
  request: Omit<FetchOptions, 'cursor' | 'since'>,
): AsyncIterable<readonly EngagementUpdate[]> {
  const known = externalIds.filter((id) => /^\d+$/.test(id));
  for (let from = 0; from < known.length; from += refreshSize) {
    const ids = known.slice(from, from + refreshSize);
    const url = new URL('/api/v1/search_by_date', settings.baseUrl);
    url.searchParams.set('tags', `(story,poll),(${ids.map((id) => `story_${id}`).join(',')})`);
    url.searchParams.set('hitsPerPage', String(refreshSize));
    const { hits } = await ask(url, tools, request);
    yield hits.flatMap((hit) => {
      const counted = countsSchema.safeParse(hit).data;
      // A count that is not told is no count: the known one stays.
      return counted && typeof counted.points === 'number' && ids.includes(counted.objectID)
        ? [{ externalId: counted.objectID, engagement: readCounts(counted) }]
        : [];
    });
  }
}

async function ask(url: URL, tools: SourceTools, request: Omit<FetchOptions, 'cursor' | 'since'>) {
  request.signal.throwIfAborted();
  const answer = await tools.http.get(url.href, {
    headers: { accept: 'application/json' },
    signal: request.signal,
    onNotice: request.onNotice,
  });
  const parsed = answerSchema.safeParse(parseJson(answer.body));
  if (!parsed.success) {
    throw new UserError('bad-answer', `${url.host} did not answer with search results`, {
      fix: 'Try again later; if baseUrl is set, check it',
      exitCode: exitCodes.unreachable,
      cause: parsed.error,
    });
  }
  return parsed.data;
}

function draftHits(hits: readonly unknown[]): { posts: PostDraft[]; warnings: string[] } {
  const posts: PostDraft[] = [];
  let broken = 0;
  // Newest first on the wire; a reader of a half-finished run sees the oldest first.
  for (const candidate of hits.toReversed()) {
    const hit = hitSchema.safeParse(candidate);
    const draft = hit.success ? draftHit(hit.data) : null;
    if (draft) posts.push(draft);
    else broken += 1;
  }
  const were = broken === 1 ? 'hit has' : 'hits have';
  return { posts, warnings: broken > 0 ? [`${broken} ${were} no id, no date or no text: left out`] : [] };
}

/** Null for an item whose words were deleted. */
function draftHit(hit: Hit): PostDraft | null {
  const title = foldSpace(hit.title ?? '') || null;
  const body = htmlToText(hit.comment_text ?? hit.story_text ?? '');
  if (title === null && body === '') return null;
  const story = hit.story_url || (hit.story_id ? `${itemUrl}${hit.story_id}` : null);
  return draftPost({
    externalId: hit.objectID,
    url: `${itemUrl}${hit.objectID}`,
    author: hit.author || null,
    title,
    text: body,
    createdAt: hit.created_at_i * 1000,
    engagement: readCounts(hit),
    link: title === null ? null : hit.url || `${itemUrl}${hit.objectID}`,
    parentUrl: title === null ? story : null,
    parentText: title === null ? foldSpace(hit.story_title ?? '') || null : null,
  });
}

function readCounts({ points, num_comments: comments }: z.infer<typeof countsSchema>) {
  return { likes: wholeNumber(points), reposts: 0, replies: wholeNumber(comments), quotes: 0 };
}

function wholeNumber(value: number | null | undefined): number {
  return value !== null && value !== undefined && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
