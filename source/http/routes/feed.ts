import { z } from 'zod';
import { atomEntry, atomHead, atomTail } from '../../domain/atom.ts';
import type { SignalRow } from '../../domain/signal.ts';
import { about, answers, empty, plainText } from '../operation.ts';
import { filterShape, orderField, pageLimit, queryOf } from '../query.ts';
import type { Server, ServerParts } from '../server-parts.ts';

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
  const updatedAt = Math.max(0, ...rows.map(({ lastSeenAt }) => lastSeenAt)) || now;
  return [atomHead(topic, updatedAt), ...rows.map(atomEntry), atomTail].join('');
}
