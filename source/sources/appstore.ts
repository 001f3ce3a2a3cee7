import { z } from 'zod';
import { draftPost } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { isoTime } from './answer-fields.ts';
import { callApi } from './api.ts';
import { foldSpace } from './html-text.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { firstSecond, readLanes, writeLanes } from './lanes.ts';
import { type LooseDraft, type NumberedAnswer, walkNumberedPages } from './numbered-pages.ts';

/** Apple shows ten pages of fifty reviews of an app in a country, and no more. */
const maxPages = 10;
/** Reviews are shown some days after they were written. */
const overlapSeconds = 3 * 86_400;

const options = z.object({
  appId: z.int().min(1).describe('Number of the app: 618783545 in apps.apple.com/us/app/slack/id618783545'),
  countries: z
    .array(z.string().regex(/^[a-z]{2}$/, 'two lower-case letters'))
    .min(1)
    .default(['us'])
    .describe('Stores whose reviews are read, by country code: us, gb, de'),
  backfillDays: z
    .number()
    .min(0.01)
    .max(7300)
    .default(30)
    .describe('How far back the first run looks, in days'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://itunes.apple.com')
    .describe('Where the feeds are; for tests'),
});
type Options = z.infer<typeof options>;

/** XML that was turned into JSON: a list of one is the one itself, and of none is missing. */
const answerSchema = z.object({
  feed: z.object({
    entry: z
      .union([z.array(z.unknown()), z.object({}).loose()])
      .optional()
      .transform((entry) => (entry === undefined ? [] : Array.isArray(entry) ? entry : [entry])),
  }),
});
const label = z.object({ label: z.string() });
const optionalLabel = label.nullish().catch(null);
const entrySchema = z.object({
  id: label,
  title: optionalLabel,
  content: z
    .union([label, z.array(label).transform((labels) => labels[0])])
    .nullish()
    .catch(null),
  author: z.object({ name: optionalLabel }).nullish().catch(null),
  'im:rating': label,
  'im:voteSum': optionalLabel,
  updated: optionalLabel,
});

export const appstoreKind = defineSourceKind({
  kind: 'appstore',
  title: 'App Store',
  options,
  target: ({ appId, countries }) => `reviews of app ${appId} in ${countries.join(', ')}`,
  question: {
    prompt: 'Address of an app in the App Store, or its number',
    example: 'https://apps.apple.com/us/app/slack/id618783545',
    answer: async (answer) => readAppAddress(answer),
  },
  open: (name, settings, tools) => ({
    name,
    kind: 'appstore',
    fetch: (request) => fetchReviews(settings, tools, request),
  }),
});

/** Reviews of an app, a lane for each country, from the feeds of customer reviews. */
async function* fetchReviews(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
): AsyncIterable<Page> {
  const key = String(settings.appId);
  const first = firstSecond(request, tools.clock.now(), settings.backfillDays);
  const lanes = readLanes(request.cursor, key, [...new Set(settings.countries)], first);
  for (const [country, lane] of [...lanes]) {
    request.signal.throwIfAborted();
    const read = (page: number) => readPage(settings, tools, request, country, page);
    const list = { read, maxPages, overlapSeconds };
    for await (const { posts, lane: reached, warnings } of walkNumberedPages(list, lane)) {
      request.signal.throwIfAborted();
      lanes.set(country, reached);
      yield {
        posts,
        cursor: writeLanes(key, lanes, country),
        warnings: warnings.map((warning) => `${country}: ${warning}`),
      };
    }
  }
}

async function readPage(
  settings: Options,
  tools: SourceTools,
  request: FetchOptions,
  country: string,
  page: number,
): Promise<NumberedAnswer> {
  const path = `/${country}/rss/customerreviews/page=${page}/id=${settings.appId}/sortby=mostrecent/json`;
  const url = new URL(path, settings.baseUrl);
  const { value } = await callApi(tools, { service: 'The App Store', url, answer: answerSchema }, request);
  const reviews = value.feed.entry.filter((entry) => !isApp(entry));
  const items = reviews.map((entry) => draftReview(entry, settings, country)).filter((item) => item !== null);
  const broken = reviews.length - items.length;
  const have = broken === 1 ? 'review has' : 'reviews have';
  return {
    items,
    // Pages are not always full, and nothing says which is the last: the end is a page without reviews.
    hasMore: reviews.length > 0,
    warnings: broken > 0 ? [`${broken} ${have} no id, no rating or no text: left out`] : [],
  };
}

/** The first entry may be the app itself. */
function isApp(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'im:name' in entry && !('im:rating' in entry);
}

/** The rating leads the title, as the store shows it: an analyst and an analyzer both read it there. */
function draftReview(entry: unknown, settings: Options, country: string): LooseDraft | null {
  const review = entrySchema.safeParse(entry).data;
  const stars = Math.round(Number(review?.['im:rating'].label));
  const id = review?.id.label.trim() ?? '';
  const title = foldSpace(review?.title?.label ?? '');
  const text = (review?.content?.label ?? '').replace(/\r\n?/g, '\n').trim();
  if (!review || id === '' || !(stars >= 1 && stars <= 5) || (title === '' && text === '')) return null;
  const createdAt = isoTime.parse(review.updated?.label);
  const likes = Math.trunc(Number(review['im:voteSum']?.label)) || 0;
  const draft = draftPost({
    externalId: id,
    url: `https://apps.apple.com/${country}/app/id${settings.appId}?see-all=reviews`,
    author: foldSpace(review.author?.name?.label ?? '') || null,
    title: `${'★'.repeat(stars)}${'☆'.repeat(5 - stars)} ${title}`.trim(),
    text,
    createdAt,
    engagement: { likes: Math.max(0, likes), reposts: 0, replies: 0, quotes: 0 },
  });
  return { at: createdAt === null ? null : Math.floor(createdAt / 1000), draft };
}

/** Throws `UserError` `bad-address` for what is neither an app's address nor its number. */
function readAppAddress(answer: string) {
  const trimmed = answer.trim();
  const id = /^(?:id)?(\d{5,})$/.exec(trimmed)?.[1] ?? /\/id(\d{5,})(?=$|[/?#])/.exec(trimmed)?.[1];
  if (id === undefined) {
    throw new UserError('bad-address', `"${trimmed.slice(0, 200)}" names no app of the App Store`, {
      fix: 'Open the app on apps.apple.com and copy its address; it ends in id and a number',
    });
  }
  const [, country = 'us', slug] =
    /apple\.com\/([a-z]{2})\/app\/(?:([a-z0-9-]+)\/)?id/.exec(trimmed.toLowerCase()) ?? [];
  const name = `app-store-${slug ?? id}`.slice(0, 60);
  return { name, options: { appId: Number(id), countries: [country] } };
}
