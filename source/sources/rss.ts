import { createHash } from 'node:crypto';
import { z } from 'zod';
import { draftPost, type PostDraft } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { Cursor, FetchOptions, Page } from '../ports/source.ts';
import { decodeText } from './charset.ts';
import { discoverFeed, findFeedLinks, looksLikeHtml } from './discover.ts';
import { type Feed, type FeedEntry, hashOf, readFeed } from './feed.ts';
import type { HttpAnswer } from './http.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';
import { sourceNameOfUrl } from './source-name.ts';

const pageSize = 500;
const feedTypes =
  'application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5';

export const rssKind = defineSourceKind({
  kind: 'rss',
  title: 'Feed',
  options: z.object({
    url: z.url({ protocol: /^https?$/ }).describe('Address of an RSS, Atom or JSON feed'),
  }),
  target: ({ url }) => url.replace(/^https?:\/\/(?:[^/@]*@)?/, '').replace(/\/$/, ''),
  question: {
    prompt: 'Address of a feed, or of a site that has one',
    example: 'https://status.example.com',
    async answer(answer, tools, signal) {
      const found = await discoverFeed(answer, tools.http, signal);
      return { name: sourceNameOfUrl(found), options: { url: found } };
    },
  },
  open: (name, { url }, tools) => ({ name, kind: 'rss', fetch: (options) => fetchFeed(url, tools, options) }),
});

/**
 * One feed. The cursor holds the validators of the last answer that was
 * stored whole (`etag`, `lastModified`), its fingerprint (`body`), how many
 * of its entries are stored (`read`), and `sharedIds`. The validators come
 * with the last page only: a run that ends earlier asks for the feed again
 * and goes on where it stopped, or from the start when it has changed.
 */
async function* fetchFeed(url: string, tools: SourceTools, options: FetchOptions): AsyncIterable<Page> {
  // Validators belong to an address: with another one they would hide its posts.
  const cursor = options.cursor?.url === url ? options.cursor : null;
  const answer = await tools.http.get(url, {
    headers: { accept: feedTypes, ...validators(cursor) },
    signal: options.signal,
    onNotice: options.onNotice,
  });
  if (answer.status === 304) return;
  const body = createHash('sha256').update(answer.body).digest('hex').slice(0, 32);
  const alreadyRead = cursor?.body === body ? Number(cursor.read ?? 0) : 0;
  const feed = await readAnswer(answer);
  const sharedIds = new Set(
    String(cursor?.sharedIds ?? '')
      .split(' ')
      .filter(Boolean),
  );
  const drafts = draftEntries(feed.entries, sharedIds);
  const known = { url, body, sharedIds: [...sharedIds].slice(-200).join(' ') };
  // Nor would a part of a feed be asked for again, if it were kept under the validators of the whole.
  const whole = feed.breaksOff
    ? known
    : { ...known, etag: answer.header('etag'), lastModified: answer.header('last-modified') };
  if (alreadyRead >= drafts.length) {
    yield { posts: [], cursor: { ...whole, read: drafts.length }, warnings: feed.warnings };
    return;
  }
  let warnings = [...feed.warnings, ...tellGap(feed.entries, options.since)];
  for (let from = alreadyRead; from < drafts.length; from += pageSize) {
    options.signal.throwIfAborted();
    const read = Math.min(from + pageSize, drafts.length);
    const isLast = read === drafts.length;
    yield { posts: drafts.slice(from, read), cursor: { ...(isLast ? whole : known), read }, warnings };
    warnings = [];
  }
}

/** A feed holds what it holds: what a backfill wants from before its oldest entry is not to be had. */
function tellGap(entries: readonly FeedEntry[], since: number | undefined): string[] {
  const dates = entries.flatMap(({ createdAt }) => (createdAt === null ? [] : [createdAt]));
  const oldest = dates.reduce((least, date) => Math.min(least, date), Number.POSITIVE_INFINITY);
  if (since === undefined || !Number.isFinite(oldest) || oldest <= since) return [];
  return [`a feed has no history: its oldest entry is of ${new Date(oldest).toISOString().slice(0, 10)}`];
}

async function readAnswer(answer: HttpAnswer): Promise<Feed> {
  const contentType = answer.header('content-type');
  try {
    return await readFeed(answer.body, { url: answer.url, contentType });
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'not-a-feed') throw error;
    const { text } = await decodeText(answer.body, contentType);
    if (!looksLikeHtml(text)) throw error;
    const offers = findFeedLinks(text, answer.url).slice(0, 3);
    const offer = offers.length > 0 ? `; it offers ${offers.join(', ')}` : '';
    throw new UserError('web-page', `${answer.url} is a web page, not a feed${offer}`, {
      fix: offers[0] ? `Set url to ${offers[0]}` : 'Look on the page for a link named RSS, Atom or feed',
      cause: error,
    });
  }
}

/**
 * Entries as drafts. A guid ought to be unique, yet some feeds give every
 * entry the same one: an id that two entries with different links (or, without
 * links, titles) share is made distinct with a hash of what differs. Ids once
 * seen to be shared are remembered in `sharedIds`, so that they keep their
 * long form when only one such entry is left in the feed.
 */
function draftEntries(entries: readonly FeedEntry[], sharedIds: Set<string>): PostDraft[] {
  const firstUse = new Map<string, string>();
  for (const entry of entries) {
    const used = firstUse.get(entry.id);
    if (used === undefined) firstUse.set(entry.id, distinction(entry));
    else if (used !== distinction(entry)) sharedIds.add(shortHash(entry.id));
  }
  const pages = pagesOfMany(entries);
  const drafts = new Map<string, PostDraft>();
  for (const entry of entries) {
    const shared = sharedIds.size > 0 && sharedIds.has(shortHash(entry.id));
    const externalId = shared ? `${entry.id}#${hashOf(distinction(entry)).slice(0, 16)}` : entry.id;
    if (drafts.has(externalId)) continue;
    const draft = draftEntry(entry, externalId);
    // Incidents that all link to one status page are not one incident.
    drafts.set(externalId, pages.has(entry.url) ? { ...draft, link: null } : draft);
  }
  return [...drafts.values()];
}

/** Pages to which several entries with ids of their own link. */
function pagesOfMany(entries: readonly FeedEntry[]): ReadonlySet<string | null> {
  const ids = Map.groupBy(entries, ({ url }) => url);
  return new Set(
    [...ids].filter(([, group]) => new Set(group.map(({ id }) => id)).size > 1).map(([url]) => url),
  );
}

function distinction(entry: FeedEntry): string {
  return entry.url !== null && entry.url !== entry.id ? entry.url : (entry.title ?? entry.text);
}

function shortHash(id: string): string {
  return hashOf(id).slice(0, 12);
}

function draftEntry(entry: FeedEntry, externalId: string): PostDraft {
  return draftPost({
    externalId,
    url: entry.url,
    link: entry.url,
    author: entry.author,
    title: entry.title,
    text: entry.text,
    lang: entry.lang,
    createdAt: entry.createdAt,
    engagement: { likes: entry.likes, reposts: 0, replies: entry.replies, quotes: 0 },
    parentUrl: entry.parentUrl,
  });
}

/** Conditional GET (RFC 9110, 13.1); a validator that would not make a valid header is left out. */
function validators(cursor: Cursor | null): Record<string, string> {
  const headers: Record<string, string> = {};
  if (isHeaderValue(cursor?.etag)) headers['if-none-match'] = cursor.etag;
  if (isHeaderValue(cursor?.lastModified)) headers['if-modified-since'] = cursor.lastModified;
  return headers;
}

function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && /^[\t\x20-\x7e]{1,1000}$/.test(value);
}
