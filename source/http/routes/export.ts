import { Readable } from 'node:stream';
import { z } from 'zod';
import { openExport } from '../../harvester/export-file.ts';
import { exportFormats, exportWriters } from '../../harvester/export-formats.ts';
import { about, answers, plainText } from '../operation.ts';
import { Problem } from '../problem.ts';
import { filterShape, orderField, queryOf } from '../query.ts';
import type { Server, ServerParts } from '../server-parts.ts';

/** Each of them reads the store as fast as its client takes it. */
const mostAtOnce = 2;

const documents = z
  .array(z.record(z.string(), z.unknown()))
  .describe('Signals with all that is said of them');

const contents = Object.fromEntries(
  exportFormats.map((format) => [
    mediaTypeOf(format).split(';')[0],
    { schema: format === 'json' ? documents : plainText },
  ]),
);

/** Whole signals as a file, made while it is sent. */
export function exportRoutes(app: Server, parts: ServerParts): void {
  const { harvester, topic, now, draining } = parts;
  const open = new Set<AbortController>();
  app.get(
    '/v1/export',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'exportSignals',
          tag: 'signals',
          summary: 'Signals that match filters, whole, as a file',
          description:
            'The same files as `signal-harvester export` writes (docs/export.md): `json`, `ndjson`, `csv` and `parquet` carry whole signals and can be imported again; `xlsx`, `atom` and `md` are to be read. Sent as it is made, so it has no length; one that breaks off has failed.',
          scope: 'read',
        }),
        querystring: z.strictObject({
          ...filterShape,
          order: orderField,
          format: z.enum(exportFormats).default('ndjson').describe('Format of the file'),
          limit: z.coerce
            .number()
            .int()
            .min(1)
            .max(10_000_000)
            .describe('How many at most, all if not given')
            .optional(),
        }),
        response: {
          ...answers({}),
          200: { description: 'The file', content: contents },
        } as Record<string, unknown>,
      },
    },
    async (request, reply) => {
      const { format, limit = Number.POSITIVE_INFINITY } = request.query;
      const query = await queryOf(request.query, parts);
      // A search that cannot be read is told before anything is sent; some formats begin before they read.
      await harvester.signals.page({ ...query, limit: 1 });
      if (draining() || open.size >= mostAtOnce) throw tooManyExports();
      const controller = new AbortController();
      open.add(controller);
      // Also when the server ends: what is on its way is finished, or cut with its connection when time is up.
      reply.raw.once('close', () => {
        open.delete(controller);
        controller.abort(new Error('the client is gone'));
      });
      const { signal } = controller;
      const described = { at: now(), topic: query.search ?? topic };
      const { chunks } = openExport({ harvester, query, limit, signal, about: described }, format);
      const pieces = chunks[Symbol.asyncIterator]();
      const first = await pieces.next();
      const whole = async function* () {
        for (let next = first; !next.done; next = await pieces.next()) {
          if (next.value.length > 0) yield Buffer.from(next.value);
        }
      };
      reply.header('Content-Type', mediaTypeOf(format));
      reply.header('Content-Disposition', `attachment; filename="signals.${format}"`);
      reply.header('Cache-Control', 'no-store');
      return reply.send(Readable.from(whole()));
    },
  );
}

function mediaTypeOf(format: (typeof exportFormats)[number]): string {
  return exportWriters[format].mediaType;
}

function tooManyExports(): Problem {
  return new Problem(503, 'too-many-exports', 'Other exports are being sent.', {
    fix: 'Wait for one of them to end.',
    headers: { 'Retry-After': '30' },
  });
}
