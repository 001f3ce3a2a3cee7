import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import type { EngagementUpdate, FetchOptions } from '../ports/source.ts';
import { anyList, count, isoTime, optionalText } from './answer-fields.ts';
import { askGraphql, type GraphqlApi } from './github-graphql.ts';
import { type OldestFirstList, readItems, type TimedDraft } from './time-walk.ts';

/** The most that one request may ask for, of a search and of known ids. */
const pageSize = 100;
/** No more than 1,000 results of one query are shown. */
const maxPages = 10;

/** An opened source of discussions. Words and qualifiers are those of its issue search. */
export interface DiscussionsApi extends GraphqlApi {
  readonly query: string;
}

const counts = `
  upvoteCount
  comments { totalCount }
  reactions { totalCount }
  refusals: reactions(content: THUMBS_DOWN) { totalCount }
  confused: reactions(content: CONFUSED) { totalCount }`;
const searchQuery = `query($query: String!, $after: String) {
  rateLimit { remaining limit resetAt }
  search(query: $query, type: DISCUSSION, first: ${pageSize}, after: $after) {
    discussionCount
    pageInfo { hasNextPage endCursor }
    nodes { ... on Discussion { id title body url createdAt author { login } ${counts} } }
  }
}`;
const refreshQuery = `query($ids: [ID!]!) {
  rateLimit { remaining limit resetAt }
  nodes(ids: $ids) { ... on Discussion { id ${counts} } }
}`;

const searchSchema = z.object({
  search: z.object({
    discussionCount: count,
    pageInfo: z
      .object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() })
      .refine(({ hasNextPage, endCursor }) => !hasNextPage || endCursor !== null),
    nodes: z.array(z.unknown()),
  }),
});
const nodesSchema = z.object({ nodes: anyList });

const total = z
  .object({ totalCount: count })
  .catch({ totalCount: 0 })
  .transform(({ totalCount }) => totalCount);
const countsSchema = z.object({
  /** A node id such as `D_kwDOABCD`; an issue is known by a number, so neither can be taken for the other. */
  id: z.string().regex(/\D/),
  upvoteCount: count,
  comments: total,
  reactions: total,
  refusals: total,
  confused: total,
});
const told = z.object({ totalCount: z.number() });
/** Of a refresh: a count that is not told is no count, and the known one stays. */
const toldSchema = z.object({
  id: z.string(),
  upvoteCount: z.number(),
  comments: told,
  reactions: told,
  refusals: told,
  confused: told,
});
const discussionSchema = countsSchema.extend({
  title: z.string().min(1),
  body: optionalText,
  url: z.url({ protocol: /^https?$/ }),
  createdAt: isoTime,
  author: z.object({ login: z.string() }).nullish().catch(null),
});

/**
 * Discussions of GraphQL’s `search`, oldest first
 * (https://docs.github.com/en/graphql/reference/queries#search). Its pages
 * have cursors rather than numbers, which are no good for the next run: a lane
 * that was stopped among the pages of one second is led there from the first.
 */
export function listDiscussions(api: DiscussionsApi, request: FetchOptions): OldestFirstList {
  let second = Number.NaN;
  let ends: (string | null)[] = [];
  return {
    maxPages,
    read: async (from, page) => {
      if (from !== second || page <= ends.length) ends = [];
      second = from;
      for (;;) {
        const found = await search(api, request, from, ends.at(-1) ?? null);
        ends.push(found.endCursor);
        if (ends.length < page && found.hasNextPage) continue;
        const isCapped = ends.length >= maxPages && found.discussionCount > maxPages * pageSize;
        const { items, warnings } = found;
        return { items, hasMore: found.hasNextPage || isCapped, warnings };
      }
    },
  };
}

async function search(api: DiscussionsApi, request: FetchOptions, from: number, after: string | null) {
  const since = new Date(from * 1000).toISOString().replace('.000Z', 'Z');
  const variables = { query: `${api.query} created:>=${since} sort:created-asc`, after };
  const { value, warnings } = await askGraphql(
    api,
    { query: searchQuery, variables, data: searchSchema },
    request,
  );
  const { nodes, pageInfo, discussionCount } = value.search;
  const { items, warnings: broken } = readItems(nodes, draftDiscussion);
  const said = [...warnings, ...broken];
  const isSorted = items.every(({ at }, index) => at >= (items[index - 1]?.at ?? from));
  if (!isSorted) said.push('GitHub did not put discussions in the order of time: some may be missing');
  return { items, warnings: said, discussionCount, ...pageInfo };
}

/** Text stays as it was written, in Markdown. */
function draftDiscussion(candidate: unknown): TimedDraft | null {
  const discussion = discussionSchema.safeParse(candidate).data;
  if (!discussion || discussion.createdAt === null) return null;
  const draft = draftPost({
    externalId: discussion.id,
    url: discussion.url,
    link: discussion.url,
    author: discussion.author?.login ?? null,
    title: discussion.title,
    text: (discussion.body ?? '').replace(/\r\n?/g, '\n').trim(),
    createdAt: discussion.createdAt,
    engagement: readCounts(discussion),
  });
  return { at: Math.floor(discussion.createdAt / 1000), draft };
}

/** Upvotes and reactions count as likes, but for the two reactions that say no. */
function readCounts(counted: z.infer<typeof countsSchema>) {
  const reactions = Math.max(0, counted.reactions - counted.refusals - counted.confused);
  return { likes: counted.upvoteCount + reactions, reposts: 0, replies: counted.comments, quotes: 0 };
}

/** 100 ids a request. Issues are passed over: their numbers do not lead back to them. */
export async function* refreshDiscussions(
  api: DiscussionsApi,
  externalIds: readonly string[],
  request: Omit<FetchOptions, 'cursor' | 'since'>,
): AsyncIterable<readonly EngagementUpdate[]> {
  const known = externalIds.filter((id) => /\D/.test(id));
  for (let from = 0; from < known.length; from += pageSize) {
    const ids = known.slice(from, from + pageSize);
    const { value } = await askGraphql(
      api,
      { query: refreshQuery, variables: { ids }, data: nodesSchema },
      request,
    );
    yield value.nodes.flatMap((node) => {
      const counted = toldSchema.pipe(countsSchema).safeParse(node).data;
      return counted ? [{ externalId: counted.id, engagement: readCounts(counted) }] : [];
    });
  }
}
