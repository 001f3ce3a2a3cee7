import { createHash } from 'node:crypto';

/** A feed as its server has it. */
export interface MadeFeed {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly etag: string;
  /** HTTP date. */
  readonly lastModified: string;
  readonly items: number;
}

/** The newest item of any feed; the same in every run, so that the bytes are. */
const newestAt = Date.UTC(2026, 10, 22, 12);
const formats = ['rss', 'rss', 'rss', 'rss', 'rss', 'rss', 'atom', 'atom', 'atom', 'rdf'] as const;
type Format = (typeof formats)[number];

interface Item {
  readonly id: string;
  readonly link: string;
  readonly title: string;
  readonly author: string;
  readonly at: Date;
  /** HTML. */
  readonly html: string;
}

/**
 * The feed with this number, the same bytes for the same number: six of ten
 * RSS 2.0, three Atom, one RDF (what newsboat reads too: it has no JSON Feed);
 * 10 to 30 items, of some lines in a third of the feeds and of some
 * paragraphs in the others, as feeds in the wild are: 5 to 100 KB.
 */
export function makeFeed(number: number): MadeFeed {
  const random = randomOf(number);
  const format = formats[number % formats.length] ?? 'rss';
  const items = makeItems(number, random);
  const body = Buffer.from(writers[format](`Notes of site ${number}`, siteOf(number), items));
  const etag = `"${createHash('sha1').update(body).digest('hex').slice(0, 20)}"`;
  const lastModified = (items[0]?.at ?? new Date(newestAt)).toUTCString();
  const contentType = format === 'atom' ? 'application/atom+xml' : 'application/rss+xml';
  return { path: `/${format}.xml`, contentType, body, etag, lastModified, items: items.length };
}

const siteOf = (number: number) => `https://site-${number}.example`;

function makeItems(number: number, random: (below: number) => number): readonly Item[] {
  const brief = random(3) === 0;
  let at = newestAt - random(86_400_000);
  return Array.from({ length: 10 + random(21) }, (_, index) => {
    at -= 60_000 + random(3 * 86_400_000);
    const link = `${siteOf(number)}/${2026 - index}/${random(100_000)}`;
    const paragraphs = Array.from({ length: brief ? 1 : 2 + random(6) }, () =>
      sentence(random, 25 + random(60)),
    );
    const html = brief
      ? `<p>${paragraphs[0]}</p>`
      : paragraphs
          .map(
            (text) =>
              `<p>${text} <a href="${link}#${random(99)}">${word(random)}</a> <em>${word(random)}</em>.</p>`,
          )
          .join('\n');
    return {
      id: `${link}?id=${index}`,
      link,
      title: sentence(random, 4 + random(8)),
      author: `author-${random(3000)}`,
      at: new Date(at),
      html,
    };
  });
}

const writers: Readonly<Record<Format, (title: string, site: string, items: readonly Item[]) => string>> = {
  rss: (title, site, items) => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>${title}</title><link>${site}</link><description>${title}</description><language>en</language>
${items
  .map(
    ({ id, link, title: heading, author, at, html }) =>
      `<item><title>${heading}</title><link>${link}</link><guid isPermaLink="false">${id}</guid><dc:creator>${author}</dc:creator><pubDate>${at.toUTCString()}</pubDate><content:encoded><![CDATA[${html}]]></content:encoded></item>`,
  )
  .join('\n')}
</channel></rss>`,
  atom: (title, site, items) => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>${title}</title><id>${site}/</id><link href="${site}"/><updated>${items[0]?.at.toISOString()}</updated>
${items
  .map(
    ({ id, link, title: heading, author, at, html }) =>
      `<entry><title>${heading}</title><id>${id}</id><link href="${link}"/><author><name>${author}</name></author><published>${at.toISOString()}</published><updated>${at.toISOString()}</updated><content type="html">${escapeXml(html)}</content></entry>`,
  )
  .join('\n')}
</feed>`,
  rdf: (title, site, items) => `<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="${site}"><title>${title}</title><link>${site}</link><description>${title}</description><items><rdf:Seq>${items.map(({ link }) => `<rdf:li rdf:resource="${link}"/>`).join('')}</rdf:Seq></items></channel>
${items
  .map(
    ({ link, title: heading, author, at, html }) =>
      `<item rdf:about="${link}"><title>${heading}</title><link>${link}</link><dc:creator>${author}</dc:creator><dc:date>${at.toISOString()}</dc:date><description>${escapeXml(html)}</description></item>`,
  )
  .join('\n')}
</rdf:RDF>`,
};

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function sentence(random: (below: number) => number, words: number): string {
  return Array.from({ length: words }, () => word(random)).join(' ');
}

const syllables = ['ka', 'lo', 'mi', 'ter', 'sun', 've', 'rad', 'pol', 'ni', 'gas', 'ho', 'quin'];

/** Few words are in most posts, most words in few. */
function word(random: (below: number) => number): string {
  let rank = Math.floor(40_000 ** (random(1_000_000) / 1_000_000)) + 11;
  let made = '';
  for (; rank > 0; rank = Math.floor(rank / 12)) made += syllables[rank % 12];
  return made;
}

function randomOf(number: number): (below: number) => number {
  let seed = (number + 1) * 2_654_435_761;
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}
