import { Parser } from 'htmlparser2';
import { type Markup, present, type RawEntry, type RawFeed } from './feed-entry.ts';

interface Field {
  readonly name: string;
  /** Nesting at which the field's element stands. */
  readonly depth: number;
  readonly type: string;
  /** Elements inside the field: the content is markup, not escaped text. */
  hasElements: boolean;
  text: string;
}

type Fields = Map<string, { text: string; type: string }>;

const maxDepth = 2_000;
const pieceLength = 65_536;
const longestField = 4_194_304;
const rootFormats: Readonly<Record<string, RawFeed['format']>> = {
  rss: 'rss',
  'rdf:rdf': 'rdf',
  rdf: 'rdf',
  feed: 'atom',
};

/**
 * Reads what can be read of a feed that is not well-formed XML: truncated (the
 * entry in which it breaks off is left out), with bare ampersands, tags never closed. A stream of tags, no tree, so size
 * costs nothing beyond the entries kept; reading ends at 2,000 levels. Knows
 * the usual names of RSS, RDF and Atom only. Null when there is neither a feed nor an entry.
 */
export function readLenientFeed(xml: string, maxEntries: number): RawFeed | null {
  const entries: RawEntry[] = [];
  const channel: Fields = new Map();
  let format: RawFeed['format'] | null = null;
  let entry: { fields: Fields; depth: number; base: string | undefined; lang: string | undefined } | null =
    null;
  let field: Field | null = null;
  let depth = 0;
  let base: string | undefined;
  let lang: string | undefined;
  let nestedPerson = '';
  let tooDeep = false;
  let rootClosed = false;
  let isOver = false;

  const closeField = () => {
    if (!field) return;
    const target = entry?.fields ?? channel;
    const text = field.text.trim();
    if (text !== '' && !target.has(field.name)) {
      target.set(field.name, { text, type: field.hasElements ? 'xhtml' : field.type });
    }
    field = null;
  };
  const closeEntry = () => {
    closeField();
    // What is still open where the text breaks off may lack its end: a post keeps its first words for good.
    if (entry && entry.fields.size > 0 && !isOver)
      entries.push(entryOf(entry.fields, entry.base, entry.lang));
    entry = null;
  };

  const parser = new Parser(
    {
      onopentag(rawName, attributes) {
        depth += 1;
        // htmlparser2 keeps a stack whose cost grows with the square of its depth: what was read must do.
        if (depth > maxDepth) tooDeep = true;
        if (tooDeep) return;
        const name = rawName.toLowerCase().replace(/^atom:/, '');
        if (format === null && rootFormats[name]) {
          format = rootFormats[name];
          base = attributes['xml:base'];
          lang = attributes['xml:lang'];
          return;
        }
        if (name === 'item' || name === 'entry') {
          // An entry inside an entry: the first was never closed.
          closeEntry();
          entry = { fields: new Map(), depth, base: attributes['xml:base'], lang: attributes['xml:lang'] };
          if (attributes['rdf:about']) entry.fields.set('about', { text: attributes['rdf:about'], type: '' });
          return;
        }
        if (field) {
          if (field.name === 'author' && (name === 'name' || name === 'email')) {
            nestedPerson = name;
            return;
          }
          field.hasElements = true;
          field.text += name === 'br' ? '<br>' : `<${name}>`;
          return;
        }
        const scope = entry?.fields ?? channel;
        if (name === 'link' && attributes.href) {
          const rel = (attributes.rel ?? 'alternate').toLowerCase();
          const key = rel === 'alternate' ? 'link' : `link:${rel}`;
          if (!scope.has(key)) scope.set(key, { text: attributes.href, type: '' });
          return;
        }
        if (name === 'enclosure' && attributes.url && !scope.has('enclosure')) {
          scope.set('enclosure', { text: attributes.url, type: '' });
          return;
        }
        if (name === 'channel' || name === 'items' || name === 'media:group') return;
        const type =
          attributes.type ?? attributes.mode ?? attributes.ispermalink ?? attributes.isPermaLink ?? '';
        field = { name, depth, type: type.toLowerCase(), hasElements: false, text: '' };
      },
      ontext(chunk) {
        if (!field || field.text.length > longestField) return;
        if (field.name === 'author' && nestedPerson === 'email') return;
        field.text += field.hasElements ? chunk.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : chunk;
      },
      onclosetag(rawName, implied) {
        const name = rawName.toLowerCase().replace(/^atom:/, '');
        if (field && depth === field.depth) closeField();
        else if (field && nestedPerson !== '') nestedPerson = '';
        else if (field && !implied) field.text += `</${name}>`;
        if (entry && depth === entry.depth) closeEntry();
        depth -= 1;
        if (depth === 0 && !implied) rootClosed = true;
      },
    },
    { xmlMode: true, decodeEntities: true, lowerCaseTags: false },
  );
  // A "<" that begins no tag would swallow what follows it.
  const text = xml.replace(/<(?![a-z_/!?])/gi, '&lt;');
  // In pieces, so that a feed of a million items stops being read at the limit.
  const isFull = () => tooDeep || entries.length >= maxEntries;
  for (let at = 0; at < text.length && !isFull(); at += pieceLength)
    parser.write(text.slice(at, at + pieceLength));
  const isWhole = isFull();
  isOver = !isWhole && !rootClosed;
  if (!isWhole) parser.end();
  closeEntry();
  if (format === null && entries.length === 0) return null;
  return {
    format: format ?? 'rss',
    title: channel.get('title')?.text,
    link: channel.get('link')?.text,
    lang: lang ?? channel.get('language')?.text ?? channel.get('dc:language')?.text,
    base,
    author: format === 'atom' ? channel.get('author')?.text : undefined,
    entries: entries.slice(0, maxEntries),
    breaksOff: !rootClosed && !isWhole,
  };
}

function entryOf(fields: Fields, base: string | undefined, lang: string | undefined): RawEntry {
  const text = (...names: string[]) =>
    names.map((name) => fields.get(name)?.text).find((value) => value !== undefined);
  const markup = (name: string, fallback: Markup['as']): Markup | undefined => {
    const found = fields.get(name);
    if (!found) return undefined;
    const isHtml = found.type.includes('html');
    const isPlain = found.type === 'text' || found.type === 'text/plain';
    return { value: found.text, as: isHtml ? 'html' : isPlain ? 'plain' : fallback };
  };
  const guid = text('guid', 'id');
  const guidIsLink = fields.get('guid')?.type !== 'false' && /^https?:\/\//i.test(guid ?? '');
  const replies = Number(text('slash:comments', 'thr:total') ?? Number.NaN);
  return {
    id: guid ?? text('about'),
    originalLink: text('feedburner:origlink'),
    link: text('link', 'about') ?? (guidIsLink ? guid : undefined) ?? text('link:self', 'enclosure'),
    title: markup('title', 'unknown') ?? markup('dc:title', 'unknown') ?? markup('media:title', 'unknown'),
    texts: present([
      markup('content:encoded', 'html'),
      markup('content', 'unknown'),
      markup('description', 'html'),
      markup('summary', 'unknown'),
      markup('media:description', 'plain'),
      markup('itunes:summary', 'plain'),
    ]),
    author: text('dc:creator', 'author', 'itunes:author'),
    dates: present([
      text('pubdate'),
      text('published', 'issued', 'created'),
      text('dc:date'),
      text('updated', 'modified'),
    ]),
    lang,
    replies: Number.isFinite(replies) ? replies : undefined,
    base,
  };
}
