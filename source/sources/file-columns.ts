import { draftPost, type PostDraft } from '../domain/post.ts';
import { hashOf } from './feed.ts';
import { parseFeedDate } from './feed-date.ts';
import { foldSpace } from './html-text.ts';

/**
 * The fields of a post and the names under which a file may hold them, best
 * first. Letter case, spaces, "_", "-" and "." do not matter: `Created At` and
 * `created_at` are `createdAt`.
 */
export const columnNames = {
  externalId: 'externalId idStr id postId tweetId guid uid key objectId ticketId reviewId',
  text: 'text body content message fullText comment review reviewText description selftext summary tweet post',
  title: 'title subject headline storyTitle reviewTitle',
  url: 'url permalink link href uri address',
  link: 'link sharedUrl externalUrl linkedUrl',
  author: 'author user username screenName userScreenName handle by creator authorName reviewer name from',
  createdAt:
    'createdAt date time timestamp created published publishedAt createdUtc createdAtI pubDate datetime postedAt createdTime createdDate at',
  likes: 'likes likeCount points score favorites favourites favoriteCount upvotes ups thumbsUp',
  reposts: 'reposts retweets shares repostCount retweetCount shareCount boosts reblogs',
  replies: 'replies replyCount numComments commentCount commentsCount comments answers',
  quotes: 'quotes quoteCount',
  lang: 'lang language locale',
  parentUrl: 'parentUrl inReplyToUrl storyUrl inReplyTo',
  parentText: 'parentText parentTitle',
} as const satisfies Record<string, string>;

export type PostField = keyof typeof columnNames;
export const postFields = Object.keys(columnNames) as [PostField, ...PostField[]];

/** For each field, the name of the column that the person says it is in. */
export type ColumnMapping = { readonly [Field in PostField]?: string | undefined };

export type Row = Readonly<Record<string, unknown>>;

/** Sentences for the option's description: "text: text, body, …". */
export const columnHelp = Object.entries(columnNames)
  .map(([field, names]) => `${field} (${names.split(' ').slice(0, 6).join(', ')})`)
  .join('; ');

const plainNames = new Map<string, string>();
const aliases = Object.fromEntries(
  Object.entries(columnNames).map(([field, names]) => [field, names.split(' ').map(plainName)]),
) as Record<PostField, string[]>;
/** Objects inside a row whose members are counts: `public_metrics.like_count`. */
const countGroups = /^(?:engagement|publicmetrics|metrics|stats|statistics|counts)$/;

/**
 * A row as a draft, or the reason why it cannot be one. A row needs a text or
 * a title; without an id it gets a hash of its content, so that the same row
 * is the same post in every run.
 */
export function draftRow(row: Row, mapping: ColumnMapping): PostDraft | string {
  const cells = cellsOf(row);
  const pick = (field: PostField): unknown => {
    const mapped = mapping[field];
    if (mapped !== undefined) return row[mapped] ?? cells.get(plainName(mapped));
    for (const name of aliases[field]) {
      const value = cells.get(name);
      if (!isEmpty(value)) return value;
    }
    return undefined;
  };
  const title = foldSpace(readText(pick('title')) ?? '') || null;
  const text = (readText(pick('text')) ?? '').replace(/\r\n?/g, '\n').trim();
  if (text === '' && title === null) return 'neither text nor title';
  const url = readUrl(pick('url'));
  const author = foldSpace(readAuthor(pick('author')) ?? '') || null;
  const date = pick('createdAt');
  const createdAt = readDate(date);
  const id = foldSpace(readText(pick('externalId')) ?? '');
  const contentId = () => hashOf(title ?? '', text, author ?? '', url ?? '', readText(date) ?? '');
  return draftPost({
    externalId: id === '' ? contentId() : id.length > 300 ? hashOf(id) : id,
    url,
    link: readUrl(pick('link')) ?? url,
    author,
    title,
    text,
    lang: /^[a-z]{2,3}(?=$|[-_])/i.exec(readText(pick('lang'))?.trim() ?? '')?.[0].toLowerCase() ?? null,
    createdAt,
    engagement: {
      likes: readCount(pick('likes')),
      reposts: readCount(pick('reposts')),
      replies: readCount(pick('replies')),
      quotes: readCount(pick('quotes')),
    },
    parentUrl: readUrl(pick('parentUrl')),
    parentText: readText(pick('parentText')),
  });
}

/**
 * ISO 8601, RFC 822, epoch seconds, milliseconds or microseconds, day.month.year,
 * and what `Date.parse` knows; no zone means UTC. Milliseconds, or null.
 */
export function readDate(value: unknown): number | null {
  const text = readText(value)?.trim() ?? '';
  if (/^-?\d{1,17}(?:\.\d+)?$/.test(text) && !/^(?:19|20)\d{6}$/.test(text)) {
    const number = Number(text);
    if (Math.abs(number) < 1e11) return Math.round(number * 1000);
    return Math.round(Math.abs(number) < 1e14 ? number : number / 1000);
  }
  const dayFirst = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})(.*)$/.exec(text);
  if (dayFirst && (dayFirst[2] === '.' || Number(dayFirst[1]) > 12)) {
    const [, day = '', , month = '', year, rest = ''] = dayFirst;
    return parseFeedDate(
      `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest.replace(/^,/, '')}`,
    );
  }
  return parseFeedDate(text);
}

function plainName(name: string): string {
  let plain = plainNames.get(name);
  if (plain === undefined) {
    plain = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    // Names come from files: a file with a new name in every row must not fill the memory.
    if (plainNames.size < 10_000) plainNames.set(name, plain);
  }
  return plain;
}

function cellsOf(row: Row): Map<string, unknown> {
  const cells = new Map<string, unknown>();
  const add = (name: string, value: unknown) => {
    const plain = plainName(name);
    if (isEmpty(cells.get(plain))) cells.set(plain, value);
  };
  for (const [name, value] of Object.entries(row)) add(name, value);
  for (const [name, value] of Object.entries(row)) {
    if (!countGroups.test(plainName(name)) || typeof value !== 'object' || value === null) continue;
    for (const [inner, count] of Object.entries(value)) add(inner, count);
  }
  return cells;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function readText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}

function readAuthor(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return readText(value);
  const person = cellsOf(value as Row);
  const names = ['username', 'screenname', 'login', 'handle', 'name', 'displayname'];
  return names.map((name) => readText(person.get(name))).find((name) => name !== null) ?? null;
}

function readUrl(value: unknown): string | null {
  const text = readText(value)?.trim() ?? '';
  return /^https?:\/\//i.test(text) ? (URL.parse(text)?.href ?? null) : null;
}

/** "1,234" is 1234; anything that is not a count is 0. */
function readCount(value: unknown): number {
  const number = Number((readText(value) ?? '').replace(/(?<=\d)[,_ ](?=\d{3})/g, ''));
  return Number.isFinite(number) && number > 0 ? Math.min(Math.trunc(number), Number.MAX_SAFE_INTEGER) : 0;
}
