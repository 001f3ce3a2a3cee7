import { Parser } from 'htmlparser2';
import { UserError } from '../errors.ts';
import { decodeText } from './charset.ts';
import { foldSpace } from './html-text.ts';
import { nameGiver, sourceNameFrom, sourceNameOfUrl } from './source-name.ts';
import { removeDoctype } from './xml-doctype.ts';

/** A feed as lists of subscriptions hold it. */
export interface OpmlFeed {
  /** Empty when the list gives none. */
  readonly title: string;
  /** Absolute, http or https, without a fragment. */
  readonly url: string;
}

export interface OpmlList {
  /** In the order of the document, each address once. */
  readonly feeds: readonly OpmlFeed[];
  /** Addresses that came again. */
  readonly repeated: number;
  /** What could not be taken over, in words. */
  readonly warnings: readonly string[];
}

/** Outlines beyond this are left out, with a warning. */
export const maxOutlines = 10_000;
/** Larger files are refused before they are read. */
export const maxOpmlBytes = 16_777_216;
/** Folders are nested a few levels deep; an attack is nested by the million. */
const maxDepth = 500;
const maxWarnings = 20;
const pieceLength = 65_536;

/**
 * Reads a list of feeds (OPML 1.0 and 2.0, http://opml.org/spec2.opml):
 * every outline that has an `xmlUrl`, however deep in folders. A relative
 * address is taken from the outline's `htmlUrl`. Document type declarations
 * are removed unread, so no entity but the five of XML is expanded.
 *
 * Broken XML yields what can be read and a warning. Throws `UserError`
 * `not-opml` when there is nothing of a list in it.
 */
export async function readOpml(bytes: Buffer): Promise<OpmlList> {
  if (bytes.length > maxOpmlBytes) throw tooLarge();
  const decoded = await decodeText(bytes, null);
  const { text, removed } = removeDoctype(decoded.text.trimStart());
  const outlines = scanOutlines(text);
  if (!outlines.isOpml) {
    throw new UserError('not-opml', 'This is no OPML: it has neither an "opml" nor an "outline" element.', {
      fix: 'Give the file that a feed reader writes when it exports its subscriptions.',
    });
  }
  const warnings = new WarningList(decoded.warnings);
  if (removed?.includes('<!ENTITY')) warnings.add('the file declares XML entities: they are not expanded');
  if (outlines.brokeOff !== null) warnings.add(outlines.brokeOff);
  const feeds = new Map<string, OpmlFeed>();
  let repeated = 0;
  for (const { xmlUrl, htmlUrl, title, isFeed } of outlines.found) {
    const shown = title === '' ? 'an outline without a title' : `"${title.slice(0, 80)}"`;
    const url = resolveFeed(xmlUrl, htmlUrl);
    if (url !== null) {
      if (feeds.has(url)) repeated += 1;
      else feeds.set(url, { title, url });
    } else if (xmlUrl !== '')
      warnings.add(`${shown} has no usable address (${xmlUrl.slice(0, 120)}): left out`);
    else if (isFeed) warnings.add(`${shown} has no xmlUrl: left out`);
  }
  return { feeds: [...feeds.values()], repeated, warnings: warnings.all };
}

interface Outline {
  readonly xmlUrl: string;
  readonly htmlUrl: string;
  readonly title: string;
  /** Says of itself that it is a feed, rather than a folder. */
  readonly isFeed: boolean;
}

/** A stream of tags and no tree: neither size nor nesting costs anything beyond the outlines kept. */
function scanOutlines(xml: string): { isOpml: boolean; found: Outline[]; brokeOff: string | null } {
  const found: Outline[] = [];
  let isOpml = false;
  let depth = 0;
  let outlines = 0;
  let closed = false;
  let brokeOff: string | null = null;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (brokeOff !== null) return;
        if (depth > maxDepth) brokeOff = `nested more than ${maxDepth} levels deep: the rest is not read`;
        const tag = name.toLowerCase();
        if (tag === 'opml') isOpml = true;
        if (tag !== 'outline') return;
        isOpml = true;
        outlines += 1;
        if (outlines > maxOutlines) brokeOff = `only the first ${maxOutlines} outlines are read`;
        else found.push(outlineOf(attributes));
      },
      onclosetag(name, implied) {
        depth -= 1;
        if (name.toLowerCase() === 'opml' && !implied) closed = true;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  // In pieces, so that reading stops at a limit.
  for (let at = 0; at < xml.length && brokeOff === null; at += pieceLength)
    parser.write(xml.slice(at, at + pieceLength));
  if (brokeOff === null) {
    parser.end();
    if (!closed) brokeOff = 'the file breaks off: what stands before that is read';
  }
  return { isOpml, found, brokeOff };
}

/** Writers disagree on the case of attribute names. */
function outlineOf(attributes: Readonly<Record<string, string>>): Outline {
  const values = new Map(Object.entries(attributes).map(([key, value]) => [key.toLowerCase(), value.trim()]));
  const get = (key: string) => values.get(key) ?? '';
  return {
    xmlUrl: get('xmlurl'),
    htmlUrl: get('htmlurl'),
    title: foldSpace((get('title') || get('text')).slice(0, 1000)),
    isFeed: ['rss', 'atom', 'feed'].includes(get('type').toLowerCase()),
  };
}

/** Null for what leads to no feed on the web. */
function resolveFeed(xmlUrl: string, htmlUrl: string): string | null {
  if (xmlUrl === '') return null;
  // "feed://example.com/x" and "feed:https://example.com/x" are what browsers once handed to feed readers.
  const address = xmlUrl.replace(/^feed:(?:\/\/)?(?=https?:)/i, '').replace(/^feed:/i, 'https:');
  const base = URL.canParse(htmlUrl) && /^https?:/i.test(htmlUrl) ? htmlUrl : undefined;
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  url.hash = '';
  return url.href;
}

/** The address by which two feeds are told to be one. */
export function comparableUrl(url: string): string {
  return resolveFeed(url, '') ?? url;
}

export interface NamedFeed {
  readonly name: string;
  readonly url: string;
}

/** Feeds with a name each: made of the title, or of the address; none that is in `taken` or given twice. */
export function nameFeeds(feeds: readonly OpmlFeed[], taken: Iterable<string>): readonly NamedFeed[] {
  const give = nameGiver(taken);
  return feeds.map(({ title, url }) => ({ name: give(sourceNameFrom(title) ?? sourceNameOfUrl(url)), url }));
}

/** An OPML 2.0 document that feed readers import. */
export function writeOpml(title: string, feeds: readonly NamedFeed[]): string {
  const outlines = feeds.map(({ name, url }) => {
    const text = escapeXml(name);
    return `    <outline type="rss" text="${text}" title="${text}" xmlUrl="${escapeXml(url)}"/>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>${escapeXml(title)}</title>
  </head>
  <body>
${outlines.join('')}  </body>
</opml>
`;
}

const xmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** What XML 1.0 has no place for, controls and lone surrogates, is dropped. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/[&<>"]/g, (character) => xmlEntities[character] ?? '');
}

export function tooLarge(): UserError {
  return new UserError(
    'file-too-large',
    `Lists of feeds of more than ${maxOpmlBytes / 1_048_576} MB are not read.`,
    {
      fix: 'Export fewer subscriptions, or split the file.',
    },
  );
}

/** The first few of what may be ten thousand alike, and how many more there were. */
class WarningList {
  readonly #kept: string[];
  #more = 0;

  constructor(first: readonly string[]) {
    this.#kept = [...first];
  }

  add(warning: string): void {
    if (this.#kept.length < maxWarnings) this.#kept.push(warning);
    else this.#more += 1;
  }

  get all(): readonly string[] {
    return this.#more === 0 ? this.#kept : [...this.#kept, `and ${this.#more} more like these`];
  }
}
