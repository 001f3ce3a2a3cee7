import { z } from 'zod';
import { cleanLine, cleanText } from '../../domain/clean.ts';
import type { SignalRow } from '../../domain/signal.ts';
import { about, answers, empty, plainText } from '../operation.ts';
import { filterShape, orderField, pageLimit, queryOf } from '../query.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const titleLength = 120;

/** Signals as an Atom feed (RFC 4287), for feed readers. */
export function feedRoutes(app: Server, parts: ServerParts): void {
  const { harvester, topic, tagged, now } = parts;
  app.get(
    '/v1/feed.atom',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'readFeed',
          tag: 'signals',
          summary: 'Signals that match filters, as an Atom feed',
          description: 'A feed reader sends the key as the password of Basic.',
          scope: 'read',
        }),
        querystring: z.strictObject({ ...filterShape, order: orderField, limit: pageLimit }),
        response: answers({
          200: ['The feed', plainText, 'application/atom+xml'],
          304: ['Not changed since the ETag that was sent', empty],
        }),
      },
    },
    async (request, reply) => {
      const { limit, order = 'newest' } = request.query;
      const query = await queryOf(request.query, parts);
      return tagged.send(request, reply, async () => {
        const { rows } = await harvester.signals.page({ ...query, order, limit });
        return { text: writeFeed(rows, topic, now()), type: 'application/atom+xml; charset=utf-8' };
      });
    },
  );
}

function writeFeed(rows: readonly SignalRow[], topic: string, now: number): string {
  const updated = Math.max(0, ...rows.map(({ lastSeenAt }) => lastSeenAt)) || now;
  const title = topic === '' ? 'Signals' : `Signals: ${topic}`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    '<id>urn:signal-harvester:feed</id>',
    `<title>${escapeXml(title)}</title>`,
    `<updated>${new Date(updated).toISOString()}</updated>`,
    '<generator>Signal Harvester</generator>',
    ...rows.map(writeEntry),
    '</feed>',
    '',
  ].join('\n');
}

function writeEntry(row: SignalRow): string {
  const heading = cleanLine(row.title ?? row.text);
  const title =
    heading.length > titleLength ? `${heading.slice(0, titleLength - 1).toWellFormed()}…` : heading;
  const facts = [row.category, row.sentiment, row.urgency === null ? null : `urgency ${row.urgency}`].filter(
    (fact) => fact !== null,
  );
  return [
    '<entry>',
    `<id>urn:signal-harvester:signal:${row.id}</id>`,
    `<title>${escapeXml(title)}</title>`,
    `<published>${new Date(row.createdAt).toISOString()}</published>`,
    `<updated>${new Date(row.lastSeenAt).toISOString()}</updated>`,
    `<author><name>${escapeXml(cleanLine(row.author ?? row.source))}</name></author>`,
    ...(row.url === null ? [] : [`<link rel="alternate" href="${escapeXml(row.url)}"/>`]),
    ...[...(row.category === null ? [] : [row.category]), ...row.tags].map(
      (term) => `<category term="${escapeXml(cleanLine(term))}"/>`,
    ),
    `<summary type="text">${escapeXml(facts.join(', '))}</summary>`,
    `<content type="text">${escapeXml(cleanText(row.text))}</content>`,
    '</entry>',
  ].join('\n');
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
