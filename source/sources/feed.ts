import { createHash } from 'node:crypto';
import { exitCodes, UserError } from '../errors.ts';
import { decodeText } from './charset.ts';
import { parseFeedDate } from './feed-date.ts';
import type { Markup, RawEntry, RawFeed } from './feed-entry.ts';
import { readBrokenJsonFeed } from './feed-json.ts';
import { readLenientFeed } from './feed-lenient.ts';
import { readStrictFeed } from './feed-strict.ts';
import { foldSpace, htmlToText, titleToText } from './html-text.ts';
import { removeDoctype } from './xml-doctype.ts';

/** One entry of a feed, readable: no HTML, absolute addresses, dates in milliseconds UTC. */
export interface FeedEntry {
  /** guid or id, else the link, else a hash of the content. Not necessarily unique in the feed. */
  readonly id: string;
  readonly url: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
  /** Null when the feed gives no date that can be read. */
  readonly createdAt: number | null;
  readonly lang: string | null;
  readonly likes: number;
  readonly replies: number;
  readonly parentUrl: string | null;
}

export interface Feed {
  readonly format: RawFeed['format'];
  readonly title: string | null;
  /** In the order of the document. */
  readonly entries: readonly FeedEntry[];
  readonly warnings: readonly string[];
  /** True when there is more of it than came: what it says about itself says nothing of what is missing. */
  readonly breaksOff: boolean;
}

interface FeedOptions {
  /** Where it came from; relative addresses are resolved against it. */
  readonly url: string;
  /** Value of the Content-Type header, for the charset. */
  readonly contentType: string | null;
}

/** Entries beyond this are left out, with a warning. */
export const maxFeedEntries = 10_000;
/** Beyond this many characters the tree that feedsmith builds costs too much memory: the streaming reader is used. */
const longestStrict = 8_388_608;

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 and JSON Feed. A broken feed
 * yields what can be read and a warning. Document type declarations are
 * removed unread, so no entity is ever expanded.
 * Throws `UserError` `not-a-feed` when there is nothing of a feed in it.
 */
export async function readFeed(bytes: Buffer, options: FeedOptions): Promise<Feed> {
  const decoded = await decodeText(bytes, options.contentType);
  const warnings = [...decoded.warnings];
  const { text, removed } = removeDoctype(decoded.text.trimStart());
  if (removed?.includes('<!ENTITY')) warnings.push('the feed declares XML entities: they are not expanded');
  const raw = await readRawFeed(text, options.url, warnings);
  if (raw.entries.length > maxFeedEntries) {
    warnings.push(`only the first ${maxFeedEntries} entries are read`);
  }
  const entries: FeedEntry[] = [];
  let undated = 0;
  let empty = 0;
  for (const rawEntry of raw.entries.slice(0, maxFeedEntries)) {
    const entry = readEntry(rawEntry, raw, options.url);
    if (entry === null) empty += 1;
    else {
      entries.push(entry);
      if (entry.createdAt === null && rawEntry.dates.length > 0) undated += 1;
    }
  }
  if (empty > 0)
    warnings.push(`${count(empty, 'entry has', 'entries have')} neither text nor link: left out`);
  if (undated > 0) warnings.push(`${count(undated, 'entry has', 'entries have')} a date that cannot be read`);
  const title = raw.title ? titleToText(raw.title) : null;
  return { format: raw.format, title, entries, warnings, breaksOff: raw.breaksOff ?? false };
}

/**
 * Refuses a feed that breaks off, for sources that remember how far they have
 * read and would pass over what is missing.
 * @throws UserError `bad-answer`
 */
export function requireWhole(feed: Feed, url: string): void {
  if (!feed.breaksOff) return;
  throw new UserError('bad-answer', `${new URL(url).host} broke its feed off`, {
    fix: 'Try again later',
    exitCode: exitCodes.unreachable,
  });
}

async function readRawFeed(text: string, url: string, warnings: string[]): Promise<RawFeed> {
  let cause: unknown;
  if (text.length <= longestStrict || text.startsWith('{')) {
    try {
      const feed = withOriginalLinks(await readStrictFeed(text, maxFeedEntries + 1), text);
      if (feed.entries.length > 0 || !/<(?:\w+:)?(?:item|entry)[\s>]/i.test(text)) return feed;
    } catch (error) {
      cause = error;
    }
  }
  const limit = maxFeedEntries + 1;
  const feed = text.startsWith('{') ? readBrokenJsonFeed(text, limit) : readLenientFeed(text, limit);
  if (feed === null) {
    throw new UserError('not-a-feed', `${url} is not a feed`, {
      fix: 'Give the address of an RSS, Atom or JSON feed, or of a site that names one',
      cause,
    });
  }
  if (cause !== undefined || feed.breaksOff) {
    warnings.push(`the feed is damaged: ${count(feed.entries.length, 'entry', 'entries')} could be read`);
  }
  return feed;
}

/**
 * FeedBurner replaced the links of a feed with its own, which no longer lead
 * anywhere, and kept the true ones in elements that feedsmith does not know.
 */
function withOriginalLinks(feed: RawFeed, text: string): RawFeed {
  if (!text.includes('feedburner:origLink')) return feed;
  const loose = readLenientFeed(text, maxFeedEntries + 1);
  if (loose?.entries.length !== feed.entries.length) return feed;
  const entries = feed.entries.map((entry, at) => ({
    ...entry,
    link: loose.entries[at]?.originalLink ?? entry.link,
  }));
  return { ...feed, entries };
}

function readEntry(raw: RawEntry, feed: RawFeed, feedUrl: string): FeedEntry | null {
  const base = baseOf(raw, feed, feedUrl);
  const url = resolveLink(raw.link, base);
  const title = raw.title === undefined ? '' : readTitle(raw.title);
  let text = '';
  for (const candidate of raw.texts) {
    text = readText(candidate);
    if (text !== '') break;
  }
  if (title === '' && text === '' && url === null) return null;
  const createdAt = raw.dates.map(parseFeedDate).find((date) => date !== null) ?? null;
  const author = foldSpace(titleToText(raw.author ?? feed.author ?? ''));
  const lang = /^[a-z]{2,3}(?=$|[-_])/i.exec((raw.lang ?? feed.lang ?? '').trim())?.[0].toLowerCase() ?? null;
  const ownId = foldSpace(raw.id ?? '') || url || hashOf(title, text, String(createdAt ?? ''));
  return {
    id: ownId.length > 300 ? hashOf(ownId) : ownId,
    url,
    title: title === '' ? null : title,
    text,
    author: author === '' ? null : author,
    createdAt,
    lang,
    likes: wholeNumber(raw.likes),
    replies: wholeNumber(raw.replies),
    parentUrl: resolveLink(raw.parentUrl, base),
  };
}

function readTitle(title: Markup): string {
  return title.as === 'plain' ? foldSpace(title.value) : titleToText(title.value);
}

function readText({ value, as }: Markup): string {
  if (as === 'html' || (as === 'unknown' && /<\/?[a-z][^<>]*>|&[#\w]+;/i.test(value)))
    return htmlToText(value);
  return value.replace(/\r\n?/g, '\n').trim();
}

/** `xml:base` where given; RSS has none, and its authors mean "relative to my site". */
function baseOf(entry: RawEntry, feed: RawFeed, feedUrl: string): string {
  const site = feed.format === 'atom' ? undefined : feed.link;
  let base = feedUrl;
  for (const step of [site, feed.base, entry.base]) {
    if (step !== undefined && URL.canParse(step, base)) base = new URL(step, base).href;
  }
  return base;
}

/** An absolute http(s) address, or null. Alerts wrap their links in a Google redirect: unwrapped. */
function resolveLink(link: string | undefined, base: string): string | null {
  const trimmed = link?.trim() ?? '';
  if (trimmed === '' || !URL.canParse(trimmed, base)) return null;
  const url = new URL(trimmed, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (/^www\.google\.[a-z.]+$/.test(url.hostname) && url.pathname === '/url') {
    const target = url.searchParams.get('url') ?? url.searchParams.get('q');
    if (target && /^https?:\/\//i.test(target) && URL.canParse(target)) return target;
  }
  return url.href;
}

/** 128 bits of SHA-256 in hexadecimal: an id for what has none. */
export function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 32);
}

function wholeNumber(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
