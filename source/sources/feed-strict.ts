import type { AtomFeed, JsonFeed, MediaNs, RdfFeed, RssFeed } from 'feedsmith';
import { type Markup, present, type RawEntry, type RawFeed } from './feed-entry.ts';

/**
 * Reads a feed with feedsmith, which knows every format and namespace in use
 * but insists on well-formed XML. Throws feedsmith's own errors.
 */
export async function readStrictFeed(text: string, maxEntries: number): Promise<RawFeed> {
  const { parseFeed } = await import('feedsmith');
  const parsed = parseFeed(text, { maxItems: maxEntries });
  switch (parsed.format) {
    case 'rss':
      return fromRss(parsed.feed);
    case 'rdf':
      return fromRdf(parsed.feed);
    case 'atom':
      return fromAtom(parsed.feed);
    case 'json':
      return fromJson(parsed.feed);
  }
}

function fromRss(feed: RssFeed.Feed<string>): RawFeed {
  return {
    format: 'rss',
    title: feed.title,
    link: feed.link,
    lang: feed.language ?? feed.dc?.languages?.[0],
    base: feed.xml?.base,
    author: feed.itunes?.author,
    entries: (feed.items ?? []).map(fromRssItem),
  };
}

function fromRssItem(item: RssFeed.Item<string>): RawEntry {
  const guid = item.guid?.value;
  const permalink = item.guid?.isPermaLink !== false && guid !== undefined && /^https?:\/\//i.test(guid);
  const person = item.authors?.[0];
  return {
    id: guid ?? item.atom?.id,
    link:
      item.link ??
      alternateLink(item.atom?.links) ??
      (permalink ? guid : undefined) ??
      item.enclosures?.[0]?.url,
    title: html(item.title ?? item.dc?.titles?.[0] ?? item.itunes?.title ?? mediaOf(item.media).title),
    texts: present([
      html(item.content?.encoded),
      html(descriptionOf(item)),
      typed(item.atom?.content),
      typed(item.atom?.summary),
      plain(mediaOf(item.media).description),
      plain(item.itunes?.summary),
    ]),
    author:
      item.dc?.creators?.[0] ??
      person?.name ??
      item.atom?.authors?.[0]?.name ??
      item.itunes?.author ??
      person?.email,
    dates: present([
      item.pubDate,
      item.dc?.dates?.[0],
      item.atom?.published,
      item.atom?.updated,
      item.dcterms?.issued?.[0],
      item.dcterms?.created?.[0],
      item.dcterms?.modified?.[0],
    ]),
    lang: item.xml?.lang ?? item.dc?.languages?.[0],
    likes: mediaOf(item.media).likes,
    replies: item.slash?.comments ?? item.thr?.total,
    base: item.xml?.base,
    parentUrl: item.thr?.inReplyTos?.[0]?.href ?? item.thr?.inReplyTos?.[0]?.ref,
  };
}

/** Link aggregators put nothing but a link named "Comments" in the description: that is no text. */
function descriptionOf(item: RssFeed.Item<string>): string | undefined {
  const text = item.description ?? item.dc?.descriptions?.[0];
  const isLinkOnly =
    item.comments !== undefined && /^<a\s[^>]*>\s*comments\s*<\/a>$/i.test(text?.trim() ?? '');
  return isLinkOnly ? undefined : text;
}

function fromRdf(feed: RdfFeed.Feed<string>): RawFeed {
  return {
    format: 'rdf',
    title: feed.title,
    link: feed.link,
    lang: feed.dc?.languages?.[0],
    base: feed.xml?.base,
    author: feed.dc?.creators?.[0],
    entries: (feed.items ?? []).map((item) => ({
      id: item.rdf?.about,
      link: item.link ?? item.rdf?.about,
      title: html(item.title ?? item.dc?.titles?.[0]),
      texts: present([html(item.content?.encoded), html(item.description ?? item.dc?.descriptions?.[0])]),
      author: item.dc?.creators?.[0],
      dates: present([item.dc?.dates?.[0], item.dcterms?.issued?.[0], item.dcterms?.modified?.[0]]),
      lang: item.xml?.lang ?? item.dc?.languages?.[0],
      replies: item.slash?.comments,
      base: item.xml?.base,
    })),
  };
}

function fromAtom(feed: AtomFeed.Feed<string>): RawFeed {
  return {
    format: 'atom',
    title: feed.title?.value,
    link: alternateLink(feed.links),
    lang: feed.xml?.lang,
    base: feed.xml?.base,
    author: feed.authors?.[0]?.name ?? feed.authors?.[0]?.email,
    entries: (feed.entries ?? []).map(fromAtomEntry),
  };
}

function fromAtomEntry(entry: AtomFeed.Entry<string>): RawEntry {
  const media = mediaOf(entry.media);
  const person = entry.authors?.[0];
  const replies = entry.links?.find((link) => link.rel === 'replies' && link.thr?.count !== undefined);
  return {
    id: entry.id,
    link: alternateLink(entry.links) ?? entry.content?.src,
    title: typed(entry.title) ?? html(media.title),
    texts: present([
      typed(entry.content),
      typed(entry.summary),
      html(entry.dc?.descriptions?.[0]),
      plain(media.description),
      plain(entry.itunes?.summary),
    ]),
    author:
      person?.name ??
      entry.dc?.creators?.[0] ??
      entry.itunes?.author ??
      entry.source?.authors?.[0]?.name ??
      person?.email,
    dates: present([entry.published, entry.updated, entry.dc?.dates?.[0], entry.dcterms?.issued?.[0]]),
    lang: entry.xml?.lang ?? entry.content?.xml?.lang,
    likes: media.likes,
    replies: entry.thr?.total ?? replies?.thr?.count ?? entry.slash?.comments,
    base: entry.xml?.base,
    parentUrl: entry.thr?.inReplyTos?.[0]?.href ?? entry.thr?.inReplyTos?.[0]?.ref,
  };
}

function fromJson(feed: JsonFeed.Feed<string>): RawFeed {
  return {
    format: 'json',
    title: feed.title,
    link: feed.home_page_url,
    lang: feed.language,
    author: feed.authors?.[0]?.name,
    entries: (feed.items ?? []).map(fromJsonItem),
  };
}

/** One item of a JSON Feed (https://jsonfeed.org/version/1.1). */
export function fromJsonItem(item: JsonFeed.Item<string>): RawEntry {
  return {
    id: item.id,
    link: item.url ?? item.external_url,
    title: plain(item.title),
    texts: present([html(item.content_html), plain(item.content_text), plain(item.summary)]),
    author: item.authors?.[0]?.name ?? item.authors?.[0]?.url,
    dates: present([item.date_published, item.date_modified]),
    lang: item.language,
  };
}

/** The link to read at: `alternate` first, one without a `rel` counts as such, `self` only where nothing else is. */
function alternateLink(links: readonly AtomFeed.Link<string>[] | undefined): string | undefined {
  const named = links?.filter((link) => link.href !== undefined);
  const ranked =
    named?.find(
      (link) => (link.rel ?? 'alternate') === 'alternate' && (link.type ?? 'text/html').includes('html'),
    ) ??
    named?.find((link) => (link.rel ?? 'alternate') === 'alternate') ??
    named?.find((link) => link.rel === 'related' || link.rel === 'via') ??
    named?.find((link) => link.rel === 'self');
  return ranked?.href;
}

function mediaOf(media: MediaNs.ItemOrFeed | undefined) {
  const group = media?.groups?.[0];
  return {
    title: media?.title?.value ?? group?.title?.value,
    description: media?.description?.value ?? group?.description?.value,
    likes: media?.community?.starRating?.count ?? group?.community?.starRating?.count,
  };
}

/** Atom's text constructs: `type` absent means plain, yet many feeds that omit it send HTML. */
function typed(text: { value?: string; type?: string } | undefined): Markup | undefined {
  if (text?.value === undefined) return undefined;
  const type = text.type?.toLowerCase();
  if (type === undefined) return { value: text.value, as: 'unknown' };
  return { value: text.value, as: type === 'text' || type === 'text/plain' ? 'plain' : 'html' };
}

function html(value: string | undefined): Markup | undefined {
  return value === undefined ? undefined : { value, as: 'html' };
}

function plain(value: string | undefined): Markup | undefined {
  return value === undefined ? undefined : { value, as: 'plain' };
}
