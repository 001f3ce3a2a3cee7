import { cleanLine, cleanText } from './clean.ts';

const titleLength = 120;

/** What an Atom entry says of a signal. */
export interface AtomSignal {
  readonly id: number;
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
  readonly source: string;
  readonly url: string | null;
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly urgency: number | null;
  readonly tags: readonly string[];
  /** Milliseconds, UTC. */
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

/** The beginning of a feed (RFC 4287), up to its entries. */
export function atomHead(topic: string, updatedAt: number): string {
  return lines([
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    '<id>urn:signal-harvester:feed</id>',
    `<title>${escapeXml(topic === '' ? 'Signals' : `Signals: ${cleanLine(topic)}`)}</title>`,
    `<updated>${new Date(updatedAt).toISOString()}</updated>`,
    '<generator>Signal Harvester</generator>',
  ]);
}

export const atomTail = '</feed>\n';

export function atomEntry(signal: AtomSignal): string {
  const heading = cleanLine(signal.title ?? signal.text);
  const title =
    heading.length > titleLength ? `${heading.slice(0, titleLength - 1).toWellFormed()}…` : heading;
  const { category, sentiment, urgency } = signal;
  const facts = [category, sentiment, urgency === null ? null : `urgency ${urgency}`].filter(
    (fact) => fact !== null,
  );
  return lines([
    '<entry>',
    `<id>urn:signal-harvester:signal:${signal.id}</id>`,
    `<title>${escapeXml(title)}</title>`,
    `<published>${new Date(signal.createdAt).toISOString()}</published>`,
    `<updated>${new Date(signal.lastSeenAt).toISOString()}</updated>`,
    `<author><name>${escapeXml(cleanLine(signal.author ?? signal.source))}</name></author>`,
    ...(signal.url === null ? [] : [`<link rel="alternate" href="${escapeXml(signal.url)}"/>`]),
    ...[...(category === null ? [] : [category]), ...signal.tags].map(
      (term) => `<category term="${escapeXml(cleanLine(term))}"/>`,
    ),
    `<summary type="text">${escapeXml(cleanLine(facts.join(', ')))}</summary>`,
    `<content type="text">${escapeXml(cleanText(signal.text))}</content>`,
    '</entry>',
  ]);
}

function lines(parts: readonly string[]): string {
  return parts.map((part) => `${part}\n`).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Cleaned text has no control characters, which XML 1.0 could not carry. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
