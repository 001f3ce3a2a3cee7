import { Parser } from 'htmlparser2';
import { UserError } from '../errors.ts';
import { decodeText } from './charset.ts';
import { readFeed } from './feed.ts';
import type { HttpAnswer, HttpClient } from './http.ts';

const feedTypes =
  /^(?:application|text)\/(?:rss|atom|rdf|x\.atom|x-rss)\+?xml|^application\/(?:feed\+)?json\b/i;
const commonPaths = [
  '/feed',
  '/rss',
  '/atom.xml',
  '/feed.xml',
  '/rss.xml',
  '/index.xml',
  '/feed.json',
  '/history.rss',
];

/**
 * The address of the feed that `answer` means: itself when it is a feed,
 * else the first feed that the page names in its head, else the first of the
 * usual paths where a feed is found. A missing "https://" is added.
 * Throws `UserError` `no-feed` when there is none.
 */
export async function discoverFeed(answer: string, http: HttpClient, signal: AbortSignal): Promise<string> {
  const trimmed = answer.trim().replace(/^feed:(?:\/\/)?(?=https?:|\/\/)?/i, '');
  const address = /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`;
  if (trimmed === '' || !URL.canParse(address)) {
    throw new UserError('bad-address', `"${answer.slice(0, 200)}" is not a web address`, {
      fix: 'Give an address such as https://example.com',
    });
  }
  const page = await openPage(address, address !== trimmed, http, signal);
  if (await isFeed(page)) return page.url.startsWith('http:') && address !== trimmed ? page.url : address;
  const { text } = await decodeText(page.body, page.header('content-type'));
  const named = findFeedLinks(text, page.url);
  const guessed = commonPaths.map((path) => new URL(path, page.url).href);
  for (const candidate of new Set([...named.slice(0, 5), ...guessed])) {
    if (await isFeedAt(candidate, http, signal)) return candidate;
  }
  throw new UserError('no-feed', `${page.url} names no feed, and none is at the usual addresses`, {
    fix: 'Look on the page for a link named RSS, Atom or feed, and give its address',
  });
}

/** A site typed without its scheme may be one of the few that have no https. */
async function openPage(
  address: string,
  mayDowngrade: boolean,
  http: HttpClient,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    return await http.get(address, { signal, ...(mayDowngrade ? { retries: 0 } : {}) });
  } catch (error) {
    const noTls =
      error instanceof UserError && ['unreachable-host', 'bad-certificate', 'timeout'].includes(error.code);
    if (!mayDowngrade || !noTls || signal.aborted) throw error;
    return await http.get(address.replace(/^https:/, 'http:'), { signal }).catch(() => {
      signal.throwIfAborted();
      throw error;
    });
  }
}

/** Addresses of the feeds that a web page names (`<link rel="alternate">`), in its order, without repeats. */
export function findFeedLinks(html: string, pageUrl: string): string[] {
  const found = new Set<string>();
  let base = pageUrl;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'base' && attributes.href && URL.canParse(attributes.href, pageUrl)) {
        base = new URL(attributes.href, pageUrl).href;
      }
      if (name !== 'link' || !attributes.href || !feedTypes.test(attributes.type?.trim() ?? '')) return;
      const rels = (attributes.rel ?? '').toLowerCase().split(/\s+/);
      if (!rels.includes('alternate') && !rels.includes('feed')) return;
      // WordPress names its API as alternate JSON too; a feed it is not.
      if (/\/wp-json\/|oembed/i.test(attributes.href) || !URL.canParse(attributes.href, base)) return;
      const url = new URL(attributes.href, base);
      if (url.protocol === 'http:' || url.protocol === 'https:') found.add(url.href);
    },
  });
  parser.write(html.slice(0, 1_048_576));
  parser.end();
  return [...found];
}

export function looksLikeHtml(text: string): boolean {
  return /<(?:!doctype\s+html|html|head|body)[\s>]/i.test(text.slice(0, 4096));
}

async function isFeedAt(url: string, http: HttpClient, signal: AbortSignal): Promise<boolean> {
  try {
    return await isFeed(await http.get(url, { signal, retries: 0 }));
  } catch (error) {
    // A guess that leads nowhere is expected; only the person's own "stop" counts.
    if (signal.aborted) throw error;
    return false;
  }
}

async function isFeed(answer: HttpAnswer): Promise<boolean> {
  try {
    const feed = await readFeed(answer.body, { url: answer.url, contentType: answer.header('content-type') });
    return feed.entries.length > 0 || feed.title !== null;
  } catch {
    return false;
  }
}
