import { z } from 'zod';
import { exitCodes, UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { quoteMessage } from './answer-fields.ts';
import { callApi } from './api.ts';
import type { HttpAnswer } from './http.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, readLanes, writeLanes } from './lanes.ts';
import { draftLemmyComment, draftLemmyPost } from './lemmy-item.ts';
import { type NumberedAnswer, walkNumberedPages } from './numbered-pages.ts';
import { Pace } from './pace.ts';

const pageSize = 50;
const maxPages = 20;
/** Posts of other instances arrive late, with the time at which they were written there. */
const overlapSeconds = 6 * 3_600;
/** The limit of searches is set by each instance and refills bit by bit; nothing says when. */
const limitPauseMs = 60_000;

const options = z.object({
  query: z.string().min(1).max(300).describe('Words to look for in titles and texts, in this order'),
  types: z
    .array(z.enum(['posts', 'comments']))
    .min(1)
    .default(['posts', 'comments'])
    .describe('What is returned: posts, comments'),
  instance: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z]{2,}$/i, 'a host name, such as lemmy.world')
    .default('lemmy.world')
    .describe('Instance that is asked; it shows what it knows of the others too'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(7300)
    .default(7)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe('Address of the instance if it is not https:// and its name; for tests'),
});
type Options = z.infer<typeof options>;
type ItemType = Options['types'][number];

/** Version 4 of the API, of Lemmy 1.0, answers with `results` instead. */
const answerSchema = z.object({
  posts: z.array(z.unknown()).optional().catch(undefined),
  comments: z.array(z.unknown()).optional().catch(undefined),
});
const errorSchema = z.object({ error: z.string() });

export const lemmyKind = defineSourceKind({
  kind: 'lemmy',
  title: 'Lemmy',
  options,
  target: ({ query, types, instance }) => `${types.join(' and ')} with ${query} on ${instance}`,
  propose: (topic) => [{ name: 'lemmy', options: { query: topic } }],
  open: (name, settings, tools) => {
    const pace = new Pace(tools, addressOf(settings), [{ calls: 1, perMs: 1_000 }]);
    return { name, kind: 'lemmy', fetch: (request) => fetchItems(settings, tools, pace, request) };
  },
});

/**
 * Posts and comments of `/api/v3/search`, a lane each. Their identity is
 * `ap_id`, the address at which they were written: instances number the copies
 * of one post differently.
 */
async function* fetchItems(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
): AsyncIterable<Page> {
  const key = `${addressOf(settings)} ${settings.query}`;
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays);
  const lanes = readLanes(request.cursor, key, [...new Set(settings.types)], first);
  for (const [name, lane] of [...lanes]) {
    const type = name as ItemType;
    const read = (page: number) => search(settings, tools, pace, request, type, page);
    const list = { read, maxPages, overlapSeconds };
    for await (const { posts, lane: reached, warnings } of walkNumberedPages(list, lane)) {
      request.signal.throwIfAborted();
      lanes.set(name, reached);
      yield { posts, cursor: writeLanes(key, lanes, name), warnings };
    }
  }
}

async function search(
  settings: Options,
  tools: SourceTools,
  pace: Pace,
  request: FetchOptions,
  type: ItemType,
  page: number,
): Promise<NumberedAnswer> {
  const url = new URL('/api/v3/search', addressOf(settings));
  url.searchParams.set('q', settings.query);
  url.searchParams.set('type_', type === 'posts' ? 'Posts' : 'Comments');
  url.searchParams.set('sort', 'New');
  url.searchParams.set('listing_type', 'All');
  url.searchParams.set('page', String(page));
  url.searchParams.set('limit', String(pageSize));
  await pace.turn(request);
  const service = settings.instance;
  const { value } = await callApi(
    tools,
    {
      service,
      url,
      answer: answerSchema,
      limit: readLimit,
      explain: (...refusal) => explain(service, ...refusal),
    },
    request,
  );
  const candidates = value[type];
  if (candidates === undefined) throw versionError(service);
  const read = type === 'posts' ? draftLemmyPost : draftLemmyComment;
  const items = candidates.map(read);
  const broken = items.filter((item) => item === null).length;
  const have = broken === 1 ? 'post has' : 'posts have';
  return {
    items: items.filter((item) => item !== null && item !== 'gone'),
    hasMore: candidates.length > 0,
    warnings: broken > 0 ? [`${broken} ${have} no id, no date or no text: left out`] : [],
  };
}

function addressOf({ baseUrl, instance }: Options): string {
  return baseUrl === '' ? `https://${instance}` : baseUrl;
}

/** Lemmy says its limit with status 400 (429 in later versions) and the word `rate_limit_error`. */
function readLimit(answer: HttpAnswer, parsed: unknown): number | null | undefined {
  const isLimit = errorSchema.safeParse(parsed).data?.error === 'rate_limit_error';
  if (!isLimit && answer.status !== 429) return undefined;
  return answer.header('retry-after') === null ? limitPauseMs : null;
}

function explain(service: string, answer: HttpAnswer, parsed: unknown): UserError | null {
  const error = errorSchema.safeParse(parsed).data?.error;
  if (answer.status === 404) return versionError(service);
  if (error === 'instance_is_private' || answer.status === 401) {
    return new UserError('no-access', `${service} shows its posts to members only`, {
      fix: 'Set instance to a public one, such as lemmy.world',
    });
  }
  if (error === undefined) return null;
  return new UserError(
    'bad-query',
    `${service} cannot answer the query: ${quoteMessage(error) ?? 'no reason given'}`,
    {
      fix: 'Correct query or instance',
    },
  );
}

function versionError(service: string): UserError {
  return new UserError('bad-answer', `${service} does not answer in version 3 of Lemmy’s API`, {
    fix: 'Check that instance is a Lemmy instance; if it is one with a newer version, set another',
    exitCode: exitCodes.unreachable,
  });
}
