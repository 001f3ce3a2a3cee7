import { z } from 'zod';
import { type ReportFormat, renderReport, reportFormats } from '../../report/render.ts';
import { about, answers, plainText } from '../operation.ts';
import { momentOf, queryOf, spanShape } from '../query.ts';
import { reportSchema } from '../report-schema.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const types: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
};

/** Reports: the same that the command writes. */
export function reportRoutes(app: Server, { harvester, now, scrub }: ServerParts): void {
  app.get(
    '/v1/report',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'readReport',
          tag: 'signals',
          summary: 'A report of a span of time, for a team: JSON, HTML or Markdown',
          description: 'docs/reports.md says what each number means.',
          scope: 'read',
        }),
        querystring: z.strictObject({
          ...spanShape,
          format: z
            .enum(reportFormats)
            .describe('What the header Accept asks for if not given, or else JSON')
            .optional(),
        }),
        response: {
          ...answers({}),
          200: {
            description: 'The report',
            content: {
              'application/json': { schema: reportSchema },
              'text/html': { schema: plainText },
              'text/markdown': { schema: plainText },
            },
          },
        } as Record<string, unknown>,
      },
    },
    async (request, reply) => {
      const { since, until, search, view, timeZone, format } = request.query;
      if (view !== undefined)
        await queryOf({ view, ...(search === undefined ? {} : { search }) }, { harvester, now });
      const made = await harvester.report.make({
        since: momentOf(since, now()),
        until: until === undefined ? now() : momentOf(until, now()),
        ...(search === undefined ? {} : { search }),
        ...(view === undefined ? {} : { view }),
        ...(timeZone === undefined ? {} : { timeZone }),
      });
      // What a source said of its failure may repeat a secret.
      const report = { ...made, method: { ...made.method, failing: made.method.failing.map(scrub) } };
      const chosen = format ?? formatFor(request.headers.accept);
      reply.header('Cache-Control', 'private, no-cache').header('Vary', 'Accept').type(types[chosen]);
      if (chosen === 'json') return report;
      reply.serializer((text) => text as string);
      if (chosen === 'html') {
        const { contentPolicy } = await import('../../report/html.ts');
        reply.header('Content-Security-Policy', `${contentPolicy}; frame-ancestors 'none'`);
      }
      return reply.send(await renderReport(report, chosen));
    },
  );
}

/** The first of the types that a client names that there is; what it likes better is not weighed. */
function formatFor(accept = ''): ReportFormat {
  for (const named of accept.split(',')) {
    const type = named.split(';')[0]?.trim().toLowerCase();
    if (type === 'application/json') return 'json';
    if (type === 'text/html') return 'html';
    if (type === 'text/markdown') return 'md';
  }
  return 'json';
}
