import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Cursor, FetchOptions, Page } from '../ports/source.ts';
import { draftItems } from './answer-fields.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond } from './lanes.ts';
import { MastodonApi, tokenNeeded } from './mastodon-api.ts';
import { draftStatus, earlierId, idAtTime, isLaterId, statusId } from './mastodon-status.ts';
import { type ListPage, readWalks, walkNewestFirst, writeWalks } from './newest-walk.ts';

/** Statuses of other servers come late, with the ids of when they were written: each run looks back this far. */
const overlapMs = 3_600_000;

const options = z.object({
  instance: z
    .string()
    .regex(/^(?:https?:\/\/)?[^\s/@?#]+\/?$/i, 'a host or an address, mastodon.social for example')
    .default('mastodon.social')
    .describe('Instance that is asked, by host or address: it knows its own posts and those it was sent'),
  tags: z
    .array(z.string().regex(/^[\p{L}\p{N}\p{M}_]{1,100}$/u, 'a hashtag, without #'))
    .max(20)
    .default([])
    .describe('Hashtags whose posts are read, without #'),
  query: z
    .string()
    .max(500)
    .default('')
    .describe('Words to look for, with MASTODON_TOKEN; empty searches for none'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(7)
    .describe('How far back the first run looks, in days'),
});
type Options = z.infer<typeof options>;

export const mastodonKind = defineSourceKind({
  kind: 'mastodon',
  title: 'Mastodon',
  options,
  target: ({ instance, tags, query }) => {
    const what = [...tags.map((tag) => `#${tag}`), query && `posts with ${query}`].filter(Boolean);
    return `${what.join(', ')} on ${instance.replace(/^https?:\/\/|\/$/gi, '')}`;
  },
  propose: (topic) => {
    const words = topic.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const tag = words.join('');
    // A hashtag is one word, or a few run together; of a sentence nobody makes one.
    if (words.length > 3 || !/\p{L}/u.test(tag)) return [];
    return [{ name: 'mastodon', options: { tags: [tag.slice(0, 100)] } }];
  },
  open: (name, settings, tools) => {
    const api = new MastodonApi(tools, settings.instance);
    return {
      name,
      kind: 'mastodon',
      fetch: (request) => fetchStatuses(settings, tools, api, request),
    };
  },
});

/** One list of the source and how far it is read, as the cursor keeps it. */
interface Part {
  readonly cursor: Cursor;
  readonly complete: boolean;
}

/**
 * The timeline of each tag, then the search. The cursor keeps the entries of
 * each apart; `last` is the list that was read last, with which the next run
 * begins if it was left half read, and after which it begins otherwise.
 */
async function* fetchStatuses(
  { tags, query, backfillDays }: Options,
  tools: SourceTools,
  api: MastodonApi,
  request: FetchOptions,
): AsyncIterable<Page> {
  const words = query.trim();
  const names = [
    ...new Set(tags.map((tag) => `tag:${tag.toLowerCase()}`)),
    ...(words ? [`search:${words}`] : []),
  ];
  if (names.length === 0) {
    throw new UserError('bad-query', 'Mastodon cannot be read whole: the source names no tag and no words', {
      fix: 'Set tags, query or both',
    });
  }
  if (words && !api.hasToken) throw tokenNeeded(`${new URL(api.instance).host} searches for accounts only`);
  const known = request.cursor?.key === api.instance ? request.cursor : null;
  const first = firstSecond(request, tools.clock.now(), backfillDays) * 1000;
  const parts = new Map<string, Part>();
  for (const name of names) {
    const own = Object.entries(known ?? {}).filter(([key]) => key === name || key.startsWith(`${name}.`));
    if (own.length > 0) {
      parts.set(name, { cursor: Object.fromEntries(own), complete: known?.[`${name}.complete`] === true });
    }
  }
  const lastAt = names.indexOf(String(known?.last));
  const turn = lastAt === -1 ? 0 : lastAt + (parts.get(names[lastAt] ?? '')?.complete ? 1 : 0);
  for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
    const before = parts.get(name)?.cursor ?? {};
    const pages = name.startsWith('tag:')
      ? readTag(name, before, first, api, request)
      : searchWords(name, before, first, api, request);
    for await (const { posts, warnings, part } of pages) {
      parts.set(name, part);
      const entries = [...parts.values()].flatMap(({ cursor }) => Object.entries(cursor));
      yield { posts, warnings, cursor: { ...Object.fromEntries(entries), key: api.instance, last: name } };
    }
  }
}

type PartPage = Pick<Page, 'posts' | 'warnings'> & { readonly part: Part };

/** Oldest first: each page holds what follows the last id at once, so nothing shifts and nothing is skipped. */
async function* readTag(
  name: string,
  before: Cursor,
  first: number,
  api: MastodonApi,
  request: FetchOptions,
): AsyncIterable<PartPage> {
  const stored = before[name];
  const reached = typeof stored === 'string' ? stored : idAtTime(first);
  let id = before[`${name}.complete`] === true ? earlierId(reached, overlapMs) : reached;
  for (;;) {
    const items = await api.tagTimeline(name.slice('tag:'.length), id, request);
    const ids = items.flatMap((item) => statusId.safeParse(item).data?.id ?? []);
    const newest = ids.reduce((latest, each) => (isLaterId(each, latest) ? each : latest), id);
    const { posts, warnings } = draftItems(items.toReversed(), (item) => draftStatus(item, api.instance));
    // A page may be short before the end, since what the reader may not see is left out.
    const complete = newest === id;
    if (complete && ids.length > 0)
      warnings.push('the instance repeats the same page: newer posts may follow');
    const whole = complete && !isLaterId(newest, reached) ? reached : newest;
    const cursor = { [name]: whole, [`${name}.complete`]: complete };
    yield { posts: complete ? [] : posts, warnings, part: { cursor, complete } };
    if (complete) return;
    id = newest;
  }
}

/** Newest first, from page to page by time. */
async function* searchWords(
  name: string,
  before: Cursor,
  first: number,
  api: MastodonApi,
  request: FetchOptions,
): AsyncIterable<PartPage> {
  const start = readWalks({ ...before, key: name }, name, [name], first).get(name);
  if (start === undefined) return;
  const seen = new Set<string>();
  const read = async (next: string | null, from: number) => {
    const page = await searchPage(name.slice('search:'.length), next, from, api, request);
    return { ...page, posts: page.posts.filter(({ externalId }) => !seen.has(externalId)) };
  };
  const list = { read, overlapMs, anchored: false, cap: Number.POSITIVE_INFINITY };
  for await (const { posts, walk, warnings } of walkNewestFirst(list, start)) {
    for (const post of posts) seen.add(post.externalId);
    const { key: _key, last: _last, ...cursor } = writeWalks(name, new Map([[name, walk]]), name);
    yield { posts, warnings, part: { cursor, complete: walk.complete } };
  }
}

/**
 * `max_id` means "before that second" to newer servers and "below that id" to
 * older ones: the next page begins with the whole second of the last post. Where
 * a page does not get past a second, `offset` leads on.
 */
async function searchPage(
  words: string,
  next: string | null,
  from: number,
  api: MastodonApi,
  request: FetchOptions,
): Promise<ListPage> {
  const [maxId = '', offset = ''] = (next ?? '').split(' ');
  const items = await api.search(
    {
      q: words,
      // The second before, since a server may count whole seconds.
      min_id: idAtTime(from - 1_000),
      ...(maxId && { max_id: maxId }),
      ...(offset && { offset }),
    },
    request,
  );
  const { posts, warnings } = draftItems(items, (item) => draftStatus(item, api.instance));
  return { posts, warnings, listed: items.length, next: nextPage(items, maxId, Number(offset)) };
}

function nextPage(items: readonly unknown[], maxId: string, offset: number): string | null {
  const last = statusId.safeParse(items.at(-1)).data?.id;
  if (last === undefined) return null;
  const second = /^\d{1,19}$/.test(last) ? Math.floor(Number(BigInt(last) >> 16n) / 1_000) : null;
  const below = second === null ? last : idAtTime((second + 1) * 1_000);
  if (maxId === '' || isLaterId(maxId, below)) return below;
  return `${maxId} ${offset + items.length}`;
}
